"""Networks made by hand, in real worker processes that pretend to train."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import Budget, Run, RunSettings, journal
from search.errors import TrainingError
from search.runs.handmade import FOLDER, OwnNetworks
from search.runs.tasks import Tasks
from search.spaces import SpaceError
from tests.support.running import PATIENCE_S

SETTINGS = RunSettings(dataset="digits", budget=Budget.parse(ram="12 KiB", flash="100 KiB"), epochs=3, trials=4)


class Pretended(OwnNetworks):
    """Networks whose workers need no framework."""

    train_path = "tests.support.synthetic_tasks:train_trial"

    def _tasks(self) -> Tasks:
        pretend = {"warm_up_path": "tests.support.synthetic_tasks:warm_up", "train_path": self.train_path}
        return replace(super()._tasks(), **pretend)


class Slow(Pretended):
    """Networks whose trainings take as long as one lets them."""

    train_path = "search.executors.chores:hold"


class Doomed(Pretended):
    """Networks that no worker can train."""

    train_path = "tests.support.synthetic_tasks:nowhere"


def networks(own: OwnNetworks, count: int) -> list:
    rng = np.random.default_rng(0)
    return [own.space.sample(rng) for _ in range(count)]


def test_they_are_trained_kept_and_found_again_beside_their_run(tmp_path: Path) -> None:
    run = Run.create(SETTINGS, tmp_path / "run")
    own = Pretended.beside(run)
    events = []
    own.subscribe(events.append)
    made = networks(own, 3)
    waiting = [own.train(architecture, epochs=epochs) for architecture, epochs in zip(made, (None, 1, 2), strict=True)]
    found = [future.result(PATIENCE_S) for future in waiting]
    own.stop()
    assert [o.epochs for o in found] == [3, 1, 2]
    assert [e.payload for e in events if e.kind == "observation"] == found
    again = Pretended.beside(Run.open(run.folder))
    assert again.folder == run.folder / FOLDER
    assert again.networks() == tuple(found)
    assert [again.architecture(n) for n in range(3)] == made
    assert again.validation_size is not None
    assert not Run.open(run.folder).observations()  # the search knows nothing of them


def test_what_fails_says_why_and_is_kept(tmp_path: Path) -> None:
    own = Doomed.at(SETTINGS, tmp_path / "own")
    with pytest.raises(TrainingError, match="nowhere"):
        own.train(networks(own, 1)[0]).result(PATIENCE_S)
    own.stop()
    assert [o.status for o in Doomed.open(own.folder).networks()] == ["failed"]


def test_whatever_goes_wrong_at_its_end_a_training_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> None:
        raise ValueError("made to fail")

    own = Pretended.at(SETTINGS, tmp_path / "own")
    monkeypatch.setattr("search.runs.handmade.outcome", fails)
    with pytest.raises(ValueError, match="made to fail"):
        own.train(networks(own, 1)[0]).result(PATIENCE_S)
    own.stop()


def test_what_is_in_training_when_it_is_stopped_has_failed(tmp_path: Path) -> None:
    own = Slow.at(SETTINGS, tmp_path / "own")
    training = [own.train(architecture) for architecture in networks(own, 2)]
    own.stop()
    for future in training:
        with pytest.raises(TrainingError, match="ended before the training was over"):
            future.result(PATIENCE_S)
    assert [o.status for o in Slow.open(own.folder).networks()] == ["failed", "failed"]


def test_one_that_was_cut_off_is_no_network_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    own = Pretended.at(SETTINGS, tmp_path / "own")
    first, second = networks(own, 2)
    own.train(first).result(PATIENCE_S)
    own.stop()
    path = own.folder / journal.FILE_NAME
    path.write_text("".join(line for line in path.open() if '"observation"' not in line))
    again = Pretended.open(own.folder)
    assert again.networks() == ()
    assert again.train(second).result(PATIENCE_S).trial_id == 1
    again.stop()


def test_strangers_and_searches_are_refused(tmp_path: Path) -> None:
    own = Pretended.at(SETTINGS, tmp_path / "own")
    with pytest.raises(SpaceError, match="not a network of the cnn space"):
        own.train("a network")
    assert own.networks() == ()
