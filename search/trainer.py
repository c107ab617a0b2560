"""What a run needs of whatever trains its candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from resource_models import Graph


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """One finished training.

    Attributes:
        history: validation error (0 to 1) after each epoch; the last one is the trial's error.
        weights: arrays in the order of the model that `search.training.build_keras` builds.
    """

    history: tuple[float, ...]
    weights: tuple[Any, ...]


class Trainer(Protocol):
    """Trains one network on a training split and scores it on a validation split; it is never given the test split."""

    def train(self, graph: Graph, *, epochs: int, seed: int) -> TrainingResult:
        """Train from fresh weights. The same arguments give the same result.

        Raises:
            TrainingError: the training diverged.
        """
        ...
