"""How a text is a table: its separator, header, decimal sign, and the lines that are none of its rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import DataError

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "blanks"}
"""In the order of preference: a comma may be a decimal sign too, a blank a part of words."""
SAMPLE_LINES, SAMPLE_CHARACTERS = 200, 1 << 20
LEAST_SHARE = 0.8  # of the lines that have one number of cells
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)?|[+-]?(nan|inf)", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d*(\.\d{3})*,\d+([eE][+-]?\d+)?")
THOUSANDS_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
THOUSANDS_POINT = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
DECIMAL_POINT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?\.\d+([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The names of the columns, and the rows below them as a text that needs no more than its separator.

    Attributes:
        separator: between the cells of a row; " " stands for one blank or more.
        decimal: "." or ",".
        names: of the columns, as the header has them, or "1", "2", … where there is none.
        body: the rows.
        notes: what is to be said about it.
    """

    separator: str
    decimal: str
    names: tuple[str, ...]
    body: str
    notes: tuple[str, ...]


def find_dialect(text: str, path: Path) -> Dialect:
    """How a text is a table.

    Raises:
        DataError: if its lines have no common number of cells.
    """
    text, stated = _stated_separator(text)
    text, comments, header_in_comment = _without_comments(text)
    notes = [f"{comments} lines that begin with # are left out"] if comments else []
    lines = [line for line in text[:SAMPLE_CHARACTERS].split("\n")[:SAMPLE_LINES] if line.strip()]
    if not lines:
        raise DataError(f"{path} cannot be read as a table (it has no rows)")
    trailing = _trailing(lines)
    if trailing:
        text = re.sub(rf"{re.escape(trailing)}[ \t]*$", "", text, flags=re.MULTILINE)
        lines = [re.sub(rf"{re.escape(trailing)}[ \t]*$", "", line) for line in lines]
    separator, first, width = _layout(lines, stated, path)
    if first:
        notes.append(f"the first {first} lines are no rows of the table and are left out")
    rows = [cells(line, separator) for line in lines[first:]]
    names, has_header = _names(rows, header_in_comment, separator, width)
    if not has_header and not header_in_comment:
        notes.append(f"there is no header; the columns are called 1 to {len(names)}")
    decimal, said = _decimal([cell for row in rows[has_header:] for cell in row], separator)
    return Dialect(separator, decimal, names, _after(text, first + has_header), (*notes, *said))


def cells(line: str, separator: str) -> list[str]:
    """The cells of a line, without the blanks around them."""
    if separator == " ":
        return [cell.strip('"') for cell in line.split()]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    except (csv.Error, StopIteration):
        return [line]


def _stated_separator(text: str) -> tuple[str, str | None]:
    """Excel may write `sep=;` into the first line."""
    match = re.match(r"sep=([^\n])\n", text)
    return (text[match.end() :], match[1]) if match else (text, None)


def _without_comments(text: str) -> tuple[str, int, str]:
    """The text without lines that begin with #, how many there were, and the last of those before the first row."""
    if not re.search(r"^[ \t]*#", text, re.MULTILINE):
        return text, 0, ""
    lines = text.split("\n")
    kept = [line for line in lines if not line.lstrip().startswith("#")]
    begin = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    before = [line.lstrip().lstrip("#") for line in lines[:begin] if line.strip()]
    return "\n".join(kept), len(lines) - len(kept), before[-1] if before else ""


def _trailing(lines: Sequence[str]) -> str:
    """The separator that all rows end with, perhaps all but the header; "" if there is none."""
    ends = {line.rstrip(" ")[-1:] for line in lines[1:] or lines}
    end = ends.pop() if len(ends) == 1 else ""
    if end not in (",", ";", "\t", "|"):
        return ""
    is_named = not lines[0].endswith(end) and lines[0].count(end) == lines[-1].count(end)  # a column without values
    return "" if is_named else end


def _layout(lines: Sequence[str], stated: str | None, path: Path) -> tuple[str, int, int]:
    """(separator, lines before the table, cells of its rows)."""
    worst = ""
    for separator in [stated] if stated else SEPARATORS:
        counts = [len(cells(line, separator)) for line in lines]
        width, share = Counter(counts[len(counts) // 2 :]).most_common(1)[0]
        if width < 2:
            continue
        first = counts.index(width)
        if first and counts[first - 1] > 1 and _is_above(lines[first - 1], lines[first], separator):
            first -= 1
            if counts[first] < width - 1 or not _are_names([cells(line, separator)[0] for line in lines[first + 1 :]]):
                raise DataError(
                    f"{path} cannot be read as a table (with {SEPARATORS.get(separator, separator)} its header has "
                    f"{counts[first]} cells, but its rows have {width})"
                )
        if share >= LEAST_SHARE * len(counts[len(counts) // 2 :]) and max(counts[:first], default=0) < width:
            return separator, first, width
        worst = worst or f"with {SEPARATORS.get(separator, separator)} they have {min(counts)} to {max(counts)} cells"
    if worst:
        raise DataError(f"{path} cannot be read as a table (its lines have no common number of cells: {worst})")
    return ",", 0, 1


def _is_above(line: str, row: str, separator: str) -> bool:
    """Whether a line can be the header of a row."""
    return not _has_numbers(cells(line, separator)) and _has_numbers(cells(row, separator))


def _are_names(first_cells: Sequence[str]) -> bool:
    """Whether they can be the names of rows, which R writes without a header above them."""
    return len(set(first_cells)) == len(first_cells)


def _names(rows: Sequence[Sequence[str]], in_comment: str, separator: str, width: int) -> tuple[tuple[str, ...], bool]:
    commented = cells(in_comment, separator) if in_comment else []
    if len(commented) == width and not _has_numbers(commented):
        return tuple(commented), False
    header = rows[0]
    if len(header) == width - 1:
        return ("", *header), True
    if _has_numbers(header) and not _counts(header):
        return tuple(str(number) for number in range(1, width + 1)), False
    return tuple(header), True


def _has_numbers(header: Sequence[str]) -> bool:
    return any(NUMBER.fullmatch(cell) for cell in header)


def _counts(header: Sequence[str]) -> bool:
    """Whether its numbers are those that pandas gives columns without names, which are 0, 1, 2 and so on."""
    numbers = [cell for cell in header if NUMBER.fullmatch(cell)]
    return len(numbers) > 1 and numbers == [str(number) for number in range(len(numbers))]


def _decimal(cells_: Sequence[str], separator: str) -> tuple[str, tuple[str, ...]]:
    """The decimal sign that the cells show."""
    commas = [cell for cell in cells_ if DECIMAL_COMMA.fullmatch(cell)]
    surely = [cell for cell in commas if not THOUSANDS_COMMA.fullmatch(cell)]
    points = [cell for cell in cells_ if DECIMAL_POINT.fullmatch(cell)]
    if not commas or (points and not (surely and all(map(THOUSANDS_POINT.fullmatch, points)))):
        return ".", ()
    if surely or separator != ",":
        doubt = "" if surely else f"; {commas[0]!r} could also mean thousands"
        return ",", (f"commas are taken as decimal commas, as in {(surely or commas)[0]!r}{doubt}",)
    return ".", ()


def _after(text: str, rows: int) -> str:
    """What follows so many lines that are not blank."""
    place = 0
    for end in _ends(text):
        if not rows:
            break
        rows -= bool(text[place:end].strip())
        place = end + 1
    return text[place:]


def _ends(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer("\n", text))
