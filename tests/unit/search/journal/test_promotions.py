"""A network and its promotions: numbers, figures, epochs, and what a journal makes of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resource_models import Costs
from search import Observation, Run, Trial
from search.errors import JournalError
from search.journal import FILE_NAME, Journal
from search.journal.history import History, observation_record, trial_record
from search.journal.promotions import Networks
from search.spaces import space
from tests.support.recorded_run import SETTINGS

SPACE = space("cnn", (8, 8, 1), 10)
NET, OTHER = SPACE.smallest()[0], SPACE.sample(np.random.default_rng(0))
COSTS = Costs(ram_bytes=1000, model_bytes=2000, macs=3000)
FIRST = Trial(0, NET, 2, keep=True)
SECOND = FIRST.promoted(1, epochs=6, keep=True)
THIRD = SECOND.promoted(3, epochs=12)
ELSEWHERE = Trial(2, OTHER, 2, parent=1)


def over(trial: Trial, *errors: float, spent: int) -> Observation:
    return Observation(
        trial, "trained", COSTS, errors[-1], epochs=len(errors), seconds=1.5, history=errors, epochs_spent=spent
    )


def failed(trial: Trial) -> Observation:
    return Observation(trial, "failed", COSTS, message="ended by the system")


LIFE = (
    over(FIRST, 0.5, 0.4, spent=2),
    over(SECOND, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2, spent=4),
    over(ELSEWHERE, 0.6, 0.6, spent=2),
    over(THIRD, *[0.5, 0.4, 0.35, 0.3, 0.25, 0.2], *[0.19, 0.18, 0.17, 0.16, 0.15, 0.1], spent=6),
)


def lived(*observations: Observation) -> Networks:
    networks = Networks()
    for observation in observations:
        networks.hand_out(observation.trial)
        networks.end(observation)
    return networks


def journaled(folder: Path, *observations: Observation, pending: tuple[Trial, ...] = ()) -> Run:
    run = Run.create(replace(SETTINGS, trials=2), folder)
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        for number, observation in enumerate(observations):
            journal.append(trial_record("trial", observation.trial, COSTS, SPACE))
            journal.append(observation_record(observation, elapsed_s=2.0 * number, cpu_seconds=number))
        for trial in pending:
            journal.append(trial_record("trial", trial, COSTS, SPACE))
    return Run.open(run.folder)


def test_a_network_is_shown_once_under_its_first_number_with_its_longest_training() -> None:
    networks = lived(*LIFE)
    first, elsewhere = networks.all()
    assert (first.trial_id, first.epochs, first.val_error, len(first.history)) == (0, 12, 0.1, 12)
    assert (first.epochs_spent, first.seconds, first.trial.promotes) == (12, 4.5, None)
    assert elsewhere.trial.parent == 0  # its parent, trial 1, is a training of network 0
    assert len(networks) == networks.trained == 2
    assert networks.promotions(0) == networks.promotions() == 2
    assert [networks.root(n) for n in range(4)] == [0, 0, 2, 0]
    assert networks.shown(3) == networks.shown(0) == first
    assert networks.latest(0) == LIFE[3]
    assert networks.over(1) == LIFE[1]
    assert networks.shown(7) is None


def test_a_promotion_that_failed_changes_nothing_and_can_be_tried_again() -> None:
    networks = lived(LIFE[0], failed(SECOND))
    assert networks.all() == (LIFE[0],)
    assert networks.promotions() == 0
    assert networks.superseded() == ()
    assert not networks.objection(FIRST.promoted(4, epochs=6))


def test_what_is_no_longer_needed() -> None:
    assert lived(*LIFE).superseded() == (0, 1)
    networks = lived(LIFE[0])
    networks.hand_out(SECOND)
    assert networks.superseded() == ()  # the longer training is not over yet


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        (SECOND.promoted(9, epochs=12), "trial 1 is not a trained trial"),
        (Trial(9, NET, 6, promotes=77), "trial 77 is not a trained trial"),
        (Trial(9, NET, 6, promotes=5), "trial 5 is not a trained trial"),
        (Trial(9, OTHER, 6, promotes=2), ""),
        (Trial(9, NET, 6, promotes=2), "trial 2 has another architecture"),
        (Trial(9, OTHER, 6, promotes=2, genes={"sparsity": 0.5}), "trial 2 has other genes"),
        (Trial(9, OTHER, 2, promotes=2), "trial 2 has 2 epochs already, and it asks for 2 in all"),
        (FIRST.promoted(9, epochs=12), "trial 0 is promoted already, as trial 1"),
        (Trial(9, NET, 6), ""),
    ],
)
def test_what_cannot_be_promoted(trial: Trial, why: str) -> None:
    networks = lived(LIFE[0], LIFE[2], failed(Trial(5, NET, 2)))
    networks.hand_out(SECOND)
    assert networks.objection(trial).startswith(why)
    assert bool(networks.objection(trial)) == bool(why)


def test_a_run_counts_networks_and_the_epochs_that_were_really_trained(tmp_path: Path) -> None:
    run = journaled(tmp_path / "run", *LIFE, failed(THIRD.promoted(4, epochs=20)))
    progress = run.progress()
    assert (progress.trained, progress.failed, progress.promotions, progress.epochs) == (2, 0, 2, 14)
    assert [o.trial_id for o in run.observations()] == [0, 1, 2, 3, 4]
    assert run.observations()[:4] == LIFE
    assert [o.trial_id for o in run.networks()] == [0, 2]
    assert [(o.trial_id, o.val_error) for o in run.front()] == [(0, 0.1)]
    frame = run.trials()
    assert frame.trial.tolist() == [0, 2]
    assert frame.promotions.tolist() == [2, 0]
    assert frame.epochs.tolist() == frame.epochs_spent.tolist() == [12, 2]
    assert run.observation(3) == run.observation(0) == run.networks()[0]


def test_a_training_from_the_beginning_costs_all_of_its_epochs(tmp_path: Path) -> None:
    run = journaled(tmp_path / "run", LIFE[0], over(SECOND, 0.5, 0.4, 0.3, 0.3, 0.3, 0.2, spent=6))
    assert run.progress().epochs == run.trials().epochs_spent.sum() == 8
    assert run.trials().epochs.tolist() == [6]


def test_a_run_is_finished_only_when_promotions_are(tmp_path: Path) -> None:
    asked = journaled(tmp_path / "asked", LIFE[0], LIFE[2], pending=(replace(SECOND, id=9),))
    assert asked.state == "ready"
    quiet = journaled(tmp_path / "quiet", LIFE[0], LIFE[2])
    assert quiet.state == "ready"  # a checkpoint was kept, so the algorithm may promote yet
    with Journal.reopen(quiet.folder / FILE_NAME) as journal:
        journal.append({"record": "session", "event": "finished", "exhausted": True, "elapsed_s": 1, "cpu_seconds": 1})
    assert Run.open(quiet.folder).state == "finished"
    plain = journaled(tmp_path / "plain", *(replace(o, trial=replace(o.trial, keep=False)) for o in (LIFE[0], LIFE[2])))
    assert plain.state == "finished"


def test_a_journal_from_before_promotions_opens() -> None:
    history = History(SPACE)
    trial = trial_record("trial", replace(ELSEWHERE, parent=None), COSTS, SPACE)
    assert not {"promotes", "keep"} & trial.keys()
    end = observation_record(LIFE[2], elapsed_s=1.0, cpu_seconds=1.0)
    assert "epochs_spent" not in end
    for record in (trial, end, {"record": "session", "event": "finished", "elapsed_s": 2.0, "cpu_seconds": 2.0}):
        history.apply(record)
    assert (history.done, history.trained, history.epochs, history.validation_size) == (1, 1, 2, None)
    assert not history.may_promote


def test_a_journal_that_promotes_nothing_known_is_damaged() -> None:
    with pytest.raises(JournalError, match="trial 1 cannot go on with trial 0: trial 0 is not a trained trial"):
        History(SPACE).apply(trial_record("trial", SECOND, COSTS, SPACE))


def test_the_validation_size_is_the_workers_or_else_the_settings(tmp_path: Path) -> None:
    run = journaled(tmp_path / "run", LIFE[0])
    assert run.validation_size is None
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        session = {"record": "session", "event": "ready", "elapsed_s": 1.0, "cpu_seconds": 1.0}
        journal.append({**session, "validation_size": 359})
    assert Run.open(run.folder).validation_size == 359
    asked = Run.create(replace(SETTINGS, validation_size=50), tmp_path / "asked")
    assert asked.validation_size == 50
