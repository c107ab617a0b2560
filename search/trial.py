"""What is proposed and what came of it: `Trial` and `Observation`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from resource_models import Costs
from search.quantities import COLUMNS
from search.spaces import Architecture

Status = Literal["trained", "failed", "infeasible"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate that an algorithm proposes, or more training for one (a promotion).

    Attributes:
        id: number of the proposal in its run; infeasible proposals have numbers too.
        architecture: the network, of the run's search space.
        epochs: how long to train it; a promotion counts the epochs that are done already. Less than one is a part of
            the training split, in which the classes have their shares.
        parent: id of the trial that it was made from; None for a fresh sample.
        genes: what else is inherited, e.g. a target sparsity.
        promotes: id of the trained trial whose training goes on; None for a new network.
        keep: whether a checkpoint is kept, so that a promotion need not train from the beginning.
        cooldown: whether the learning rate falls to zero over what is trained now, so that this is the last training.
        inherited: whether the network is one of the run that this one began from.
    """

    id: int
    architecture: Architecture
    epochs: float
    parent: int | None = None
    genes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    promotes: int | None = None
    keep: bool = False
    cooldown: bool = False
    inherited: bool = False

    def promoted(self, trial_id: int, *, epochs: float, keep: bool = False, cooldown: bool = False) -> Trial:
        """The proposal, with a number of its own, to train this trial's network on to `epochs` in all."""
        return replace(self, id=trial_id, epochs=epochs, promotes=self.id, keep=keep, cooldown=cooldown)


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of a trial once it is over.

    Attributes:
        trial: the proposal.
        status: "trained", "failed" (its training ended with an error) or "infeasible" (over a hard bound, not trained).
        costs: what the network needs in the run's accounting; once trained, without what was pruned.
        val_error: share of the validation set that is classified wrongly after the last epoch; None unless trained.
        epochs: epochs trained; of a promotion all, those of the trials before it included. It may end within one.
        seconds: wall-clock seconds in the worker.
        history: validation error after each of these epochs, and at the end where that is within one.
        message: why it failed; empty otherwise.
        losses: training loss at each of these moments.
        channels: channels that pruning left, by group of layers; None where it removed none.
        zeros: single weights that were pruned.
        epochs_spent: epochs that were trained for this trial, without those of a checkpoint; by default all.
    """

    trial: Trial
    status: Status
    costs: Costs
    val_error: float | None = None
    epochs: float = 0
    seconds: float = 0.0
    history: tuple[float, ...] = ()
    message: str = ""
    losses: tuple[float, ...] = ()
    channels: Mapping[str, int] | None = None
    zeros: int = 0
    epochs_spent: float = -1

    def __post_init__(self) -> None:
        if self.epochs_spent < 0:
            object.__setattr__(self, "epochs_spent", self.epochs)

    @property
    def trial_id(self) -> int:
        """The trial's number."""
        return self.trial.id

    def metrics(self) -> dict[str, Any]:
        """The named figures of this observation, as the commands print them."""
        return {
            "trial": self.trial.id,
            **{quantity.key: quantity.of(self) for quantity in COLUMNS},
            "epochs": self.epochs,
        }


def measurements(epochs: float) -> int:
    """How often the error of a training of so many epochs is measured: after each, and at the end."""
    return math.ceil(epochs)


def epochs_text(epochs: float) -> str:
    """Epochs, or parts of one, as people read them: "30", "0.33", "1,204.5"."""
    digits = 2 if epochs < 10 else 1
    return f"{epochs:,.{digits}f}".rstrip("0").rstrip(".") if epochs != int(epochs) else f"{int(epochs):,}"
