"""What is proposed and what came of it: `Trial` and `Observation`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from resource_models import Costs
from search.spaces import Architecture

Status = Literal["trained", "failed", "infeasible"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate that an algorithm proposes.

    Attributes:
        id: number of the proposal in its run; infeasible proposals have numbers too.
        architecture: the network, of the run's search space.
        epochs: how long to train it.
        parent: id of the trial that it was made from; None for a fresh sample.
        genes: what else is inherited, e.g. a target sparsity.
    """

    id: int
    architecture: Architecture
    epochs: int
    parent: int | None = None
    genes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of a trial once it is over.

    Attributes:
        trial: the proposal.
        status: "trained", "failed" (its training ended with an error) or "infeasible" (over a hard bound, not trained).
        costs: what the network needs in the run's accounting; once trained, without what was pruned.
        val_error: share of the validation set that is classified wrongly after the last epoch; None unless trained.
        epochs: epochs trained.
        seconds: wall-clock seconds in the worker.
        history: validation error after each epoch.
        message: why it failed; empty otherwise.
        losses: training loss at the end of each epoch.
        channels: channels that pruning left, by group of layers; None where it removed none.
        zeros: single weights that were pruned.
    """

    trial: Trial
    status: Status
    costs: Costs
    val_error: float | None = None
    epochs: int = 0
    seconds: float = 0.0
    history: tuple[float, ...] = ()
    message: str = ""
    losses: tuple[float, ...] = ()
    channels: Mapping[str, int] | None = None
    zeros: int = 0

    @property
    def trial_id(self) -> int:
        """The trial's number."""
        return self.trial.id

    def metrics(self) -> dict[str, Any]:
        """The named figures of this observation, as the commands print them."""
        return {
            "trial": self.trial.id,
            "val_error": self.val_error,
            "ram_bytes": self.costs.ram_bytes,
            "model_bytes": self.costs.model_bytes,
            "macs": self.costs.macs,
            "latency_s": self.costs.latency_s,
            "epochs": self.epochs,
        }
