"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import (
    UnitError,
    format_bytes,
    format_count,
    format_hertz,
    format_joules,
    format_seconds,
    format_share,
    format_watts,
    parse_bytes,
    parse_count,
    parse_hertz,
    parse_joules,
    parse_seconds,
    parse_share,
    parse_watts,
)

PARSERS = (parse_bytes, parse_seconds, parse_count, parse_hertz, parse_joules, parse_watts, parse_share)
THIN, NARROW, HARD = "\u2009", "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("24 KiB", 24576), ("24k", 24576), ("24Ki", 24576), ("24 KIB", 24576), ("2500B", 2500), ("2500", 2500),
        ("1.5 MiB", 1572864), ("2kB", 2000), ("2 KB", 2000), ("0.1 KiB", 102), (" 8KiB ", 8192), ("1,024 B", 1024),
        ("1e3", 1000), (4096, 4096), (12.9, 12), ("0", 0), (np.int64(5), 5), (Fraction(7, 2), 3), ("5. KiB", 5120),
    ],
)  # fmt: skip
def test_bytes_are_read(text: str | float, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("12,5 KiB", 12800), ("0,5 KiB", 512), ("0,125 KiB", 128), (",5 KiB", 512), ("12,50 KiB", 12800),
        ("1234,567 KiB", 1264196), ("1,5e3 B", 1500),
    ],
)  # fmt: skip
def test_a_comma_is_a_decimal_mark(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1,024 KiB", 1024**2), ("12,345", 12345), ("1,024,000 B", 1_024_000), ("1.024.000 B", 1_024_000),
        ("1 024 B", 1024), (f"1{THIN}024 B", 1024), (f"1{NARROW}024{HARD}B", 1024), ("1_024_000", 1_024_000),
        ("1'024 B", 1024), ("1’024 B", 1024), ("1,024.5 KiB", 1049088), ("1.024,5 KiB", 1049088),
        ("1 024,5 KiB", 1049088), ("1.024 KiB", 1048),
    ],
)  # fmt: skip
def test_groups_of_three_digits_are_thousands(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    "text",
    ["1,2,3", "12,34,567 B", "1,024,5", "1 2 B", "1_0", "1'02 B", "1,024 000", "1.2.3", "01,024", "1  024 B", "1,,024",
     "0,024,000", "1 024 00", "5 -", "1_", "5-"],
)  # fmt: skip
def test_other_groups_are_refused(text: str) -> None:
    with pytest.raises(UnitError, match="is not a number of bytes"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("parse", "text", "both"),
    [
        (parse_seconds, "1,250 ms", "may be 1250 ms or 1.250 ms; write one of these"),
        (parse_hertz, "1,200 MHz", "may be 1200 MHz or 1.200 MHz; write one of these"),
        (parse_joules, "2,500", "may be 2500 or 2.500; write one of these"),
        (parse_watts, "1,500 mW", "may be 1500 mW or 1.500 mW; write one of these"),
        (parse_bytes, "1.024 B", "may be 1024 B or 1 B; write one of these"),
        (parse_count, "2.500", "may be 2500 or 2; write one of these"),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_with_both(parse: object, text: str, both: str) -> None:
    assert callable(parse)
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert str(caught.value) == f"'{text}' {both}"
    for spelling in str(caught.value).split(" may be ")[1].split(";")[0].split(" or "):
        parse(spelling)


@pytest.mark.parametrize(
    "text",
    ["12 parsecs", "", "KiB", "-5 B", "−5 B", "1 2 B", "nan", "inf", "∞", "1e999", "1e18", True, None, "0x10", "5 ms",
     "٣ B", "\uff11\uff12 B", float("inf"), float("nan"), -1, 10**400, [], "\x00", "5 B\n5 B", "1e-", "e3", ".", ","],
)  # fmt: skip
def test_what_is_no_number_of_bytes_is_refused(text: object) -> None:
    with pytest.raises(UnitError, match=r"is not a number of bytes; write e\.g\. '24 KiB'") as caught:
        parse_bytes(text)  # type: ignore[arg-type]
    assert caught.value.text is text


ENORMOUS = {
    "digits": "9" * 5000,
    "commas": "1," * 3000,
    "number": 10**5000,
    "zeros": "1" + "0" * 4400 + " B",
    "other": {"a": "b" * 900},
    "fraction": Fraction(10**400),
}


@pytest.mark.parametrize("value", list(ENORMOUS.values()), ids=list(ENORMOUS))
def test_what_is_refused_is_shown_in_a_sentence_of_readable_length(value: object) -> None:
    for parse in PARSERS:
        with pytest.raises(UnitError) as caught:
            parse(value)  # type: ignore[arg-type]
        assert len(str(caught.value)) < 160


@given(st.one_of(st.text(), st.text("0123456789.,_ '-+eE kKiBMGsmµ%\u2009", max_size=12)))
def test_every_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    for parse in PARSERS:
        try:
            amount, said = parse(text), ""
        except UnitError as error:
            amount, said = 0, str(error)
        assert 0 <= amount < 10**18
        assert len(said.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20 ms", 0.02), ("0.02s", 0.02), ("150us", 150e-6), ("150 µs", 150e-6), ("150 μs", 150e-6), ("2 min", 120),
     (3, 3), ("2 min 5 s", 125), ("1 h 10 min", 4200), ("1h5s", 3605), ("0.5 ns", 5e-10), ("12,5 ms", 0.0125)],
)  # fmt: skip
def test_times_are_read(text: str | int, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["5 min 2 h", "5 min 1.5 s", "2 min -5 s"])
def test_times_of_several_units_are_whole_and_descending(text: str) -> None:
    with pytest.raises(UnitError, match="is not a time"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [("1M", 10**6), ("30 M", 30 * 10**6), ("250k", 250_000), ("1.5G", 15 * 10**8), ("1 M MACs", 10**6),
     ("500 MACs", 500), ("1,000", 1000)],
)  # fmt: skip
def test_counts_are_read_with_steps_of_a_thousand(text: str, count: int) -> None:
    assert parse_count(text) == count


def test_bytes_are_no_count() -> None:
    with pytest.raises(UnitError, match="'64 B' is not a count"):
        parse_count("64 B")


def test_other_quantities_are_read() -> None:
    assert parse_hertz("80 MHz") == 80e6
    assert parse_joules("2 mJ") == 0.002
    assert parse_joules("0.9 nJ") == 0.9e-9
    assert parse_joules("150 μJ") == parse_joules("150 µJ") == parse_joules("150uJ") == 150e-6
    assert parse_watts("78 mW") == 0.078
    assert parse_watts("1 MW") == 1e6
    assert parse_share("3,5%") == parse_share("3.5 %") == parse_share(0.035) == 0.035
    with pytest.raises(UnitError):
        parse_seconds("12 parsecs")


def test_a_text_without_a_unit_has_the_one_that_stands_beside_it() -> None:
    assert parse_bytes("12.5", bare="KiB") == 12800
    assert parse_bytes("12,5", bare="KiB") == 12800
    assert parse_bytes("2.500", bare="KiB") == 2560
    assert parse_bytes("2500 B", bare="KiB") == 2500
    assert parse_bytes(12.5, bare="KiB") == 12
    assert parse_seconds("20", bare="ms") == 0.02
    assert parse_hertz("80", bare="MHz") == 80e6
    assert parse_seconds("20") == 20


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
    assert format_seconds(-125) == "-2 min 5 s"
    assert format_seconds(3599.7) == "1 h 0 min"
    assert format_count(1_250_000) == "1.25 M"
    assert format_count(999_999) == "1 M"
    assert format_joules(0.0021) == "2.1 mJ"
    assert format_share(0.035) == "3.5 %"


@pytest.mark.parametrize(
    "show", [format_bytes, format_seconds, format_count, format_hertz, format_joules, format_watts, format_share]
)
def test_what_is_not_finite_is_a_dash(show: object) -> None:
    assert callable(show)
    assert {show(value) for value in (float("inf"), float("-inf"), float("nan"))} == {"–"}


POSITIVE = st.floats(1e-12, 1e12)


@given(st.integers(0, 10**15))
def test_whole_amounts_that_are_written_are_read_again_within_their_figures(size: int) -> None:
    assert parse_bytes(format_bytes(size)) == pytest.approx(size, rel=0.006)
    assert parse_count(format_count(size)) == pytest.approx(size, rel=0.006)
    assert parse_count(f"{format_count(size)} MACs") == parse_count(format_count(size))


@given(POSITIVE)
def test_amounts_that_are_written_are_read_again_within_their_figures(value: float) -> None:
    assert parse_seconds(format_seconds(value)) == pytest.approx(value, rel=0.009)
    assert parse_hertz(format_hertz(value)) == pytest.approx(value, rel=0.006)
    assert parse_joules(format_joules(value)) == pytest.approx(value, rel=0.006)
    assert parse_watts(format_watts(value)) == pytest.approx(value, rel=0.006)


@given(st.floats(1e-9, 1))
def test_shares_that_are_written_are_read_again_within_their_figures(share: float) -> None:
    assert parse_share(format_share(share)) == pytest.approx(share, rel=0.006)


@given(st.decimals(0, 10**9, places=6), st.sampled_from([".", ","]))
def test_decimals_are_read_exactly_with_either_mark(number: Decimal, mark: str) -> None:
    assert parse_joules(str(number).replace(".", mark)) == float(number)


@given(st.integers(0, 10**17), st.sampled_from([",", "_", " ", "'", THIN]))
def test_groups_are_read_with_any_separator(count: int, mark: str) -> None:
    assert parse_count(f"{count:,}".replace(",", mark)) == count
