"""How long it will take to train a front again: an estimate, by what the search took for an epoch of each network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resource_models import format_seconds
from search.recipe import Recipe
from search.recipes.named import Plan
from search.trial import Observation

AVERAGED, TAUGHT_AFRESH = 1.2, 5.0
"""How many times as long an epoch takes with averaged weights, and with a teacher that is asked in every step: those of
spoken digits in `tests/benchmarks/test_thorough.py`."""
TEACHER_EPOCH = 20.0
"""How many epochs of a network of a front an epoch of the built-in teacher lasts, by the same benchmark."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """An estimate.

    Attributes:
        seconds: wall-clock time until all trainings are over; None where the search measured nothing.
        trainings: that are left to do.
        epochs: of each.
        method: how the time was got, in one sentence.
    """

    seconds: float | None
    trainings: int
    epochs: int
    method: str

    @property
    def words(self) -> str:
        """The estimate in one sentence."""
        if not self.trainings:
            return "All of it is trained already."
        count = f"{self.trainings} training" + ("" if self.trainings == 1 else "s")
        if self.seconds is None:
            return f"{count} of {self.epochs} epochs; how long one takes is not known yet."
        return f"About {_rounded(self.seconds)} for {count} of {self.epochs} epochs."


def forecast(
    missing: Sequence[Observation], plan: Plan, searched: Recipe, *, workers: int, teacher: bool = False
) -> Forecast:
    """How long trainings will take.

    Args:
        missing: of each training that is to be done the network, as the search found it.
        plan: how they are trained.
        searched: the recipe of the search, whose parts are in its times already.
        workers: that train side by side.
        teacher: whether the built-in teacher is still to be trained.
    """
    known = [o.seconds / o.epochs_spent for o in missing if o.epochs_spent > 0 and o.seconds > 0]
    slower = _slower(plan.recipe) / _slower(searched)
    method = _method(plan.epochs, workers, slower=slower, teacher=teacher)
    if len(known) < len(missing) or not known:
        return Forecast(None, len(missing), plan.epochs, method)
    each = [plan.epochs * slower * seconds for seconds in known]
    seconds = max(sum(each) / workers, *each)
    if teacher and plan.recipe.distillation is not None:
        seconds += plan.recipe.distillation.epochs * TEACHER_EPOCH * sum(known) / len(known)
    return Forecast(seconds, len(each), plan.epochs, method)


def _slower(recipe: Recipe) -> float:
    """How many times as long an epoch takes as without a teacher and averages."""
    taught = recipe.distillation
    asked = taught is not None and recipe.augmentation is not None
    return (TAUGHT_AFRESH if asked else 1.0) * (1.0 if recipe.average is None else AVERAGED)


def _method(epochs: int, workers: int, *, slower: float, teacher: bool) -> str:
    times = "" if slower == 1 else f", times {slower:.2g} for what the recipe adds"
    crew = "1 worker" if workers == 1 else f"{workers} workers"
    more = "; before them the teacher is trained once" if teacher else ""
    return (
        "An estimate: the seconds that an epoch of each network took in the search, its start included, times "
        f"{epochs} epochs{times}, on {crew}{more}."
    )


def _rounded(seconds: float) -> str:
    """A time with no more figures than an estimate is good for."""
    if seconds < 90:
        return format_seconds(max(1.0, float(f"{seconds:.1g}")))
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
