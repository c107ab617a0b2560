"""Which trials are one network: its first training and the promotions that went on with it."""

from __future__ import annotations

from search.trial import Observation, Trial, epochs_text


class Networks:
    """The networks of a run, each under the number of its first trial, with what its longest training gave.

    A promotion is a trial of its own, with its own number, for algorithms and the journal; people see a network once.

    Attributes:
        trained: networks whose first training ended well.
    """

    def __init__(self) -> None:
        self._roots: dict[int, int] = {}
        self._promoted_as: dict[int, int] = {}
        self._over: dict[int, Observation] = {}
        self._latest: dict[int, Observation] = {}
        self._shown: dict[int, Observation] = {}
        self._promotions: dict[int, int] = {}
        self.trained = 0

    def __len__(self) -> int:
        """Networks whose first training is over, well or not."""
        return len(self._shown)

    def hand_out(self, trial: Trial) -> None:
        """Note a trial that begins to be trained."""
        if trial.promotes is None:
            self._roots[trial.id] = trial.id
        else:
            self._roots[trial.id] = self._roots[trial.promotes]
            self._promoted_as[trial.promotes] = trial.id

    def end(self, observation: Observation) -> None:
        """Note what came of a trial; a promotion that failed leaves its network as it was."""
        trial = observation.trial
        self._over[trial.id] = observation
        if trial.promotes is None:
            self._latest[trial.id] = observation
            self._shown[trial.id] = self._first(observation)
            self.trained += observation.status == "trained"
        elif observation.status == "trained":
            self._extend(self._roots[trial.id], observation)
        else:
            del self._promoted_as[trial.promotes]

    def root(self, trial_id: int) -> int:
        """The number of the network that a trial is a training of."""
        return self._roots[trial_id]

    def over(self, trial_id: int) -> Observation | None:
        """What came of a trial, as it was told; None where it is not over."""
        return self._over.get(trial_id)

    def latest(self, trial_id: int) -> Observation | None:
        """What came of the longest training of a trial's network, under that training's own number."""
        return self._latest.get(self._roots.get(trial_id, -1))

    def shown(self, trial_id: int) -> Observation | None:
        """A trial's network: its longest training under the network's number, with the seconds and epochs of all."""
        return self._shown.get(self._roots.get(trial_id, -1))

    def all(self) -> tuple[Observation, ...]:
        """Every network as `shown` gives it, trained or failed, in the order in which their first trainings ended."""
        return tuple(self._shown.values())

    def promotions(self, trial_id: int | None = None) -> int:
        """How often the training of a trial's network, or of any, was gone on with."""
        if trial_id is None:
            return sum(self._promotions.values())
        return self._promotions.get(self._roots[trial_id], 0)

    def superseded(self) -> tuple[int, ...]:
        """Trials whose checkpoints nobody needs: a longer training of their network is over."""
        return tuple(before for before, after in self._promoted_as.items() if after in self._over)

    def objection(self, trial: Trial) -> str:
        """Why a promotion cannot be; empty where it can, and for new networks."""
        number = trial.promotes
        if number is None:
            return ""
        before = self._over.get(number)
        if before is None or before.status != "trained":
            return f"trial {number} is not a trained trial of this run"
        if number in self._promoted_as:
            return f"trial {number} is promoted already, as trial {self._promoted_as[number]}"
        if trial.architecture != before.trial.architecture:
            return f"trial {number} has another architecture"
        if trial.genes and dict(trial.genes) != dict(before.trial.genes):
            return f"trial {number} has other genes"
        if trial.epochs <= before.epochs:
            done, wanted = epochs_text(before.epochs), epochs_text(trial.epochs)
            return f"trial {number} has {done} epochs already, and it asks for {wanted} in all"
        return ""

    def _first(self, observation: Observation) -> Observation:
        parent = observation.trial.parent
        if parent is None or self._roots.get(parent, parent) == parent:
            return observation
        trial = observation.trial
        return _with_trial(observation, _renumbered(trial, trial.id, self._roots[parent], trial.promotes))

    def _extend(self, root: int, observation: Observation) -> None:
        before = self._shown[root]
        self._latest[root] = observation
        self._promotions[root] = self._promotions.get(root, 0) + 1
        self._shown[root] = _with_trial(
            observation,
            _renumbered(observation.trial, root, before.trial.parent, None),
            seconds=before.seconds + observation.seconds,
            epochs_spent=before.epochs_spent + observation.epochs_spent,
        )


# As `dataclasses.replace`, whose search for the fields takes half of the time that a long journal is read in.


def _renumbered(trial: Trial, number: int, parent: int | None, promotes: int | None) -> Trial:
    t = trial
    return Trial(number, t.architecture, t.epochs, parent, t.genes, promotes, t.keep, t.cooldown, t.inherited)


def _with_trial(
    o: Observation, trial: Trial, *, seconds: float | None = None, epochs_spent: float | None = None
) -> Observation:
    return Observation(
        trial,
        o.status,
        o.costs,
        o.val_error,
        o.epochs,
        o.seconds if seconds is None else seconds,
        o.history,
        o.message,
        o.losses,
        o.channels,
        o.zeros,
        o.epochs_spent if epochs_spent is None else epochs_spent,
    )
