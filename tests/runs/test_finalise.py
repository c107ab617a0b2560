"""`finalise`: the front again, with several seeds, on the test split."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from search import Budget, Run, RunError
from search.deploy.integer.rounding import PROFILE
from search.errors import SettingsError, TrainingError
from search.runs.tasks import Tasks
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import SETTINGS as RECORDED
from tests.support.recorded_run import recorded_run
from tests.support.running import PATIENCE_S, SHORT, alive, wait_for, workers_of


class Pretending(Run):
    """A run whose workers only pretend to train again."""

    how = "finalise_trial"

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), finalise_path=f"tests.support.synthetic_tasks:{self.how}")


class Failing(Pretending):
    how = "finalise_to_failure"


class FailingOnce(Pretending):
    how = "finalise_after_a_failure"


class Stopped(Pretending):
    how = "finalise_until_stopped"


@pytest.mark.long
@pytest.mark.tf
def test_the_front_is_trained_again_and_nothing_twice(tmp_path: Path) -> None:
    run = Run.create(replace(SHORT, trials=1), tmp_path / "run")
    run.start()
    with pytest.raises(RunError, match="active"):
        run.finalise(seeds=1)
    run.wait()
    told: list[tuple[int, int]] = []
    finals = run.finalise(seeds=2, tell=lambda done, total: told.append((done, total)))
    front = run.front()
    assert {f.observation.trial_id for f in finals} == {o.trial_id for o in front}
    assert told[0] == (0, 2 * len(front))
    assert told[-1] == (2 * len(front), 2 * len(front))
    assert [f.mean("int8_val_error") for f in finals] == sorted(f.mean("int8_val_error") for f in finals)
    for final in finals:
        figures = final.metrics()
        assert 0 <= figures["test_error"] <= 1
        assert figures["test_error_std"] >= 0
        assert figures["seeds"] == 2
        assert figures["arithmetic"] == PROFILE
        assert abs(figures["litert_val_error"] - figures["int8_val_error"]) < 0.05
        assert figures["val_error"] == final.observation.val_error

    journal = (tmp_path / "run" / "journal.jsonl").read_text(encoding="utf-8")
    again = Run.open(tmp_path / "run").finalise(seeds=2, tell=lambda done, total: told.append((done, total)))
    assert [f.metrics() for f in again] == [f.metrics() for f in finals]
    assert told[-1] == (2 * len(front), 2 * len(front))
    assert (tmp_path / "run" / "journal.jsonl").read_text(encoding="utf-8") == journal
    records = [json.loads(line) for line in journal.splitlines()]
    assert len({(r["id"], r["seed"]) for r in records if r["record"] == "final"}) == 2 * len(front)


def test_whatever_seeds_are_there_count(tmp_path: Path) -> None:
    run = finalised_run(tmp_path / "run", seeds=(0, 2))
    finals = run.finals()
    assert {f.trial_id for f in finals} == {o.trial_id for o in run.front()}
    assert {f.seeds for f in finals} == {f.metrics()["seeds"] for f in finals} == {2}
    for final in finals:
        error = final.observation.val_error
        assert final.errors["val_error"] == pytest.approx((error, 1.2 * error), abs=1e-6)
    again = Pretending.open(run.folder).finalise(seeds=3)
    assert {f.seeds for f in again} == {3}


def test_no_seed_is_refused(tmp_path: Path) -> None:
    run = Run.create(SHORT, tmp_path / "run")
    with pytest.raises(SettingsError, match="seeds"):
        run.finalise(seeds=0)
    assert run.finalise(seeds=1) == ()


def test_in_the_background_it_tells_of_each_training_and_the_second_call_is_the_first(tmp_path: Path) -> None:
    run = Pretending.open(recorded_run(tmp_path / "run").folder)
    heard: list[tuple[int, int]] = []
    run.subscribe(lambda event: heard.append((event.payload.done, event.payload.total)))
    going = run.begin_finalise(seeds=2)
    assert run.begin_finalise(seeds=5) is going or not going.running
    finals = going.result(PATIENCE_S)
    total = 2 * len(run.front())
    assert heard[:1] + heard[-1:] == [(0, total), (total, total)]
    assert sorted({done for done, _ in heard}) == list(range(total + 1))
    assert (going.state, going.error) == ("finished", "")
    assert [f.metrics() for f in run.finals()] == [f.metrics() for f in finals]
    assert all(f.seeds == 2 and f.std("int8_test_error") > 0 for f in finals)
    for final in finals:
        figures = final.metrics()
        assert figures["arithmetic"] == PROFILE
        assert figures["litert_val_error"] == pytest.approx(final.mean("int8_val_error") + 0.001)
        assert figures["litert_test_error"] == pytest.approx(final.mean("int8_test_error") + 0.001)
    assert run.begin_finalise(seeds=2).result(PATIENCE_S) == finals


def test_it_is_stopped_at_once_keeps_what_it_has_and_goes_on_from_there(tmp_path: Path) -> None:
    folder = recorded_run(tmp_path / "run").folder
    run = Stopped.open(folder)
    going = run.begin_finalise(seeds=3)
    wait_for((folder / "second").exists, "the second training")
    wait_for(lambda: going.done == 1, "the end of the first training")
    workers = workers_of(psutil.Process())
    assert workers
    with pytest.raises(RunError, match="being finalised"):
        run.start()
    with pytest.raises(RunError, match="being finalised"):
        run.change_budget(Budget())
    began = time.monotonic()
    going.stop()
    going.stop()
    with pytest.raises(RunError, match="stopped"):
        going.result(PATIENCE_S)
    wait_for(lambda: not alive(workers), "the end of the workers")
    print(f"stopped after {time.monotonic() - began:.2f} s")
    assert (going.state, going.done) == ("stopped", 1)
    assert [f.seeds for f in Run.open(folder).finals()] == [1]
    assert len(Pretending.open(folder).finalise(seeds=3)) == len(run.front())


def test_a_stop_before_the_workers_are_up_counts_too(tmp_path: Path) -> None:
    run = Stopped.open(recorded_run(tmp_path / "run").folder)
    going = run.begin_finalise()
    going.stop()
    with pytest.raises(RunError, match="stopped"):
        going.result(PATIENCE_S)
    assert going.state == "stopped"
    wait_for(lambda: not [t for t in threading.enumerate() if t.name == "unas-finalise"], "the end of its thread")


def test_what_ended_beside_a_training_that_failed_is_kept(tmp_path: Path) -> None:
    settings = replace(RECORDED, executor="tests.support.serial_executor:SerialExecutor")
    run = FailingOnce.open(recorded_run(tmp_path / "run", settings=settings).folder, trust=True)
    with pytest.raises(TrainingError, match="ValueError: made to fail"):
        run.finalise(seeds=3)
    kept = [f.seeds for f in run.finals()]
    assert sum(kept) == 3 * len(run.front()) - 1


def test_a_failed_training_is_told_in_words_and_the_run_is_free_again(tmp_path: Path) -> None:
    run = Failing.open(recorded_run(tmp_path / "run").folder)
    going = run.begin_finalise(seeds=1)
    with pytest.raises(TrainingError, match="ValueError: made to fail"):
        going.result(PATIENCE_S)
    assert (going.state, going.error) == ("failed", "ValueError: made to fail")
    assert run.finals() == ()
    run.change_budget(Budget.parse(ram="4 KiB"))
    assert len(Pretending.open(run.folder).finalise(seeds=1)) == len(Run.open(run.folder).front())
