"""What has happened in a run, rebuilt from its journal's records; the same code serves replay and live running."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import UNSET

from data.fingerprint import Fingerprint
from resource_models import Costs
from search.budget import Budget
from search.errors import JournalError, SearchError
from search.journal.promotions import Networks
from search.journal.records import (
    BudgetRecord,
    FinalRecord,
    InfeasibleRecord,
    ObservationRecord,
    Record,
    SessionRecord,
    TrialRecord,
    damage,
    record_of,
)
from search.recipes.named import AS_SEARCHED
from search.settings import MAY_CHANGE, RunSettings, option
from search.spaces import Architecture, SearchSpace
from search.trial import Observation, Trial

Json = dict[str, Any]

FINAL_FIGURES = ("val_error", "test_error", "int8_val_error", "int8_test_error")
"""Errors of a network that was trained again: float and int8, on the validation and on the test split."""
KEPT_INFEASIBLE = 5000
NO_GENES: Mapping[str, float] = MappingProxyType({})
NO_ARCHITECTURES: Mapping[int, Architecture] = MappingProxyType({})


class History:
    """Trials asked, observations made, and the clocks of a run.

    Attributes:
        observations: trained and failed trials, promotions too, in the order in which they ended.
        networks: the same with each network once.
        infeasible: the newest proposals that were over a hard bound (costs only matter).
        pending: trials that were handed out and are not over, by id, with their costs.
        infeasible_count: all proposals over a hard bound.
        next_id: number of the next proposal.
        elapsed_s, cpu_seconds: running time so far, over all sessions.
        epochs: sum over all trainings; a promotion adds only what it trained itself.
        keeps: whether a checkpoint was ever asked for, so that promotions are to be expected.
        exhausted: whether the last session ended with the number of trials reached and nothing left to promote.
        validation_size: validation examples, as the first worker found them; None before.
        train_size: training examples, likewise; None in runs of earlier versions too.
        data: what the run was trained on last, likewise.
        budget: the last one that was set after the beginning; None where none was.
    """

    def __init__(self, space: SearchSpace, *, known: Mapping[int, Architecture] = NO_ARCHITECTURES) -> None:
        """Begin with nothing.

        Args:
            space: of the run.
            known: architectures of the same journal that were read before, by number of the trial.
        """
        self._space = space
        self._known = known
        self._texts: dict[int, int] = {}  # hashes of what architectures that may be promoted were read from
        self.observations: list[Observation] = []
        self.networks = Networks()
        self.infeasible: deque[Observation] = deque(maxlen=KEPT_INFEASIBLE)
        self.pending: dict[int, tuple[Trial, Costs]] = {}
        self.infeasible_count = 0
        self.next_id = 0
        self.elapsed_s = 0.0
        self.cpu_seconds = 0.0
        self.epochs: float = 0
        self.keeps = False
        self.exhausted = False
        self.validation_size: int | None = None
        self.train_size: int | None = None
        self.data: Fingerprint | None = None
        self._finals: dict[str, dict[tuple[int, int], FinalRecord]] = {AS_SEARCHED: {}}
        self.budget: Budget | None = None

    @property
    def finals(self) -> dict[tuple[int, int], FinalRecord]:
        """What `finalise` found by the run's own recipe, by number of the network and seed."""
        return self._finals[AS_SEARCHED]

    @property
    def finals_by_recipe(self) -> dict[str, dict[tuple[int, int], FinalRecord]]:
        """The same for each recipe that networks were trained again by, the run's own first, by its name; a copy."""
        return {recipe: found.copy() for recipe, found in self._finals.copy().items()}

    def finals_of(self, recipe: str) -> dict[tuple[int, int], FinalRecord]:
        """The same for the recipe of that name; a copy."""
        return self._finals.get(recipe, {}).copy()

    def best_final(self, recipe: str, trial_id: int) -> FinalRecord | None:
        """Of a network's trainings by a recipe the one of lowest int8 validation error; None where there is none."""
        found = [record for (number, _), record in self.finals_of(recipe).items() if number == trial_id]
        return min(found, key=lambda r: (r.int8_val_error, r.val_error, r.seed), default=None)

    @property
    def done(self) -> int:
        """Networks whose first training is over, well or not."""
        return len(self.networks)

    @property
    def trained(self) -> int:
        """Networks whose first training ended well."""
        return self.networks.trained

    @property
    def may_promote(self) -> bool:
        """Whether promotions are to be expected, even when the networks are enough."""
        pending = any(trial.promotes is not None for trial, _ in self.pending.values())
        return not self.exhausted and (self.keeps or pending)

    def trial(self, trial_id: int) -> Trial | None:
        """The trial with that number, over or handed out; None where there is none that was trained."""
        over = self.networks.over(trial_id)
        if over is not None:
            return over.trial
        return self.pending[trial_id][0] if trial_id in self.pending else None

    def apply(self, record: Record | Json) -> Observation | None:
        """Take one record of the journal in; returns the observation that algorithms have to be told, if it is one.

        Raises:
            JournalError: the record cannot be read, or does not follow from those before it; in half a sentence.
        """
        if isinstance(record, dict):
            record = record_of(record)
        match record:
            case TrialRecord():
                self._hand_out(record)
            case InfeasibleRecord():
                return self._infeasible(record)
            case ObservationRecord():
                return self._observation(record)
            case FinalRecord():
                self._final(record)
            case BudgetRecord():
                self.budget = budget_of(record)
                self.exhausted = False  # the algorithm is another one now
            case SessionRecord():
                self.exhausted = record.exhausted
                if record.validation_size is not UNSET:
                    self.validation_size = record.validation_size
                self.train_size = record.train_size or self.train_size
                self.data = record.data or self.data
                self._clocks(record)
        return None

    def _hand_out(self, record: TrialRecord) -> None:
        trial = self._trial_of(record)
        objection = self.networks.objection(trial)
        if objection:
            raise JournalError(f"trial {trial.id} cannot go on with trial {trial.promotes}: {objection}")
        self.pending[trial.id] = (trial, record.costs)
        self.networks.hand_out(trial)
        self.keeps, self.exhausted = self.keeps or trial.keep, False

    def _infeasible(self, record: InfeasibleRecord) -> Observation:
        observation = Observation(self._trial_of(record), "infeasible", record.costs)
        self.infeasible.append(observation)
        self.infeasible_count += 1
        return observation

    def _observation(self, record: ObservationRecord) -> Observation:
        if record.id not in self.pending:
            over = self.networks.over(record.id) is not None
            raise JournalError(f"trial {record.id} {'is over already' if over else 'was never handed out'}")
        trial, expected = self.pending.pop(record.id)
        observation = Observation(
            trial,
            record.status,
            expected if record.costs is None else record.costs,
            val_error=record.val_error,
            epochs=record.epochs,
            seconds=record.seconds,
            history=record.history,
            message=record.message,
            losses=record.losses,
            channels=record.channels,
            zeros=record.zeros,
            epochs_spent=record.epochs if record.epochs_spent is None else record.epochs_spent,
        )
        self.observations.append(observation)
        self.networks.end(observation)
        self.epochs += observation.epochs_spent
        self._clocks(record)
        return observation

    def _final(self, record: FinalRecord) -> None:
        shown = self.networks.shown(record.id)
        if shown is None or shown.trial_id != record.id or shown.status != "trained":
            raise JournalError(f"there is no trained network {record.id} that could have been trained again")
        self._finals.setdefault(record.recipe, {})[record.id, record.seed] = record

    def _trial_of(self, record: TrialRecord | InfeasibleRecord) -> Trial:
        if record.id < self.next_id:
            raise JournalError(f"trial {record.id} comes after trial {self.next_id - 1}, or twice")
        trial = Trial(
            id=record.id,
            architecture=self._architecture(record),
            epochs=record.epochs,
            parent=record.parent,
            genes=record.genes or NO_GENES,
            promotes=record.promotes,
            keep=record.keep,
            cooldown=record.cooldown,
            inherited=record.inherited,
        )
        self.next_id = record.id + 1
        return trial

    def _architecture(self, record: TrialRecord | InfeasibleRecord) -> Architecture:
        """Of a proposal; a promotion shares that of the network that it goes on with."""
        known = self._known.get(record.id)
        if known is not None:
            return known
        text = bytes(record.architecture)
        promoted = None if record.promotes is None else self.networks.over(record.promotes)
        if promoted is not None and self._texts.get(promoted.trial_id) == hash(text):
            architecture = promoted.trial.architecture
        else:
            architecture = read_architecture(record, self._space)
        if record.keep:
            self._texts[record.id] = hash(text)
        return architecture

    def _clocks(self, record: ObservationRecord | SessionRecord) -> None:
        self.elapsed_s = record.elapsed_s
        self.cpu_seconds = record.cpu_seconds


def trial_record(kind: str, trial: Trial, costs: Costs, space: SearchSpace) -> Json:
    """The record of a trial that is handed out (`trial`) or refused (`infeasible`)."""
    promotion: Json = {} if trial.promotes is None else {"promotes": trial.promotes}
    return {
        "record": kind,
        "id": trial.id,
        "architecture": space.to_json(trial.architecture),
        "epochs": trial.epochs,
        "parent": trial.parent,
        "genes": dict(trial.genes),
        **promotion,
        **({"keep": True} if trial.keep else {}),
        **({"cooldown": True} if trial.cooldown else {}),
        **({"inherited": True} if trial.inherited else {}),
        "costs": asdict(costs),
    }


def budget_record(budget: Budget) -> Json:
    """The record of another budget."""
    return {"record": "budget", "budget": budget.to_json()}


def first_settings(header: Json, path: Path) -> RunSettings:
    """The settings that a run began with, by the header of its journal at `path`.

    Raises:
        JournalError: they cannot be read.
    """
    try:
        return RunSettings.from_json(header.get("settings", {}))
    except SearchError as error:
        raise damage(path, 1, str(error).rstrip(".")) from None


def read_architecture(record: TrialRecord | InfeasibleRecord, space: SearchSpace) -> Architecture:
    """The architecture of a record.

    Raises:
        JournalError: it is none of the space.
    """
    try:
        return space.from_json(msgspec.json.decode(record.architecture))
    except Exception as error:  # a space may be anybody's own; whatever it raises, the record is at fault
        raise JournalError(f"architecture: {error}") from error


def budget_of(record: BudgetRecord) -> Budget:
    """The budget of a record.

    Raises:
        JournalError: it cannot be read.
    """
    try:
        return Budget.from_json(record.budget)
    except SearchError as error:
        raise JournalError(str(error).rstrip(".")) from None


def refuse_other_run(header: Json, settings: RunSettings, path: Path) -> None:
    """Make sure that the journal at `path` is still that of the run with these settings, and not of a later one.

    Raises:
        JournalError: it is another run's.
    """
    begun = first_settings(header, path).to_json()
    mine = json.loads(json.dumps(settings.to_json()))  # as a journal gives it back: lists for tuples
    for name, value in json.loads(json.dumps(begun)).items():
        if name not in (*MAY_CHANGE, "budget") and value != mine[name]:
            raise JournalError(
                f"Another run was begun in {path.parent} meanwhile ({option(name)} {value} there, {mine[name]} here); "
                "open that one, or begin this one in another folder."
            )


def observation_record(observation: Observation, *, elapsed_s: float, cpu_seconds: float) -> Json:
    """The record of a trial that is over; its costs are written again where pruning changed them."""
    spent = {} if observation.epochs_spent == observation.epochs else {"epochs_spent": observation.epochs_spent}
    pruned: Json = {}
    if observation.channels is not None or observation.zeros:
        channels = None if observation.channels is None else dict(observation.channels)
        pruned = {"costs": asdict(observation.costs), "channels": channels, "zeros": observation.zeros}
    return {
        "record": "observation",
        "id": observation.trial_id,
        "status": observation.status,
        "val_error": observation.val_error,
        "epochs": observation.epochs,
        "seconds": observation.seconds,
        "history": list(observation.history),
        "message": observation.message,
        "losses": list(observation.losses),
        **pruned,
        **spent,
        "elapsed_s": elapsed_s,
        "cpu_seconds": cpu_seconds,
    }
