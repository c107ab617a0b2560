"""Board files: JSON or TOML of a user's own, checked against a schema where they come in."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from resource_models.boards.board import Board, Calibration
from resource_models.errors import BoardError, UnitError
from resource_models.units import parse_bytes, parse_hertz, parse_watts

MAX_FILE_BYTES = 1024 * 1024
_MAX_DEPTH = 5
_MAX_DIGITS = 400

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Text = Annotated[str, msgspec.Meta(max_length=5_000)]
_Amount = int | float | Annotated[str, msgspec.Meta(max_length=60)]
_Factor = Annotated[float, msgspec.Meta(ge=0, le=1e6)]


class _CalibrationEntry(msgspec.Struct, forbid_unknown_fields=True):
    runtime: _Name
    like_core: _Name
    like_runtime: _Name
    factors: dict[_Name, _Factor]
    low: _Factor
    high: _Factor
    samples: Annotated[int, msgspec.Meta(ge=0, le=10**9)]
    median_error: _Factor
    element_type: _Name = "int8"


class _BoardEntry(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The fields of `Board` as a file may write them; sizes, the clock and power may be text with a unit."""

    id: _Name
    name: _Name
    core: _Name
    clock_hz: _Amount
    ram_bytes: _Amount | None
    flash_bytes: _Amount | None
    usable_ram_bytes: _Amount | None = None
    usable_ram_by_framework: dict[_Name, _Amount] = {}
    usable_flash_bytes: _Amount | None = None
    fpu: bool = False
    simd: _Text = "none"
    vendor: _Text = ""
    mcu: _Text = ""
    default_runtime: _Text = ""
    active_power_w: _Amount | None = None
    active_power_range_w: tuple[_Amount, _Amount] | None = None
    note: _Text = ""
    sources: dict[_Name, _Text] = {}
    calibrations: Annotated[tuple[_CalibrationEntry, ...], msgspec.Meta(max_length=100)] = ()


def read_board(path: Path) -> Board:
    """The board in a file; its id is the file's name unless it states one.

    Raises:
        BoardError: The file is missing or wrong: one sentence with what and where.
    """
    entry = read_table(path)
    return board_of({"id": path.stem, "name": path.stem} | entry, str(path))


def read_table(path: Path) -> dict[str, Any]:
    """The table in a JSON or TOML file.

    Raises:
        BoardError: The file cannot be read, is too large, or holds something else.
    """
    kind = path.suffix[1:].upper()
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BoardError(f"Board file '{path}' is larger than {MAX_FILE_BYTES} bytes.", name=str(path))
        text = path.read_text(encoding="utf-8")
        entry = tomllib.loads(text) if kind == "TOML" else json.loads(text)
    except OSError as error:
        raise BoardError(f"Board file '{path}' cannot be read: {error.strerror}.", name=str(path)) from error
    except RecursionError as error:
        raise BoardError(f"Board file '{path}' is nested too deeply.", name=str(path)) from error
    except ValueError as error:  # both decoders' errors are ValueErrors, and that of a number with too many digits
        raise BoardError(f"Board file '{path}' is not valid {kind}: {_short(error)}.", name=str(path)) from error
    if not isinstance(entry, dict):
        raise BoardError(
            f"Board file '{path}' must hold one table of fields such as core, clock_hz, ram_bytes.", name=str(path)
        )
    return entry


def board_of(entry: Mapping[str, Any], where: str) -> Board:
    """The board that a table describes.

    Args:
        entry: Fields of `Board`, as a file writes them.
        where: The name of the file, for the message.

    Raises:
        BoardError: A field is unknown, missing, of a wrong type or out of its range.
    """
    _check_names(entry, where)
    try:
        _check_plain(entry)
        checked = msgspec.convert(entry, _BoardEntry)
    except (msgspec.ValidationError, ValueError) as error:
        raise BoardError(f"{where}: {_short(error)}.", name=where) from error
    fields = {field.name: getattr(checked, field.name) for field in dataclasses.fields(Board)}
    return Board(**{key: _value(key, value, where) for key, value in fields.items()})


def write_board(board: Board, path: Path) -> None:
    """Writes a board with its calibrations as a JSON file that `board(path)` reads.

    Raises:
        BoardError: The file cannot be written.
    """
    fields: dict[str, Any] = dataclasses.asdict(board)
    fields["sources"] = dict(board.sources)
    fields["usable_ram_by_framework"] = dict(board.usable_ram_by_framework)
    fields["calibrations"] = [
        {**dataclasses.asdict(item), "factors": dict(item.factors)} for item in board.calibrations
    ]
    try:
        path.write_text(json.dumps(fields, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BoardError(f"Board file '{path}' cannot be written: {error.strerror}.", name=str(path)) from error


_REQUIRED = ("core", "clock_hz", "ram_bytes", "flash_bytes")


def _check_names(entry: Mapping[str, Any], where: str) -> None:
    names = [field.name for field in dataclasses.fields(Board)]
    for key in entry:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
            raise BoardError(f"{where}: a board has no field '{key[:60]}'; {hint}", name=where)
    missing = [name for name in _REQUIRED if name not in entry]
    if missing:
        raise BoardError(f"{where}: the board lacks {', '.join(missing)}; write null for an unknown size.", name=where)


def _check_plain(value: object, place: str = "", depth: int = 0) -> None:
    """Refuses what no schema can see: numbers that are not finite or have hundreds of digits, and deep nesting."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"{place} is nested too deeply")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{place}: {value} is not a finite number")
    if isinstance(value, int) and abs(value) >= 10**_MAX_DIGITS:
        raise ValueError(f"{place} has more than {_MAX_DIGITS} digits")
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        _check_plain(part, f"{place}.{key}"[:60].removeprefix("."), depth + 1)


def _short(error: Exception) -> str:
    """An error in one line of at most 200 characters, without a full stop; where a type is wrong, in plain words."""
    text = str(error).splitlines()[0][:200].removesuffix(".")
    found = _WRONG_TYPE.fullmatch(text)
    if found is None:
        return text.replace("`$.", "`")
    expected, given, place = found.groups()
    return f"{place}: expected {' or '.join(map(_in_words, expected.split(' | ')))}, not {_in_words(given)}"


_WRONG_TYPE = re.compile(r"Expected `(.+)`, got `(.+)` - at `\$\.(.+)`")
_WORDS = {
    "bool": "true or false", "str": "text", "int": "a whole number", "float": "a number", "array": "a list",
    "object": "a table",
}  # fmt: skip


def _in_words(kind: str) -> str:
    return _WORDS.get(kind, kind)


def _value(key: str, value: Any, where: str) -> Any:
    if value is None:
        return None
    try:
        reader = _READERS.get(key)
        return reader(value) if reader else value
    except UnitError as error:
        raise BoardError(f"{where}: {key}: {error}", name=where) from error


def _calibrations(entries: tuple[_CalibrationEntry, ...]) -> tuple[Calibration, ...]:
    return tuple(
        Calibration(**(msgspec.structs.asdict(entry) | {"factors": tuple(entry.factors.items())})) for entry in entries
    )


_SIZES = ("ram_bytes", "usable_ram_bytes", "flash_bytes", "usable_flash_bytes")
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SIZES, parse_bytes),
    "clock_hz": lambda value: int(parse_hertz(value)),
    "active_power_w": parse_watts,
    "active_power_range_w": lambda value: (parse_watts(value[0]), parse_watts(value[1])),
    "usable_ram_by_framework": lambda value: tuple((name, parse_bytes(size)) for name, size in value.items()),
    "sources": lambda value: tuple(value.items()),
    "calibrations": _calibrations,
}
