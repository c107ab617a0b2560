"""`finalise` by the recipe "thorough": apart from what was trained as searched, with weights to export."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from search import Replay, Run, RunError
from search.cli.app import main
from search.errors import SettingsError
from search.recipe import TEACHER_FILE, Augmentation, Distillation
from search.recipes.named import NamedRecipe, Plan, Situation
from search.runs.finalise import finalise
from search.runs.tasks import Tasks
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import SETTINGS, recorded_run
from tests.support.running import PATIENCE_S, alive, kill, wait_for, workers_of

THOROUGH = "thorough"
SERIAL = "tests.support.serial_executor:SerialExecutor"


class Pretending(Run):
    """A run whose workers only pretend to train again."""

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), finalise_path="tests.support.synthetic_tasks:finalise_trial")


def final_records(folder: Path) -> list[dict]:
    lines = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["record"] == "final"]


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "weights").glob("*.thorough-*.npz"))


@pytest.mark.long
@pytest.mark.tf
def test_a_network_is_trained_thoroughly_and_exported_with_those_weights(tmp_path: Path) -> None:
    sizes = {"epochs": 1, "train_size": 96, "validation_size": 50}
    settings = replace(SETTINGS, executor=SERIAL, **sizes)
    run = Run.open(recorded_run(tmp_path / "run", trained=1, settings=settings).folder, trust=True)
    assert run.finalise_forecast(seeds=1, recipe=THOROUGH).seconds > 0
    (final,) = run.finalise(seeds=1, recipe=THOROUGH)
    assert (final.recipe, final.metrics()["recipe"], final.seeds) == (THOROUGH, THOROUGH, 1)
    assert run.finals() == ()
    assert [f.metrics() for f in run.finals(THOROUGH)] == [f.metrics() for f in run.finals(None)] == [final.metrics()]

    (best,) = final_records(run.folder)
    assert kept(run.folder) == [f"{final.trial_id}.thorough-0.npz"]
    again = Run.open(run.folder, trust=True)
    assert again.weights_of(final.trial_id) == ("as searched", THOROUGH)
    exported = again.export(final.trial_id, tmp_path / "model.tflite", recipe=THOROUGH).result(PATIENCE_S)
    assert exported.float_val_error == best["val_error"]
    assert exported.int8_val_error == best["int8_val_error"]
    arrays = np.load(run.folder / "weights" / kept(run.folder)[0])
    assert all(np.isfinite(arrays[name]).all() for name in arrays.files)


@pytest.mark.long
@pytest.mark.tf
def test_a_named_recipe_has_a_teacher_although_the_search_had_none(tmp_path: Path) -> None:
    def plan(situation: Situation) -> Plan:
        taught = Distillation(epochs=1)
        return Plan(replace(situation.recipe, distillation=taught, augmentation=Augmentation(shift=1)), 1)

    settings = replace(SETTINGS, executor=SERIAL, train_size=96, validation_size=50)
    run = Run.open(recorded_run(tmp_path / "run", trained=1, settings=settings).folder, trust=True)
    work, recipe = run._front_to_finalise(), NamedRecipe("taught", "with a teacher", plan)
    assert work.tasks.lacks_teacher(work.tasks.plan(recipe).recipe)
    (final,) = finalise(work.front, work.history, work.tasks, seeds=1, workers=1, recipe=recipe)
    assert (run.folder / TEACHER_FILE).exists()
    assert not work.tasks.lacks_teacher(work.tasks.plan(recipe).recipe)
    assert [f.metrics() for f in Run.open(run.folder).finals("taught")] == [final.metrics()]
    task = work.tasks.finalise(work.front[0].trial, 0, recipe)
    assert run.folder / TEACHER_FILE in task.reads  # so that it travels to workers elsewhere
    assert run.folder / TEACHER_FILE in task.writes


def test_both_recipes_stand_beside_each_other(tmp_path: Path) -> None:
    run = Pretending.open(finalised_run(tmp_path / "run", seeds=(0, 1)).folder)
    before, count = [f.metrics() for f in run.finals()], 2 * len(run.front())
    assert run.finalise_forecast(seeds=2).trainings == 0
    assert run.finalise_forecast(seeds=2, recipe=THOROUGH).trainings == count
    run.finalise(seeds=2, recipe=THOROUGH)
    assert run.finalise_forecast(seeds=2, recipe=THOROUGH).trainings == 0
    assert [f.metrics() for f in run.finals()] == before
    for opened in (Run.open(run.folder), Replay.open(run.folder)):
        if isinstance(opened, Replay):
            opened.seek(len(opened))
        assert [f.recipe for f in opened.finals(None)] == ["as searched"] * (count // 2) + [THOROUGH] * (count // 2)
        assert [f.metrics() for f in opened.finals()] == before
    # What earlier versions wrote says nothing of a recipe, and what is trained as searched still does not.
    assert {record.get("recipe", "as searched") for record in final_records(run.folder)} == {"as searched", THOROUGH}
    Pretending.open(run.folder).finalise(seeds=3)
    assert sum("recipe" in record for record in final_records(run.folder)) == count


def test_the_weights_of_the_best_seed_by_validation_stay(tmp_path: Path) -> None:
    run = Pretending.open(recorded_run(tmp_path / "run").folder)
    run.finalise(seeds=1)
    assert kept(run.folder) == []
    run.finalise(seeds=4, recipe=THOROUGH)
    assert len(kept(run.folder)) == len(run.front())
    for final in run.finals(THOROUGH):
        errors = final.errors["int8_val_error"]
        path = run.folder / "weights" / f"{final.trial_id}.thorough-{errors.index(min(errors))}.npz"
        assert path.read_text() == f"{final.errors['val_error'][errors.index(min(errors))]:.3f} after 120 epochs"
        assert run.weights_of(final.trial_id) == ("as searched", THOROUGH)
        path.unlink()
        assert run.weights_of(final.trial_id) == ("as searched",)


def test_a_killed_one_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = recorded_run(tmp_path / "run").folder
    command = [sys.executable, "-m", "tests.support.finalise_until_killed", str(folder), THOROUGH]
    process = subprocess.Popen(command, start_new_session=True, text=True)
    wait_for(lambda: len(final_records(folder)) == 1 and (folder / "second").exists(), "the second training")
    workers = workers_of(psutil.Process(process.pid))
    kill(process, group=False)
    wait_for(lambda: not alive(workers), "the end of the workers")
    (done,) = final_records(folder)
    run, told = Pretending.open(folder), []
    run.finalise(seeds=2, recipe=THOROUGH, tell=lambda done, total: told.append((done, total)))
    count = 2 * len(run.front())
    assert (told[0], told[-1]) == ((1, count), (count, count))
    records = final_records(folder)
    assert records[0] == done
    assert len({(r["id"], r["seed"]) for r in records}) == len(records) == count
    assert {r["recipe"] for r in records} == {THOROUGH}


def test_what_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    run = recorded_run(tmp_path / "run")
    trial = run.front()[0].trial_id
    with pytest.raises(SettingsError, match="no recipe 'quick'"):
        run.begin_finalise(recipe="quick")
    with pytest.raises(RunError, match=f"Trial {trial} was not trained by the recipe 'thorough'; finalise"):
        run.export(trial, tmp_path / "model.tflite", recipe=THOROUGH)
    assert run.weights_of(trial) == ("as searched",)


@pytest.mark.parametrize("command", [("finalise", "{run}"), ("export", "{run}", "{trial}")])
def test_the_commands_name_the_recipes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    run = recorded_run(tmp_path / "run")
    words = [word.format(run=run.folder, trial=run.front()[0].trial_id) for word in command]
    assert main([*words, "--recipe", "thorugh"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "--recipe: there is no recipe 'thorugh'; did you mean 'thorough'?\n"
    assert main([command[0], "--help"]) == 0
    assert "thorough" in capsys.readouterr().out or command[0] == "export"


def test_a_journal_cannot_name_a_file_by_its_recipe(tmp_path: Path) -> None:
    run = finalised_run(tmp_path / "run", seeds=(0,))
    path = run.folder / "journal.jsonl"
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**last, "recipe": "../../elsewhere"}) + "\n")
    assert main(["front", str(run.folder)]) == 2
