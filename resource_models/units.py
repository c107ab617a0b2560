"""Quantities as people write them: "24 KiB", "20 ms", "1M", "80 MHz", "3.5 %".

"KiB", "Ki" and "k" are 1,024 bytes and "kB" is 1,000 bytes; for counts (MACs) "k" is 1,000. In code every quantity is
a plain number of bytes, seconds, hertz, joules, watts or a share (0 to 1); these functions are the only way in and out.

A decimal comma is read as one ("12,5 KiB"). Before exactly three digits a comma sets a group of thousands apart where
the amount is whole, in bytes and counts ("1,024 KiB" is 1 MiB); in all other amounts it could be either, and is refused
("1,250 ms" may be 1250 ms or 1.25 ms). A point is the decimal mark ("1.024 KiB"), and is refused before exactly three
digits where the unit allows no decimals ("1.024 B"). Groups may also be set apart by spaces, "_" or apostrophes. A
number without a unit is in base units, unless the caller names the unit that stands beside it (`bare`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

from resource_models.errors import UnitError
from resource_models.number_text import AmbiguousNumberError, Reading, read_number, scaled, split_unit

LARGEST = 10**18
"""No amount is as large as this, in base units."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One kind of amount: what it is called, how it is written for example, and what its units are worth.

    Attributes:
        kind: e.g. "a number of bytes".
        example: of how to write it.
        factors: what each unit is worth in the base unit, whose own name is the empty text.
        whole: whether amounts are whole numbers in base units.
    """

    kind: str
    example: str
    factors: Mapping[str, Decimal]
    whole: bool = False

    def parse(self, value: Any, *, bare: str = "") -> int | float:
        """The amount in base units: an int, rounded down, where amounts are `whole`, and a float otherwise.

        Args:
            value: a text, or a number in base units.
            bare: the unit of a text that names none.

        Raises:
            UnitError: it is no such amount, or may be read in two ways; says how to write it.
        """
        number = self._text(value, bare) if isinstance(value, str) else _plain(value)
        if number is None or not 0 <= number < LARGEST:
            raise UnitError(f"{_shown(value)} is not {self.kind}; write e.g. {self.example}", text=value)
        return math.floor(number) if self.whole else float(number)

    def _text(self, text: str, bare: str) -> Decimal | None:
        parts = split_unit(text)
        if parts is None or (parts[2] or bare) not in self.factors:
            return None
        written, exponent, unit = parts
        factor = self.factors[unit or bare]
        comma: Reading = "thousands" if self.whole else "refuse"
        point: Reading = "refuse" if self.whole and factor == 1 else "decimal"
        try:
            number = read_number(written, comma=comma, point=point)
        except AmbiguousNumberError as error:
            larger, smaller = (f"{reading} {unit or bare}".strip() for reading in error.readings)
            raise UnitError(f"{_shown(text)} may be {larger} or {smaller}; write one of these", text=text) from None
        return None if number is None else scaled(number, exponent, factor)


def _plain(value: Any) -> Decimal | None:
    """A number as it is; None for what is no number, or not a finite one."""
    if isinstance(value, int):  # of any size, which a float may not hold
        return None if isinstance(value, bool) else Decimal(value)
    if not isinstance(value, Real):
        return None
    try:
        number = Decimal(float(value))
    except OverflowError:  # a fraction beyond all floats
        return None
    return number if number.is_finite() else None


def _shown(value: object) -> str:
    """What was given, in quotes and cut to a length that people read."""
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else f"{value[:40]}…")
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to write out thousands of digits
        return f"a number of {value.bit_length()} bits"
    words = repr(value)
    return words if len(words) <= 60 else f"{words[:60]}…"


def _prefixed(*units: str, prefixes: str = "GMkmµn") -> dict[str, Decimal]:
    """The units with their prefixes; both micro signs and "u" are the same."""
    worth = {"G": "1e9", "M": "1e6", "k": "1e3", "m": "1e-3", "µ": "1e-6", "n": "1e-9"}
    spelt = {"µ": "µμu"}
    return {
        prefix + unit: Decimal(worth[letter])
        for unit in units
        for letter in prefixes
        for prefix in spelt.get(letter, letter)
    } | {unit: Decimal(1) for unit in ("", *units)}


def _powers(step: int, *names: str) -> dict[str, Decimal]:
    """The units in each of the texts, the first worth `step`, the next its square."""
    return {unit: Decimal(step**power) for power, text in enumerate(names, start=1) for unit in text.split()}


BYTES = Unit(
    "a number of bytes",
    "'24 KiB' or '2500 B'",
    {unit: Decimal(1) for unit in ("", "B", "byte", "bytes")}
    | _powers(1024, "k K Ki ki KiB kiB kib KIB", "M m Mi MiB mib", "G Gi GiB")
    | _powers(1000, "kB KB kb", "MB mB mb", "GB"),
    whole=True,
)
SECONDS = Unit(
    "a time",
    "'20 ms' or '0.02 s'",
    _prefixed("s", prefixes="mµn")
    | {unit: Decimal(1) for unit in ("sec", "second", "seconds")}
    | {unit: Decimal(60) for unit in ("min", "minute", "minutes")}
    | {unit: Decimal(3600) for unit in ("h", "hour", "hours")},
)
COUNT = Unit(
    "a count",
    "'1M' or '250k'",
    {unit: Decimal(1) for unit in ("", "MAC", "MACs")}
    | _powers(1000, "k K kMAC kMACs KMACs", "M m MMAC MMACs", "G GMAC GMACs"),
    whole=True,
)
HERTZ = Unit(
    "a frequency",
    "'80 MHz'",
    _prefixed("Hz") | {"hz": Decimal(1)} | _powers(1000, "khz KHz", "mhz Mhz", "ghz Ghz"),
)
JOULES = Unit("an energy", "'2 mJ' or '150 µJ'", _prefixed("J"))
WATTS = Unit("a power", "'78 mW'", _prefixed("W"))
SHARE = Unit("a share", "'5 %' or '0.05'", {"": Decimal(1), "%": Decimal("0.01"), "percent": Decimal("0.01")})


def parse_bytes(value: str | float, *, bare: str = "") -> int:
    """Bytes of "24 KiB", "24k", "2500B", "1.5 MiB", "2kB" or a plain number, rounded down.

    Raises:
        UnitError: when `value` is not a number of bytes. `bare` is the unit of a text that names none.
    """
    return int(BYTES.parse(value, bare=bare))


def parse_seconds(value: str | float, *, bare: str = "") -> float:
    """Seconds of "20 ms", "0.02s", "150us", "2 min 5 s" or a plain number of seconds. Raises `UnitError`."""
    parts = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if parts is None or sum(part is not None for part in parts.groups()) < 2:
        return SECONDS.parse(value, bare=bare)
    return float(sum(int(part or 0) * worth for part, worth in zip(parts.groups(), (3600, 60, 1), strict=True)))


_CLOCK = re.compile(r"\s*(?:([0-9]{1,12})\s*h\s*)?(?:([0-9]{1,12})\s*min\s*)?(?:([0-9]{1,12})\s*s\s*)?")


def parse_count(value: str | float, *, bare: str = "") -> int:
    """A count such as MACs: "1M", "30 M", "250k" (k = 1,000) or a plain number. Raises `UnitError`."""
    return int(COUNT.parse(value, bare=bare))


def parse_hertz(value: str | float, *, bare: str = "") -> float:
    """Hertz of "80 MHz", "120e6" or a plain number. Raises `UnitError`."""
    return HERTZ.parse(value, bare=bare)


def parse_joules(value: str | float, *, bare: str = "") -> float:
    """Joules of "2 mJ", "150 uJ" or a plain number. Raises `UnitError`."""
    return JOULES.parse(value, bare=bare)


def parse_watts(value: str | float, *, bare: str = "") -> float:
    """Watts of "78 mW" or a plain number. Raises `UnitError`."""
    return WATTS.parse(value, bare=bare)


def parse_share(value: str | float, *, bare: str = "") -> float:
    """A share of "3.5 %", "3,5%" or "0.035"; what is above 1 is given as it is. Raises `UnitError`."""
    return SHARE.parse(value, bare=bare)


def format_bytes(size: float) -> str:
    """Bytes as "24 KiB", "512 B", "1.5 MiB": at most three significant figures, steps of 1,024."""
    if not math.isfinite(size):
        return UNKNOWN
    if abs(size) < 1023.5:
        return f"{size:.0f} B"
    for unit, factor in (("KiB", 1024), ("MiB", 1024**2), ("GiB", 1024**3)):
        if abs(size) / factor < 999.5 or unit == "GiB":
            return f"{_three_figures(size / factor)} {unit}"
    raise AssertionError("unreachable")


def format_seconds(seconds: float) -> str:
    """Seconds as "20 ms", "1.25 s", "150 µs", "2 min 5 s", "1 h 10 min"."""
    if not math.isfinite(seconds) or abs(seconds) < 99.95:
        return _with_prefix(seconds, "s")
    sign, whole = "-" if seconds < 0 else "", round(abs(seconds))
    if whole < 3600:
        return f"{sign}{whole // 60} min {whole % 60} s"
    minutes = round(whole / 60)
    return f"{sign}{minutes // 60} h {minutes % 60} min"


def format_count(count: float) -> str:
    """A count as "1.25 M", "250 k", "12": at most three significant figures, steps of 1,000."""
    for suffix, factor in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(count) >= 0.9995 * factor and math.isfinite(count):
            return f"{_three_figures(count / factor)} {suffix}"
    return _three_figures(count) if math.isfinite(count) else UNKNOWN


def format_hertz(hertz: float) -> str:
    """Hertz as "80 MHz"."""
    return _with_prefix(hertz, "Hz")


def format_joules(joules: float) -> str:
    """Joules as "2 mJ"."""
    return _with_prefix(joules, "J")


def format_watts(watts: float) -> str:
    """Watts as "78 mW"."""
    return _with_prefix(watts, "W")


def format_share(share: float) -> str:
    """A share (0 to 1) as "3.5 %"."""
    return f"{_three_figures(100 * share)} %" if math.isfinite(share) else UNKNOWN


UNKNOWN = "–"
"""What stands for a number that is infinite or none."""


def _with_prefix(value: float, unit: str) -> str:
    prefixes = (("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0), ("m", 1e-3), ("µ", 1e-6), ("n", 1e-9))
    if not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return f"0 {unit}"
    for prefix, factor in prefixes:
        if abs(value) >= 0.9995 * factor or prefix == "n":
            return f"{_three_figures(value / factor)} {prefix}{unit}"
    raise AssertionError("unreachable")


def _three_figures(value: float) -> str:
    if abs(value) >= 99.95:
        return f"{value:.0f}"
    if 0 < abs(value) < 0.995:
        return f"{value:.3g}"
    decimals = 1 if abs(value) >= 9.995 else 2
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".")
