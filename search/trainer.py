"""What a run needs of whatever trains its candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from resource_models import Graph


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything from which a training goes on.

    Attributes:
        history: validation error after each epoch so far.
        arrays: the variables of model and optimiser, in an order that the trainer knows.
    """

    history: tuple[float, ...]
    arrays: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """One finished training.

    Attributes:
        history: validation error (0 to 1) after each epoch; the last one is the trial's error.
        weights: arrays in the order of the model that `search.training.build_keras` builds, after its channels were
            removed where they were pruned.
        losses: training loss at the end of each epoch of this training.
        channels: channels that are left, by group, where some were pruned; None elsewhere.
        zeros: single weights that were pruned.
        checkpoint: to go on from.
    """

    history: tuple[float, ...]
    weights: tuple[Any, ...]
    losses: tuple[float, ...] = ()
    channels: Mapping[str, int] | None = None
    zeros: int = 0
    checkpoint: Checkpoint = field(default_factory=lambda: Checkpoint((), ()))


class Trainer(Protocol):
    """Trains one network on a training split and scores it on a validation split; it is never given the test split."""

    def train(
        self,
        graph: Graph,
        *,
        epochs: int,
        seed: int,
        genes: Mapping[str, float] = MappingProxyType({}),
        resume: Checkpoint | None = None,
        schedule: int | None = None,
    ) -> TrainingResult:
        """Train from fresh weights, or go on from a checkpoint. The same arguments give the same result.

        The learning rate falls over `schedule` epochs where these are more than `epochs`.

        Raises:
            TrainingError: the training diverged.
        """
        ...
