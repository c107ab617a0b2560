"""A budget's slider: round values in equal ratios, and "no limit" at the right end."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from search.budget import RESOURCES, Resource
from unas_widgets.errors import WidgetError

NO_LIMIT = "none"
_OCTAVE = (1.0, 1.25, 1.5, 1.75)
_DECADE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


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
        return value if self.resource.key == "latency_s" else int(value)

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

    def text(self, value: float | None) -> str:
        """`value` as the field shows it."""
        return NO_LIMIT if value is None else self.resource.show(value)

    def hover(self, value: float | None) -> str:
        """The exact value."""
        if value is None:
            return f"{self.resource.word} is not limited"
        if self.resource.key == "latency_s":
            return f"{value * 1000:.6g} ms"
        return f"{int(value):,} " + ("MACs" if self.resource.key == "macs" else "bytes")


def scale(key: str) -> BudgetScale:
    """The slider of the resource called `key`, e.g. "ram_bytes".

    Raises:
        WidgetError: there is no slider for it.
    """
    resource = next((r for r in RESOURCES if r.key == key), None)
    ranges: dict[str, tuple[float, ...]] = {
        "ram_bytes": _octaves(512, 11),
        "model_bytes": _octaves(1024, 12),
        "latency_s": _decades(1e-4, 5),
        "macs": _decades(1e3, 5),
    }
    if resource is None or key not in ranges:
        raise WidgetError(f"There is no budget slider for {key!r}; choose among {', '.join(ranges)}.")
    return BudgetScale(resource, ranges[key])


def _octaves(start: float, count: int) -> tuple[float, ...]:
    return (*(start * 2**k * m for k in range(count) for m in _OCTAVE), start * 2**count)


def _decades(start: float, count: int) -> tuple[float, ...]:
    return (*(start * 10**k * m for k in range(count) for m in _DECADE), start * 10**count)
