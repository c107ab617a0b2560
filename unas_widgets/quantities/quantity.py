"""Numbers for people: at most three significant figures and a unit, with the exact value behind them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from resource_models import Estimate, Missing, format_bytes, format_count, format_joules, format_seconds
from search.measures.standard_error import METHOD, standard_error

UNKNOWN = "–"  # shown where there is no number; the reason is on hover


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number on the screen.

    Attributes:
        text: the rounded number with its unit, e.g. "6.2 KiB".
        hover: the exact value, and where known the band and the method, e.g. "6,348 bytes, exact, analytic".
        value: the number itself in its base unit (bytes, seconds, share); None where it is unknown.
    """

    text: str
    hover: str
    value: float | None


def bytes_quantity(count: float | Estimate | Missing) -> Quantity:
    """`count` bytes as KiB or MiB."""
    if isinstance(count, Missing):
        return missing(str(count))
    value = count.value if isinstance(count, Estimate) else count
    hover = f"{round(value):,} bytes"
    if isinstance(count, Estimate):
        hover += _band(count, lambda v: f"{round(v):,}", "bytes")
    return Quantity(format_bytes(round(value)), hover, value)


def seconds_quantity(seconds: float | Estimate | Missing | None, reason: str = "") -> Quantity:
    """`seconds` as ms or µs; `reason` says why it is None."""
    if seconds is None or isinstance(seconds, Missing):
        return missing(reason if seconds is None else str(seconds))
    value = seconds.value if isinstance(seconds, Estimate) else seconds
    hover = f"{value * 1000:.6g} ms"
    if isinstance(seconds, Estimate):
        hover += _band(seconds, lambda v: f"{v * 1000:.3g}", "ms")
    return Quantity(format_seconds(value), hover, value)


def joules_quantity(joules: float | Estimate | Missing | None) -> Quantity:
    """`joules` as mJ or µJ."""
    if joules is None or isinstance(joules, Missing):
        return missing(
            "no estimate of the energy: it needs a latency and the board's power" if joules is None else str(joules)
        )
    value = joules.value if isinstance(joules, Estimate) else joules
    hover = f"{value * 1000:.6g} mJ"
    if isinstance(joules, Estimate):
        hover += _band(joules, lambda v: f"{v * 1000:.3g}", "mJ")
    return Quantity(format_joules(value), hover, value)


def macs_quantity(count: int) -> Quantity:
    """`count` multiply-accumulates."""
    return Quantity(f"{format_count(count)} MACs", f"{count:,} multiply-accumulates, counted from the layers", count)


def error_quantity(error: float | None, validation_size: int | None = None) -> Quantity:
    """Validation error (0 to 1) as a percentage, with its standard error where the set's size is known."""
    if error is None:
        return missing("not trained, so there is no error")
    hover = f"{error * 100:.6g} % of the validation set is wrong"
    if validation_size:
        hover += f": {round(error * validation_size):,} of {validation_size:,} examples"
        hover += f", ± {standard_error(error, validation_size) * 100:.2g} % ({METHOD})"
    return Quantity(percent(error), hover, error)


def percent(share: float) -> str:
    """`share` (0 to 1) in percent with at most three significant figures."""
    return f"{significant(share * 100)} %"


def significant(value: float, figures: int = 3) -> str:
    """`value` with at most `figures` significant figures and no exponent."""
    if value == 0:
        return "0"
    decimals = figures - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def missing(reason: str) -> Quantity:
    """No number, and why."""
    return Quantity(UNKNOWN, reason or "unknown", None)


def _band(estimate: Estimate, show: object, unit: str) -> str:
    assert callable(show)
    if estimate.low == estimate.high:
        return f", exact; {estimate.method}"
    return f", between {show(estimate.low)} and {show(estimate.high)} {unit}; {estimate.method}"
