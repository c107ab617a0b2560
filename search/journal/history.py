"""What has happened in a run, rebuilt from its journal's records; the same code serves replay and live running."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from resource_models import Costs
from search.budget import Budget
from search.errors import JournalError
from search.journal.promotions import Networks
from search.settings import MAY_CHANGE, RunSettings, option
from search.spaces import SearchSpace
from search.trial import Observation, Trial

Json = dict[str, Any]

FINAL_FIGURES = ("val_error", "test_error", "int8_val_error", "int8_test_error")
"""Errors of a network that was trained again: float and int8, on the validation and on the test split."""
KEPT_INFEASIBLE = 5000
_COSTS = tuple(f.name for f in fields(Costs))


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
        finals: what `finalise` found, by number of the network and seed.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self.observations: list[Observation] = []
        self.networks = Networks()
        self.infeasible: deque[Observation] = deque(maxlen=KEPT_INFEASIBLE)
        self.pending: dict[int, tuple[Trial, Costs]] = {}
        self.infeasible_count = 0
        self.next_id = 0
        self.elapsed_s = 0.0
        self.cpu_seconds = 0.0
        self.epochs = 0
        self.keeps = False
        self.exhausted = False
        self.validation_size: int | None = None
        self.finals: dict[tuple[int, int], dict[str, float]] = {}

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

    def apply(self, record: Json) -> Observation | None:
        """Take one record of the journal in; returns the observation that algorithms have to be told, if it is one.

        Raises:
            JournalError: the record is incomplete or of an unknown kind.
        """
        try:
            return self._apply(record)
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(record, error) from error

    def _apply(self, record: Json) -> Observation | None:
        kind = record["record"]
        if kind == "trial":
            trial = trial_from_json(record, self._space)
            self.pending[trial.id] = (trial, costs_from_json(record["costs"]))
            self.networks.hand_out(trial)
            self.keeps, self.exhausted = self.keeps or trial.keep, False
            self.next_id = max(self.next_id, trial.id + 1)
            return None
        if kind == "infeasible":
            return self._infeasible(record)
        if kind == "observation":
            return self._observation(record)
        if kind == "final":
            self.finals[record["id"], record["seed"]] = {name: record[name] for name in FINAL_FIGURES}
            return None
        if kind == "budget":
            self.exhausted = False  # the algorithm is another one now
            return None
        if kind != "session":
            raise ValueError(f"unknown kind {kind!r}")
        self.exhausted = record.get("exhausted", False)
        self.validation_size = record.get("validation_size", self.validation_size)
        self._clocks(record)
        return None

    def _infeasible(self, record: Json) -> Observation:
        trial = trial_from_json(record, self._space)
        observation = Observation(trial, "infeasible", costs_from_json(record["costs"]))
        self.infeasible.append(observation)
        self.infeasible_count += 1
        self.next_id = max(self.next_id, trial.id + 1)
        return observation

    def _observation(self, record: Json) -> Observation:
        trial, expected = self.pending.pop(record["id"])
        observation = Observation(
            trial,
            record["status"],
            costs_from_json(record["costs"]) if "costs" in record else expected,
            val_error=record["val_error"],
            epochs=record["epochs"],
            seconds=record["seconds"],
            history=tuple(record["history"]),
            message=record["message"],
            losses=tuple(record.get("losses", ())),
            channels=record.get("channels"),
            zeros=record.get("zeros", 0),
            epochs_spent=record["epochs_spent" if "epochs_spent" in record else "epochs"],
        )
        self.observations.append(observation)
        self.networks.end(observation)
        self.epochs += observation.epochs_spent
        self._clocks(record)
        return observation

    def _clocks(self, record: Json) -> None:
        self.elapsed_s = record["elapsed_s"]
        self.cpu_seconds = record["cpu_seconds"]


def _unreadable(record: Json, error: Exception) -> JournalError:
    return JournalError(
        f"The journal holds a {record.get('record')} record that cannot be read ({error!r}); restore the file from a "
        "copy, or delete that line to go on without it."
    )


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
        return RunSettings.from_json(header["settings"])
    except (KeyError, TypeError) as error:
        raise JournalError(f"The header of {path} cannot be read ({error!r}); restore the file from a copy.") from None


def with_last_budget(settings: RunSettings, records: Sequence[Json]) -> RunSettings:
    """The settings that a run began with, with the budget that it has by its records.

    Raises:
        JournalError: the last record of a budget cannot be read.
    """
    last = next((record for record in reversed(records) if record["record"] == "budget"), None)
    if last is None:
        return settings
    try:
        return replace(settings, budget=Budget.from_json(last["budget"]))
    except (KeyError, TypeError) as error:
        raise _unreadable(last, error) from error


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


def trial_from_json(record: Json, space: SearchSpace) -> Trial:
    """The trial of a `trial` or `infeasible` record."""
    return Trial(
        id=record["id"],
        architecture=space.from_json(record["architecture"]),
        epochs=record["epochs"],
        parent=record["parent"],
        genes=record["genes"],
        promotes=record.get("promotes"),
        keep=record.get("keep", False),
    )


def costs_from_json(values: Json) -> Costs:
    """The costs of a record."""
    known: Json = {name: values.get(name) for name in _COSTS}
    return Costs(**known)
