"""What an estimate is: a number with its band and the way it was got, or a reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that was not measured on this network, with the band in which the truth is expected.

    Attributes:
        value: The estimate itself, in the unit of the quantity (bytes, seconds, joules).
        low: Lower end of the band, same unit. Equal to ``value`` where the number is exact.
        high: Upper end of the band, same unit.
        method: How it was got: starts with ``analytic``, ``measured-tflm`` or ``measured-board``; what
            follows says on which data the number rests.
    """

    value: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Missing:
    """No number, and the reason for it in one sentence. Nothing is guessed where there are no data."""

    reason: str

    def __str__(self) -> str:
        return self.reason
