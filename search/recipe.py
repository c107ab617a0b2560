"""How candidates are trained: plain numbers, written into the journal so that a resumed run trains alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Recipe:
    """AdamW with a learning rate that falls to zero along half a cosine over the trial's epochs, unless told otherwise.

    Attributes:
        batch_size: examples in one step (at most the training split); the incomplete last batch of an epoch is
            left out, and the shuffle decides anew each epoch which examples that are.
        learning_rate: at the first step.
        weight_decay: of kernels, decoupled from the gradient, times the learning rate.
        dropout: share of units dropped before each hidden dense layer.
        optimiser: "adamw" or "sgd".
        momentum: of "sgd".
        schedule: "cosine" (to zero at the last step) or "constant".
        drops: (epoch, divisor) pairs: from that epoch on the rate is divided.
    """

    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 1e-2
    dropout: float = 0.0
    optimiser: Literal["adamw", "sgd"] = "adamw"
    momentum: float = 0.9
    schedule: Literal["cosine", "constant"] = "cosine"
    drops: tuple[tuple[int, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        values = asdict(self)
        values["drops"] = [list(drop) for drop in self.drops]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recipe:
        """The recipe that `to_json` wrote."""
        drops = tuple((int(epoch), float(divisor)) for epoch, divisor in values.get("drops", ()))
        return cls(**{**values, "drops": drops})
