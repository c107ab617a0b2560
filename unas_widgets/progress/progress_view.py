"""What a search had reached after each training: hypervolume and lowest error of the networks within the budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resource_models import format_seconds
from search.budget import Budget
from search.measures.reached import measured_resource
from search.trial import Observation
from unas_widgets.errors import WidgetError
from unas_widgets.progress.trainings import Trainings, Worth
from unas_widgets.quantities.quantity import percent, significant

OVER = ("networks", "epochs", "seconds")
"""What progress is drawn over: networks trained, epochs trained, seconds of training in all workers together."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was reached once a training had ended.

    Attributes:
        trial: the training's number.
        networks: trained so far; a promotion adds none.
        epochs, seconds: of all trainings so far, the seconds in the workers.
        hypervolume: 0 to 1; NaN where the budget bounds nothing that it could be taken over.
        error: lowest validation error within the budget; None before there is one.
        changed: whether this training changed any of the two.
    """

    trial: int
    networks: int
    epochs: float
    seconds: float
    hypervolume: float
    error: float | None
    changed: bool

    def spent(self, over: str) -> float:
        """How far the search was, as one of `OVER`."""
        return {"networks": self.networks, "epochs": self.epochs, "seconds": self.seconds}[over]


@dataclass(frozen=True, slots=True)
class Curve:
    """One measure as a step line: from each of `spent` on, it has that value.

    Attributes:
        word: what it is, e.g. "hypervolume".
        text: what it is now, e.g. "0.61"; empty before there is anything.
        remark: what it was at first, and how far the search is.
        spent, values: corners of the line; the last value holds up to `end`.
        end: how far the search is.
        log: whether it is drawn on a logarithmic axis.
    """

    word: str
    text: str
    remark: str
    spent: tuple[float, ...]
    values: tuple[float, ...]
    end: float
    log: bool = False


def reached(
    observations: Trainings | Iterable[Observation], budget: Budget, *, every: bool = True
) -> tuple[Reach, ...]:
    """One entry for each successful training, in the order of `observations` (that in which they ended).

    With `every` off, only for those that changed what was reached, and for the last one.

    Everything is judged by `budget`, as if it had held from the beginning. A network counts by the longest of its
    trainings at that moment, as on the front, so what was reached may be less again after a promotion. The hypervolume
    is taken over the resource that `search.measures.reached.measured_resource` names.
    """
    trainings = observations if isinstance(observations, Trainings) else Trainings(observations)
    changes = {worth.place: worth for worth in trainings.worth(budget)}
    last = len(trainings.columns) - 1
    now = Worth(-1, 0.0 if measured_resource(budget) is not None else float("nan"), None)
    found = []
    for place in range(last + 1) if every else sorted({*changes, last} - {-1}):
        now = changes.get(place, now)
        found.append(
            Reach(
                trial=int(trainings.columns.trials[place]),
                networks=int(trainings.networks[place]),
                epochs=float(trainings.epochs[place]),
                seconds=float(trainings.seconds[place]),
                hypervolume=now.hypervolume,
                error=now.error,
                changed=place in changes,
            )
        )
    return tuple(found)


def curves(reaches: Sequence[Reach], budget: Budget, *, over: str = OVER[0]) -> tuple[Curve, ...]:
    """The step lines of what was reached: the hypervolume where the budget bounds something, and the lowest error.

    Raises:
        WidgetError: `over` is none of `OVER`.
    """
    if over not in OVER:
        raise WidgetError(f"Progress cannot be drawn over {over!r}; choose one of {', '.join(OVER)}.")
    end = reaches[-1].spent(over) if reaches else 0.0
    changes = [r for r in reaches if r.changed]
    nothing = max((place for place, r in enumerate(changes) if r.error is None), default=-1)
    changes = changes[nothing + 1 :]  # a network may leave the budget as it is trained further
    spent, amount = tuple(r.spent(over) for r in changes), spent_words(end, over)
    errors = tuple(r.error for r in changes if r.error is not None)
    volumes = tuple(r.hypervolume for r in changes)
    found = []
    if measured_resource(budget) is not None:
        shown = [significant(v) for v in volumes]
        found.append(Curve("hypervolume", shown[-1] if shown else "", _from(shown, amount), spent, volumes, end))
    shown = [percent(e) for e in errors]
    log = bool(errors) and min(errors) > 0
    found.append(Curve("lowest error", shown[-1] if shown else "", _from(shown, amount), spent, errors, end, log=log))
    return tuple(found)


def spent_words(spent: float, over: str) -> str:
    """How far a search is: "60 networks", "1,200 epochs", "2.5 min of training"."""
    if over == "seconds":
        return f"{format_seconds(spent)} of training" if spent < 120 else f"{spent / 60:,.1f} min of training"
    return f"{spent:,.0f} {over}" if spent != 1 else f"1 {over.removesuffix('s')}"


def _from(shown: Sequence[str], amount: str) -> str:
    if not shown:
        return f"nothing within budget after {amount}"
    return f"from {shown[0]} in {amount}"
