"""How a trial's error fell, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass

from search.trial import Observation, epochs_text, measurements
from unas_widgets.quantities.quantity import percent


@dataclass(frozen=True, slots=True)
class LearningView:
    """A learning curve.

    Attributes:
        errors: validation error (0 to 1) at these moments; empty where none is known.
        epochs: the moments; whole numbers but for the last, where the training ended within an epoch.
        lowest: place of the lowest error in `errors`; -1 where there is none.
        sentence: the course in words, or why there is none.
    """

    errors: tuple[float, ...]
    epochs: tuple[float, ...]
    lowest: int
    sentence: str


def learning_view(observation: Observation) -> LearningView:
    """The learning curve of a trial, by the history of its longest training."""
    errors = observation.history
    if observation.status == "failed":
        return LearningView((), (), -1, f"The training failed: {observation.message or 'no reason was kept'}")
    if not errors:
        return LearningView((), (), -1, "No error per epoch was kept for this trial.")
    first = max(measurements(observation.epochs) - len(errors) + 1, 1)
    epochs = (*range(first, first + len(errors) - 1), observation.epochs)
    lowest = errors.index(min(errors))
    return LearningView(errors, epochs, lowest, _sentence(errors, epochs, lowest))


def _sentence(errors: tuple[float, ...], epochs: tuple[float, ...], lowest: int) -> str:
    first, *_, last = map(epochs_text, (epochs[0], *epochs))
    if len(errors) == 1:
        if epochs[0] < 1:
            return f"Error {percent(errors[0])} after {last} of an epoch."
        return f"Error {percent(errors[0])} after epoch {last}, the only one."
    text = f"Error {percent(errors[0])} after epoch {first}, {percent(errors[-1])} after epoch {last}"
    if lowest == len(errors) - 1:
        return f"{text}: the lowest is the last, so more epochs may lower it."
    if errors[-1] == errors[lowest]:
        return f"{text}, as low as after epoch {epochs_text(epochs[lowest])} already."
    return f"{text}; the lowest was {percent(errors[lowest])} after epoch {epochs_text(epochs[lowest])}."
