"""Runs with a long past: a start returns before the algorithm has been told of it, says how far it is, and stops."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search import Budget, Observation, RunError, RunState
from search.algorithms.random import RandomSearch
from search.journal import FILE_NAME, Journal, reading
from search.journal import file as journal
from tests.support.pretended_run import SETTINGS, PretendedRun
from tests.support.recorded_run import recorded_run
from tests.support.running import PATIENCE_S, wait_for

GO_ON = threading.Event()
GO_ON.set()


class Slow(RandomSearch):
    """Learns nothing before it is let."""

    def tell(self, observation: Observation) -> None:
        assert GO_ON.wait(PATIENCE_S)
        super().tell(observation)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendedRun]:
    monkeypatch.setattr(reading, "TELL_EVERY", 1)
    settings = replace(SETTINGS, algorithm=f"{__name__}:Slow", options={}, trials=8)
    recorded_run(tmp_path / "run", trained=4, settings=settings)
    GO_ON.clear()
    yield PretendedRun.open(tmp_path / "run", trust=True)
    GO_ON.set()


def test_a_start_returns_before_the_past_is_told_and_says_how_far_it_is(run: PretendedRun) -> None:
    before = run.observations()
    events = len(journal.read(run.folder / FILE_NAME)[1])
    run.start()  # it would wait here
    assert run.state == RunState.STARTING
    wait_for(lambda: run.progress().phase, "the first events")
    assert run.progress().phase.endswith(f" of {events} events")
    assert run.observations() == before  # what is known is shown meanwhile
    GO_ON.set()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert run.progress().phase == ""
    assert run.observations()[: len(before)] == before
    assert len(run.observations()) == 8


def test_a_stop_does_not_wait_for_the_past(run: PretendedRun) -> None:
    before = run.observations()
    run.start()
    wait_for(lambda: run.progress().phase, "the first events")
    run.stop()
    GO_ON.set()
    assert run.wait(PATIENCE_S) == RunState.STOPPED
    assert run.error is None
    assert PretendedRun.open(run.folder).observations() == before
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED


def test_a_stop_does_not_wait_for_another_budget(run: PretendedRun) -> None:
    GO_ON.set()
    run.extend(replace(run.settings, trials=500))
    run.start()
    wait_for(lambda: len(run.observations()) > 5, "a training")
    GO_ON.clear()
    run.change_budget(Budget.parse(ram="12 KiB", flash="100 KiB"))
    run.stop()
    GO_ON.set()
    assert run.wait(PATIENCE_S) == RunState.STOPPED
    assert PretendedRun.open(run.folder).settings.budget == run.settings.budget


def test_what_is_damaged_meanwhile_fails_the_session_in_one_sentence(run: PretendedRun) -> None:
    GO_ON.set()
    with Journal.reopen(run.folder / FILE_NAME) as writer:
        writer.append({"record": "observation", "id": 10**6})
    run.start()
    with pytest.raises(RunError, match=r"Line \d+ of .* is damaged"):
        run.wait(PATIENCE_S)
    Journal.reopen(run.folder / FILE_NAME).close()
