"""Numbers for people: at most three significant figures and a unit, with the exact value behind them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from resource_models import Estimate, Missing, format_share
from search.measures.standard_error import METHOD, standard_error
from search.quantities import BYTES, COUNT, SECONDS, Amount

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


def quantity_of(amount: Amount, known: float | Estimate | Missing | None, reason: str = "") -> Quantity:
    """What is known of an amount, with the band and the method of an estimate; `reason` says why it is None."""
    if known is None or isinstance(known, Missing):
        return missing(reason if known is None else str(known))
    if isinstance(known, Estimate):
        return Quantity(amount.format(_rounded(amount, known.value)), _estimated(amount, known), known.value)
    note = f", {amount.note}" if amount.note else ""
    return Quantity(amount.format(_rounded(amount, known)), f"{amount.exact(known)}{note}", known)


def bytes_quantity(count: float | Estimate | Missing) -> Quantity:
    """`count` bytes as KiB or MiB."""
    return quantity_of(BYTES, count)


def seconds_quantity(seconds: float | Estimate | Missing | None, reason: str = "") -> Quantity:
    """`seconds` as ms or µs; `reason` says why it is None."""
    return quantity_of(SECONDS, seconds, reason)


def macs_quantity(count: int) -> Quantity:
    """`count` multiply-accumulates."""
    return quantity_of(COUNT, count)


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
    return format_share(share)


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


def _rounded(amount: Amount, value: float) -> float:
    return round(value) if amount.whole else value


def _estimated(amount: Amount, estimate: Estimate) -> str:
    exact = amount.exact(estimate.value)
    if estimate.low == estimate.high:
        return f"{exact}, exact; {estimate.method}"
    low, high = (amount.number(end, figures=3) for end in (estimate.low, estimate.high))
    return f"{exact}, between {low} and {high} {amount.exactly or amount.unit}; {estimate.method}"
