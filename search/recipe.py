"""How candidates are trained: plain numbers, written into the journal so that a resumed run trains alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """AdamW with a learning rate that falls to zero along half a cosine over the trial's epochs.

    Attributes:
        batch_size: examples in one step (at most the training split); the incomplete last batch of an epoch is
            left out, and the shuffle decides anew each epoch which examples that are.
        learning_rate: at the first step.
        weight_decay: decoupled from the gradient (Loshchilov and Hutter, ICLR 2019).
        dropout: share of units dropped before each hidden dense layer.
    """

    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 1e-3
    dropout: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Recipe:
        """The recipe that `to_json` wrote."""
        return cls(**values)
