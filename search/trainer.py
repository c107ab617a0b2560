"""What a run needs of whatever trains its candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from resource_models import Graph

LEAST_STEPS = 150
"""Steps of the shortest training: fewer say little of a network, and take little less than the making of its graph."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything from which a training goes on.

    Attributes:
        history: validation error after each whole epoch so far, and at the end where that is within one.
        arrays: the variables of model and optimiser, in an order that the trainer knows.
        epochs: trained so far.
    """

    history: tuple[float, ...]
    arrays: tuple[Any, ...]
    epochs: float

    @property
    def whole(self) -> tuple[float, ...]:
        """Validation error after each whole epoch; that of a part of one is out of date once the epoch goes on."""
        return self.history[: int(self.epochs)]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """One finished training.

    Attributes:
        history: validation error (0 to 1) after each whole epoch, and at the end where that is within one; the last one
            is the trial's error.
        weights: arrays in the order of the model that `search.training.build_keras` builds, after its channels were
            removed where they were pruned.
        losses: training loss at those of these moments that were in this training.
        epochs_spent: epochs of this training, without those of a checkpoint; None for as many as there are losses.
        channels: channels that are left, by group, where some were pruned; None elsewhere.
        zeros: single weights that were pruned.
        checkpoint: to go on from.
    """

    history: tuple[float, ...]
    weights: tuple[Any, ...]
    losses: tuple[float, ...] = ()
    epochs_spent: float | None = None
    channels: Mapping[str, int] | None = None
    zeros: int = 0
    checkpoint: Checkpoint = field(default_factory=lambda: Checkpoint((), (), 0))


class Trainer(Protocol):
    """Trains one network on a training split and scores it on a validation split; it is never given the test split."""

    def train(
        self,
        graph: Graph,
        *,
        epochs: float,
        seed: int,
        genes: Mapping[str, float] = MappingProxyType({}),
        resume: Checkpoint | None = None,
        schedule: float | None = None,
        cooldown: bool = False,
    ) -> TrainingResult:
        """Train from fresh weights, or go on from a checkpoint. The same arguments give the same result.

        The learning rate falls over `schedule` epochs where these are more than `epochs`; with `cooldown` it falls to
        zero over what is trained now.

        Raises:
            TrainingError: the training diverged.
        """
        ...
