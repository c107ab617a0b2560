"""Quantities as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import (
    UnitError,
    format_bytes,
    format_count,
    format_joules,
    format_seconds,
    parse_bytes,
    parse_count,
    parse_hertz,
    parse_joules,
    parse_seconds,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("24 KiB", 24576), ("24k", 24576), ("24Ki", 24576), ("24 KIB", 24576), ("2500B", 2500), ("2500", 2500),
        ("1.5 MiB", 1572864), ("2kB", 2000), ("2 KB", 2000), ("0.1 KiB", 102), (" 8KiB ", 8192), ("1,024 B", 1024),
        ("1e3", 1000), (4096, 4096), (12.9, 12), ("0", 0),
    ],
)  # fmt: skip
def test_bytes_are_read(text: str | float, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    "text", ["12 parsecs", "", "KiB", "-5 B", "1 2 B", "nan", "inf", "1e999", True, None, "0x10", "5 ms", "٣ B"]
)
def test_what_is_no_number_of_bytes_is_refused(text: object) -> None:
    with pytest.raises(UnitError, match=r"is not a number of bytes; write e\.g\. '24 KiB'") as caught:
        parse_bytes(text)  # type: ignore[arg-type]
    assert caught.value.text is text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20 ms", 0.02), ("0.02s", 0.02), ("150us", 150e-6), ("150 µs", 150e-6), ("2 min", 120), (3, 3)],
)
def test_times_are_read(text: str | int, seconds: float) -> None:
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "count"), [("1M", 10**6), ("30 M", 30 * 10**6), ("250k", 250_000), ("1.5G", 15 * 10**8)]
)
def test_counts_are_read_with_steps_of_a_thousand(text: str, count: int) -> None:
    assert parse_count(text) == count


def test_other_quantities_are_read() -> None:
    assert parse_hertz("80 MHz") == 80e6
    assert parse_joules("2 mJ") == pytest.approx(0.002)
    with pytest.raises(UnitError):
        parse_seconds("12 parsecs")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (24576, "24 KiB"), (1572864, "1.5 MiB"), (1023 * 1024, "1 MiB")],
)
def test_bytes_are_written(size: int, text: str) -> None:
    assert format_bytes(size) == text


def test_other_quantities_are_written() -> None:
    assert format_seconds(0.02) == "20 ms"
    assert format_seconds(0) == "0 s"
    assert format_seconds(125) == "2 min 5 s"
    assert format_count(1_250_000) == "1.25 M"
    assert format_count(999_999) == "1 M"
    assert format_joules(0.0021) == "2.1 mJ"


@given(st.integers(0, 10**9))
def test_what_is_written_is_read_again_within_its_figures(size: int) -> None:
    assert parse_bytes(format_bytes(size)) == pytest.approx(size, rel=0.006)
