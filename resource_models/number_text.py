"""Numbers as people write them: with a point or a comma, with digits in groups of three, with an exponent.

A point is the decimal mark, and so is a comma, unless what follows can only be a group of three digits. Groups are
set apart by a comma, a point, a space, "_" or an apostrophe, one kind in one number: "1,024,000", "1 024", "1.024,5".
One comma or point before exactly three digits may be either; the caller says what it is (see `read_number`).
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Literal

LONGEST = 80  # characters; no amount needs more, and thousands of digits are nobody's
SINGLE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_EXACT = Context(prec=2 * LONGEST)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " ") | {"\u2019": "'", "\u2212": "-"})
_PARTS = re.compile(r"([.,]?[0-9]+(?:[ _'.,][0-9]+)*\.?)(?:[eE]([+-]?[0-9]{1,3}))?\s*([^\d\s.,_'-][^\d]*)?")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}([ _'.,])[0-9]{3}(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]+")
_ZEROS = re.compile(r"0[0-9]")  # of "01,024" nobody can say what the comma is

Reading = Literal["decimal", "thousands", "refuse"]


class AmbiguousNumberError(ValueError):
    """A number that may be read in two ways, `readings`: as the larger one, and as one with decimals or cut there."""

    def __init__(self, readings: tuple[str, str]) -> None:
        super().__init__(f"may be {readings[0]} or {readings[1]}")
        self.readings = readings


def split_unit(text: str) -> tuple[str, str, str] | None:
    """Number, exponent and unit of a text such as "1,5e3 k B": ("1,5", "3", "kB"); None where it is no such thing."""
    if len(text) > LONGEST:
        return None
    found = _PARTS.fullmatch(text.translate(_SPACES).strip())
    if found is None:
        return None
    return found[1], found[2] or "0", "".join((found[3] or "").split())


def read_number(text: str, *, comma: Reading, point: Reading = "decimal") -> Decimal | None:
    """The number that is written in `text`, without exponent and unit; None where it is none.

    Args:
        text: as `split_unit` gives it.
        comma: what a single comma is before exactly three digits, as in "1,024".
        point: what a single point is before exactly three digits.

    Raises:
        AmbiguousNumberError: it may be read in two ways, and the reading is "refuse".
    """
    if SINGLE.fullmatch(text):
        return _single(text, comma if "," in text else point)
    if _GROUPS.fullmatch(text):
        return Decimal(_digits(text))
    whole, mark, decimals = _at_mark(text)
    if mark and not _PLAIN.fullmatch(decimals or "0"):
        return None
    grouped = _GROUPS.fullmatch(whole) is not None and mark not in whole
    if not (grouped or _PLAIN.fullmatch(whole or "0")) or (mark == "," and _ZEROS.match(whole)):
        return None
    return Decimal(f"{_digits(whole) or '0'}.{decimals or '0'}")


def scaled(number: Decimal, exponent: str, factor: Decimal) -> Decimal:
    """`number` times ten to the power of `exponent` times `factor`, exactly."""
    return _EXACT.multiply(_EXACT.scaleb(number, int(exponent)), factor)


def _single(text: str, reading: Reading) -> Decimal:
    larger, decimal = _digits(text), text.replace(",", ".")
    if reading == "refuse" and "." in text:  # no decimals are possible, so that is what is left
        raise AmbiguousNumberError((larger, decimal.partition(".")[0]))
    if reading == "refuse":
        raise AmbiguousNumberError((larger, decimal))
    return Decimal(larger if reading == "thousands" else decimal)


def _at_mark(text: str) -> tuple[str, str, str]:
    """The text before and after the decimal mark: the last point or comma there is."""
    place = max(text.rfind("."), text.rfind(","))
    return (text, "", "") if place < 0 else (text[:place], text[place], text[place + 1 :])


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
