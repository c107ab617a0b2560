"""Journals with a fault: a run, or one sentence; never an error of Python's, and never figures that cannot be."""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data import DataError, recorded_run
from resource_models import Costs, ResourceModelError
from search import Observation, Replay, Run, RunSettings, Trial
from search.__main__ import main
from search.errors import JournalError, SearchError
from search.journal import FILE_NAME, Journal
from search.journal import file as journal
from search.journal.history import History, observation_record, trial_record
from search.recipe import Pruning, Recipe
from search.spaces import space
from tests.support.finalised_run import finalised_run
from tests.support.mutated_journals import mutated
from tests.support.recorded_run import SETTINGS, begun_from
from tests.support.recorded_run import recorded_run as recorded

EXPECTED = (SearchError, DataError, ResourceModelError)
FEW, MANY = 150, 6000
SPACE = space("cnn", (8, 8, 1), 10)
COSTS = Costs(ram_bytes=1000, model_bytes=2000, macs=3000)


def pruned_run(folder: Path) -> Run:
    """Pruned networks, two of them promoted, one infeasible, with another budget in between."""
    recipe = replace(Recipe(), pruning=Pruning())
    run = Run.create(replace(SETTINGS, recipe=recipe), folder)
    architecture = SPACE.smallest()[0]
    with Journal.reopen(run.folder / FILE_NAME) as writer:
        for number in range(4):
            trial = Trial(number, architecture, 2, genes={"sparsity": 0.3}, keep=True)
            if number >= 2:
                trial = replace(trial, epochs=6, promotes=number - 2)
            writer.append(trial_record("trial", trial, COSTS, SPACE))
            errors = (0.5, 0.4, 0.3, 0.3, 0.2, 0.1)[: trial.epochs]
            seen = Observation(
                trial,
                "trained",
                COSTS,
                errors[-1],
                len(errors),
                1.0,
                errors,
                losses=errors,
                channels={"conv": 3},
                zeros=1,
            )
            writer.append(observation_record(seen, elapsed_s=1.0 + number, cpu_seconds=1.0 + number))
        writer.append({"record": "budget", "budget": {**run.settings.budget.to_json(), "ram_bytes": 9000}})
        refused = Trial(4, architecture, 2, genes={"sparsity": 0.3})
        writer.append(trial_record("infeasible", refused, COSTS, SPACE))
        final = {"val_error": 0.1, "test_error": 0.1, "int8_val_error": 0.1, "int8_test_error": 0.2, "seconds": 1.0}
        writer.append({"record": "final", "id": 1, "seed": 0, **final})
        writer.append({"record": "session", "event": "finished", "exhausted": True, "elapsed_s": 9, "cpu_seconds": 9})
    return Run.open(folder)


SOURCES: dict[str, Callable[[Path], Path]] = {
    "digits": lambda _folder: recorded_run("digits"),
    "earlier": lambda _folder: Path(__file__).parents[3] / "support" / "runs_of_earlier_versions" / "promoted",
    "begun": lambda folder: begun_from(recorded(folder.with_name("first")), folder).folder,
    "finalised": lambda folder: finalised_run(folder).folder,
    "pruned": lambda folder: pruned_run(folder).folder,
}


@pytest.fixture(scope="module", params=SOURCES)
def content(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = SOURCES[request.param](tmp_path_factory.mktemp("source") / "run")
    return (folder / FILE_NAME).read_bytes()


def opens(kind: type[Run], folder: Path) -> Run | None:
    """The run, if it is one; an error that is no sentence fails the test."""
    try:
        return kind.open(folder)
    except EXPECTED as error:
        sentence = str(error)
    assert "\n" not in sentence
    assert 10 < len(sentence) < 1000, sentence
    return None


def figures_of(run: Run) -> Iterator[float]:
    progress = run.progress()
    assert progress.trained >= 0
    assert progress.failed >= 0
    assert progress.trained + progress.failed == len(run.networks())
    yield from (progress.elapsed_s, progress.cpu_seconds, progress.epochs, progress.infeasible, progress.promotions)
    for observation in run.observations():
        yield from (observation.seconds, *observation.history, *observation.losses)
        yield from () if observation.val_error is None else (observation.val_error,)
    for final in run.finals():
        yield from (error for errors in final.errors.values() for error in errors)


def look(content: bytes, folder: Path) -> bool:
    """Look at a journal in every way that opens it; whether it was one."""
    (folder / FILE_NAME).write_bytes(content)
    run = opens(Run, folder)
    replay = opens(Replay, folder)
    assert (run is None) == (replay is None)
    assert (folder / FILE_NAME).read_bytes() == content
    if run is None or replay is None:
        return False
    assert all(math.isfinite(figure) for figure in figures_of(run))
    run.front()
    run.trials()
    replay.seek(len(replay))
    assert replay.networks() == run.networks()
    assert replay.settings.budget == run.settings.budget
    return True


def fuzz(content: bytes, folder: Path, seeds: range) -> int:
    opened = 0
    for seed in seeds:
        try:
            opened += look(mutated(content, seed), folder)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    return opened


@pytest.mark.long
def test_a_fault_gives_a_run_or_one_sentence(content: bytes, tmp_path: Path) -> None:
    assert look(content, tmp_path)
    opened = fuzz(content, tmp_path, range(FEW))
    assert 0.1 * FEW < opened < 0.8 * FEW  # both happen


@pytest.mark.slow
def test_a_fault_gives_a_run_or_one_sentence_however_often(content: bytes, tmp_path: Path) -> None:
    fuzz(content, tmp_path, range(FEW, MANY))


@pytest.mark.parametrize("command", [["front"], ["trials"], ["export"]])
@pytest.mark.parametrize("seed", range(6))
def test_commands_tell_it_in_one_sentence(
    command: list[str], seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (recorded_run("digits") / FILE_NAME).read_bytes()
    damaged = (c for n in range(seed, 10**6, 6) if opens_not(c := mutated(content, n), tmp_path))
    (tmp_path / FILE_NAME).write_bytes(next(damaged))
    assert main([*command, str(tmp_path), *(["0"] if command == ["export"] else [])]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


def opens_not(content: bytes, folder: Path) -> bool:
    (folder / FILE_NAME).write_bytes(content)
    return opens(Run, folder) is None


def changed(folder: Path, change: Callable[[list[dict]], object]) -> Path:
    """The recorded run with changed records, the header among them."""
    records = list(map(json.loads, (recorded_run("digits") / FILE_NAME).read_text().splitlines()))
    change(records)
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r[3].update(id=77), r"Line 4 .*trial 77 was never handed out"),
        (lambda r: r.insert(4, r[3]), r"Line 5 .*trial 0 is over already"),
        (lambda r: r.insert(3, r[2]), r"Line 4 .*trial 0 comes after trial 0, or twice"),
        (lambda r: r.extend(r[1:]), r"Line \d+ .*trial 0 comes after trial"),
        (lambda r: r.extend(list(r)), r"Line \d+ .*knows no such kind of record"),
        (lambda r: r[8].update(promotes=1), r"Line 9 .*trial 3 cannot go on with trial 1: trial 1 has another arch"),
        (lambda r: r[8].update(promotes=50), r"Line 9 .*trial 50 is not a trained trial"),
        (lambda r: r[3].update(val_error=-3), r"Line 4 .*val_error: expected float >= 0.0"),
        (lambda r: r[3].update(val_error=None), r"Line 4 .*a trained network has a val_error"),
        (lambda r: r[3].update(history=[0.1, 7.5]), r"Line 4 .*history\[1\]: expected float <= 1.0"),
        (lambda r: r[3].update(elapsed_s=math.inf), r"Line 4 .*is not a JSON record"),
        (lambda r: r[2]["costs"].update(ram_bytes=-1), r"Line 3 .*costs: none can be below zero"),
        (lambda r: r[2]["architecture"].update(blocks=3), r"Line 3 .*architecture: .*'blocks' .* cannot be 3"),
        (lambda r: r[3].update(record="verdict"), r"Line 4 .*knows no such kind of record"),
        (lambda r: r[-2].update(id=10**6), r"there is no trained network 1000000"),
        (
            lambda r: r[0]["settings"].update(epochs="many"),
            r"Line 1 .*the settings cannot be read: epochs: expected int",
        ),
        (lambda r: r[0]["settings"].update(shoes=2), r"Line 1 .*knows no 'shoes' in it; update"),
        (lambda r: r[0]["settings"]["recipe"].update(dropout="x"), r"Line 1 .*the recipe cannot be read: dropout"),
        (lambda r: r[0]["settings"]["budget"].update(ram_bytes=-1), r"Line 1 .*the budget.*ram_bytes cannot be -1"),
        (lambda r: r[0].update(settings=None), r"Line 1 .*not made of names and values"),
        (lambda r: r[0].pop("settings"), r"Line 1 .*missing required field dataset"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(change: Callable, said: str, tmp_path: Path) -> None:
    for kind in (Run, Replay):
        with pytest.raises(JournalError, match=said):
            kind.open(changed(tmp_path / "run", change))


def test_a_field_of_a_newer_version_is_passed_over(tmp_path: Path) -> None:
    before = Run.open(recorded_run("digits"))
    run = Run.open(changed(tmp_path / "run", lambda r: [x.update(mood="good") for x in r]))
    assert run.observations() == before.observations()


def test_names_of_code_are_text(tmp_path: Path) -> None:
    """Where a run names an algorithm of its user's, it is looked at without it."""
    run = Run.open(changed(tmp_path / "run", lambda r: r[0]["settings"].update(algorithm="no_such.module:Search")))
    assert len(run.networks()) == 60


def test_half_characters_of_earlier_versions_are_read(tmp_path: Path) -> None:
    run = Run.open(changed(tmp_path / "run", lambda r: r[3].update(message="cannot read \udcff.npz")))
    assert run.observations()[0].message == "cannot read ?.npz"


def test_what_is_refused_leaves_no_part_behind(tmp_path: Path) -> None:
    history = History(SPACE)
    with pytest.raises(JournalError):
        history.apply({"record": "observation", "id": 0})
    assert (history.observations, history.pending, history.epochs) == ([], {}, 0)


def test_settings_that_could_not_be_read_again_are_not_written(tmp_path: Path) -> None:
    for wrong, said in (
        (replace(SETTINGS, budget=replace(SETTINGS.budget, ram_bytes=-5)), "ram_bytes cannot be -5"),
        (RunSettings(dataset="digits", recipe=Recipe(learning_rate=math.nan)), "cannot be written down"),
        (RunSettings(dataset="digits", algorithm="random", seed=1.5), "seed: expected int, got float"),
    ):
        with pytest.raises(SearchError, match=re.escape(said)):
            Run.create(wrong, tmp_path / "run")
    assert not journal.begun(tmp_path / "run" / FILE_NAME)
