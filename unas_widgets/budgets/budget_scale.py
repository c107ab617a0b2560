"""A budget's slider: round values in equal ratios, and "no limit" at the right end."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from search.budget import DEFAULT, RESOURCES, Resource
from unas_widgets.errors import WidgetError

NO_LIMIT = "none"
MEANING = "holds by default: what needs more is not proposed, but nothing is ranked by it. Move it, or type none"


@dataclass(frozen=True, slots=True)
class BudgetScale:
    """The values that one slider runs over.

    Attributes:
        resource: what is budgeted.
        values: ascending, in base units (bytes, seconds); the slider's last position, `maximum`, means no limit.
    """

    resource: Resource
    values: tuple[float, ...]

    @property
    def maximum(self) -> int:
        """The last position: no limit."""
        return len(self.values)

    def value(self, position: int) -> float | None:
        """The budget at a position; None at the last one."""
        if position >= self.maximum:
            return None
        value = self.values[max(position, 0)]
        return int(value) if self.resource.amount.whole else value

    def position(self, value: float | None) -> int:
        """The position nearest to `value` (in ratio); values beyond the ends go to the ends, None to the last."""
        if value is None:
            return self.maximum
        after = bisect_left(self.values, value)
        if after == 0:
            return 0
        if after == len(self.values):
            return after - 1
        low, high = self.values[after - 1], self.values[after]
        return after - 1 if value * value < low * high else after

    def text(self, value: float | None, *, default: bool = False) -> str:
        """`value` as the field shows it; `default` marks one that nobody set."""
        mark = f", {DEFAULT}" if default else ""
        return NO_LIMIT if value is None else self.resource.show(value) + mark

    def hover(self, value: float | None, *, default: bool = False) -> str:
        """The exact value, and what it means that nobody set it."""
        if value is None:
            return f"{self.resource.word} is not limited"
        exact = self.resource.amount.exact(value)
        return f"{exact}; {MEANING}" if default else exact


def scale(key: str) -> BudgetScale:
    """The slider of the resource called `key`, e.g. "ram_bytes".

    Raises:
        WidgetError: there is no slider for it.
    """
    for resource in RESOURCES:
        if resource.key == key and resource.bound is not None:
            return BudgetScale(resource, resource.bound.slider)
    raise WidgetError(f"There is no budget slider for {key!r}; choose among {', '.join(r.key for r in RESOURCES)}.")
