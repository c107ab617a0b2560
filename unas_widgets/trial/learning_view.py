"""How a trial's error fell, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass

from search.trial import Observation
from unas_widgets.quantities.quantity import percent


@dataclass(frozen=True, slots=True)
class LearningView:
    """A learning curve.

    Attributes:
        errors: validation error (0 to 1) after each epoch, from `first_epoch` on; empty where none is known.
        first_epoch: number of the first, from 1.
        lowest: place of the lowest error in `errors`; -1 where there is none.
        sentence: the course in words, or why there is none.
    """

    errors: tuple[float, ...]
    first_epoch: int
    lowest: int
    sentence: str

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs of `errors`."""
        return tuple(range(self.first_epoch, self.first_epoch + len(self.errors)))


def learning_view(observation: Observation) -> LearningView:
    """The learning curve of a trial, by the history of its longest training."""
    errors = observation.history
    if observation.status == "failed":
        return LearningView((), 1, -1, f"The training failed: {observation.message or 'no reason was kept'}")
    if not errors:
        return LearningView((), 1, -1, "No error per epoch was kept for this trial.")
    first = max(observation.epochs - len(errors) + 1, 1)
    lowest = errors.index(min(errors))
    return LearningView(errors, first, lowest, _sentence(errors, first, lowest))


def _sentence(errors: tuple[float, ...], first: int, lowest: int) -> str:
    last = first + len(errors) - 1
    if len(errors) == 1:
        return f"Error {percent(errors[0])} after epoch {last}, the only one."
    text = f"Error {percent(errors[0])} after epoch {first}, {percent(errors[-1])} after epoch {last}"
    if lowest == len(errors) - 1:
        return f"{text}: the lowest is the last, so more epochs may lower it."
    if errors[-1] == errors[lowest]:
        return f"{text}, as low as after epoch {first + lowest} already."
    return f"{text}; the lowest was {percent(errors[lowest])} after epoch {first + lowest}."
