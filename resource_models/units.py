"""Quantities as people write them: "24 KiB", "20 ms", "1M", "80 MHz".

"KiB", "Ki" and "k" are 1,024 bytes and "kB" is 1,000 bytes; for counts (MACs) "k" is 1,000. In code every
quantity is a plain number of bytes, seconds, hertz, joules or watts; these functions are the only way in
and out.
"""

from __future__ import annotations

import math
import re

from resource_models.errors import UnitError

_NUMBER = re.compile(r"\s*([0-9][0-9_,]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)\s*([^\W\d_]*)\s*\Z")

_BYTES = {
    "": 1,
    "B": 1, "byte": 1, "bytes": 1,
    "k": 1024, "K": 1024, "Ki": 1024, "ki": 1024, "KiB": 1024, "kiB": 1024, "kib": 1024, "KIB": 1024,
    "kB": 1000, "KB": 1000, "kb": 1000,
    "M": 1024**2, "Mi": 1024**2, "MiB": 1024**2, "mib": 1024**2, "m": 1024**2,
    "MB": 1000**2, "mB": 1000**2, "mb": 1000**2,
    "G": 1024**3, "Gi": 1024**3, "GiB": 1024**3, "GB": 1000**3,
}  # fmt: skip
_SECONDS = {
    "": 1.0, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9,
    "min": 60.0, "minute": 60.0, "minutes": 60.0, "h": 3600.0,
}  # fmt: skip
_COUNTS = {
    "": 1, "k": 1000, "K": 1000, "M": 1000**2, "m": 1000**2, "G": 1000**3, "B": 1000**3,
    "MAC": 1, "MACs": 1, "kMAC": 1000, "kMACs": 1000, "KMACs": 1000,
    "MMAC": 1000**2, "MMACs": 1000**2, "GMACs": 1000**3,
}  # fmt: skip
_HERTZ = {
    "": 1.0,
    "Hz": 1.0,
    "hz": 1.0,
    "kHz": 1e3,
    "KHz": 1e3,
    "MHz": 1e6,
    "Mhz": 1e6,
    "mhz": 1e6,
    "GHz": 1e9,
}
_JOULES = {"": 1.0, "J": 1.0, "mJ": 1e-3, "uJ": 1e-6, "µJ": 1e-6, "μJ": 1e-6, "nJ": 1e-9}


def parse_bytes(value: str | float) -> int:
    """Bytes of "24 KiB", "24k", "2500B", "1.5 MiB", "2kB" or a plain number, rounded down.

    Raises:
        UnitError: when `value` is not a number of bytes.
    """
    return math.floor(_parse(value, _BYTES, "a number of bytes", "'24 KiB' or '2500 B'"))


def parse_seconds(value: str | float) -> float:
    """Seconds of "20 ms", "0.02s", "150us" or a plain number of seconds. Raises `UnitError`."""
    return _parse(value, _SECONDS, "a time", "'20 ms' or '0.02 s'")


def parse_count(value: str | float) -> int:
    """A count such as MACs: "1M", "30 M", "250k" (k = 1,000) or a plain number. Raises `UnitError`."""
    return math.floor(_parse(value, _COUNTS, "a count", "'1M' or '250k'"))


def parse_hertz(value: str | float) -> float:
    """Hertz of "80 MHz", "120e6" or a plain number. Raises `UnitError`."""
    return _parse(value, _HERTZ, "a frequency", "'80 MHz'")


def parse_joules(value: str | float) -> float:
    """Joules of "2 mJ", "150 uJ" or a plain number. Raises `UnitError`."""
    return _parse(value, _JOULES, "an energy", "'2 mJ' or '150 uJ'")


def _parse(value: str | float, factors: dict[str, int] | dict[str, float], kind: str, example: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value) and value >= 0:
            return value
    elif isinstance(value, str):
        match = _NUMBER.match(value)
        if match and match.group(2) in factors:
            number = _number(match.group(1)) * factors[match.group(2)]
            if math.isfinite(number):
                # 0.1 KiB * 1024 and the like: do not lose a whole byte to binary rounding.
                return round(number) if abs(number - round(number)) < 1e-9 * max(1.0, number) else number
    raise UnitError(f"{value!r} is not {kind}; write e.g. {example}", text=value)


def _number(text: str) -> float:
    plain = text.replace("_", "").replace(",", "")
    return int(plain) if plain.isdigit() else float(plain)


def format_bytes(size: float) -> str:
    """Bytes as "24 KiB", "512 B", "1.5 MiB": at most three significant figures, steps of 1,024."""
    if abs(size) < 1024:
        return f"{size:.0f} B"
    for unit, factor in (("KiB", 1024), ("MiB", 1024**2), ("GiB", 1024**3)):
        if abs(size) / factor < 999.5 or unit == "GiB":
            return f"{_three_figures(size / factor)} {unit}"
    raise AssertionError("unreachable")


def format_seconds(seconds: float) -> str:
    """Seconds as "20 ms", "1.25 s", "150 µs", "2 min 5 s", "1 h 10 min"."""
    if abs(seconds) >= 3600:
        return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"
    if abs(seconds) >= 100:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return _with_prefix(seconds, "s")


def format_count(count: float) -> str:
    """A count as "1.25 M", "250 k", "12": at most three significant figures, steps of 1,000."""
    for suffix, factor in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(count) >= 0.9995 * factor:
            return f"{_three_figures(count / factor)} {suffix}"
    return _three_figures(count)


def format_hertz(hertz: float) -> str:
    """Hertz as "80 MHz"."""
    return _with_prefix(hertz, "Hz")


def format_joules(joules: float) -> str:
    """Joules as "2 mJ"."""
    return _with_prefix(joules, "J")


def format_watts(watts: float) -> str:
    """Watts as "78 mW"."""
    return _with_prefix(watts, "W")


def _with_prefix(value: float, unit: str) -> str:
    prefixes = (("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0), ("m", 1e-3), ("µ", 1e-6), ("n", 1e-9))
    if value == 0:
        return f"0 {unit}"
    for prefix, factor in prefixes:
        if abs(value) >= 0.9995 * factor or prefix == "n":
            return f"{_three_figures(value / factor)} {prefix}{unit}"
    raise AssertionError("unreachable")


def _three_figures(value: float) -> str:
    if abs(value) >= 99.95:
        return f"{value:.0f}"
    decimals = 1 if abs(value) >= 9.995 else 2
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".")
