"""Boards: what each one offers to a network, every number with its source, and room for a user's own.

The catalogue is the data file ``boards.json``. Total memory is what the chip has; *usable* memory is what is
left for a network: RAM without the stack and statics of a small firmware, flash without a bootloader.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from resource_models.errors import BoardError, UnitError
from resource_models.units import parse_bytes, parse_hertz, parse_watts

FIRMWARE_RAM_BYTES = 8 * 1024
"""RAM for the stack and statics of a small firmware: 4 KB interpreter + 4 KB other, arXiv:2010.11267 Figure 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Latency of one board and runtime as refitted to a user's own measurements (see `calibrate`).

    Attributes:
        runtime: The runtime that was measured.
        like_core: Core and runtime whose coefficients were scaled.
        like_runtime: See ``like_core``.
        factors: Per kind of kernel the factor on those coefficients.
        low: From an estimate to the lower end of its band.
        high: To the upper end.
        samples: How many networks were measured.
        median_error: Median relative error on networks left out of the fit.
    """

    runtime: str
    like_core: str
    like_runtime: str
    factors: tuple[tuple[str, float], ...]
    low: float
    high: float
    samples: int
    median_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A microcontroller board. Sizes in bytes, clock in hertz, power in watts; ``None`` is unknown.

    ``usable_ram_bytes`` and ``usable_flash_bytes`` default to the total less 8 KiB, and to the total;
    ``default_runtime`` to the kernel library of the core's maker.

    Raises:
        BoardError: A number is not positive, or more memory is usable than there is.
    """

    id: str
    name: str
    core: str
    clock_hz: int
    ram_bytes: int | None
    flash_bytes: int | None
    usable_ram_bytes: int | None = None
    usable_flash_bytes: int | None = None
    fpu: bool = False
    simd: str = "none"
    vendor: str = ""
    mcu: str = ""
    default_runtime: str = ""
    active_power_w: float | None = None
    active_power_range_w: tuple[float, float] | None = None
    note: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    calibrations: tuple[Calibration, ...] = ()

    def __post_init__(self) -> None:
        _fill_defaults(self)
        _check(self)

    def source(self, field: str) -> str:
        """Where the number in ``field`` comes from; the empty string when nothing was stated."""
        return dict(self.sources).get(field, "")


def _fill_defaults(board: Board) -> None:
    if board.usable_ram_bytes is None and board.ram_bytes is not None:
        object.__setattr__(board, "usable_ram_bytes", max(board.ram_bytes - FIRMWARE_RAM_BYTES, 0))
    if board.usable_flash_bytes is None and board.flash_bytes is not None:
        object.__setattr__(board, "usable_flash_bytes", board.flash_bytes)
    if not board.default_runtime:
        object.__setattr__(board, "default_runtime", default_runtime_of(board.core))


def _check(board: Board) -> None:
    if not board.id or not board.core:
        raise BoardError("A board needs an id and a core such as 'Cortex-M4F'.", name=board.id)
    for field in ("clock_hz", "ram_bytes", "flash_bytes", "active_power_w"):
        number = getattr(board, field)
        if number is not None and not number > 0:
            raise BoardError(f"Board '{board.id}': {field} is {number}; it must be greater than 0.", name=board.id)
    for usable, total in (("usable_ram_bytes", "ram_bytes"), ("usable_flash_bytes", "flash_bytes")):
        part, whole = getattr(board, usable), getattr(board, total)
        if part is not None and (part < 0 or (whole is not None and part > whole)):
            raise BoardError(
                f"Board '{board.id}': {usable} is {part}; it must be between 0 and {total}, {whole}.",
                name=board.id,
            )


def default_runtime_of(core: str) -> str:
    """The runtime that a board with this core uses unless told otherwise: the kernels of the core's maker."""
    if core.startswith("Cortex-"):
        return "tflm-cmsis-nn"
    if core.startswith(("Xtensa", "RISC-V")):
        return "tflm-esp-nn"
    return "tflm-reference"


@cache
def boards() -> tuple[Board, ...]:
    """All boards of the catalogue, in the order of the file."""
    text = Path(__file__).with_name("boards.json").read_text(encoding="utf-8")
    return tuple(_from_mapping(entry, "boards.json") for entry in json.loads(text)["boards"])


def is_board_file(id_or_path: str | Path) -> bool:
    """Whether this names a file of a user's own board rather than one of the catalogue."""
    return Path(id_or_path).suffix.lower() in (".json", ".toml")


def board(id_or_path: str | Path | Board) -> Board:
    """The board of that id, or the user's own board in that JSON or TOML file.

    Args:
        id_or_path: An id of ``boards()`` in any case, a path that ends in .json or .toml, or a ``Board``.

    Raises:
        BoardError: No such board (near misses are named), or the file is missing or wrong.
    """
    if isinstance(id_or_path, Board):
        return id_or_path
    if is_board_file(id_or_path):
        return _from_file(Path(id_or_path))
    return _by_id(str(id_or_path), boards())


def _by_id(text: str, known: Iterable[Board]) -> Board:
    wanted = _slug(text)
    by_slug = {slug: item for item in known for slug in (item.id, _slug(item.name))}
    if wanted in by_slug:
        return by_slug[wanted]
    near = difflib.get_close_matches(wanted, by_slug, n=6, cutoff=0.5)
    near += sorted(slug for slug in by_slug if len(wanted) > 2 and wanted in slug)
    names = list(dict.fromkeys(by_slug[slug].id for slug in near))[:3]
    hint = f"did you mean {' or '.join(names)}?" if names else "`python -m resource_models boards` lists all."
    raise BoardError(
        f"There is no board '{text}'; {hint} A board of your own is a .json or .toml file.",
        name=text,
        near=tuple(names),
    )


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _from_file(path: Path) -> Board:
    try:
        text = path.read_text(encoding="utf-8")
        entry = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise BoardError(f"Board file '{path}' cannot be read: {error.strerror}.", name=str(path)) from error
    except ValueError as error:  # both decoders' errors are ValueErrors
        kind = path.suffix[1:].upper()
        raise BoardError(f"Board file '{path}' is not valid {kind}: {error}.", name=str(path)) from error
    if not isinstance(entry, dict):
        raise BoardError(
            f"Board file '{path}' must hold one table of fields such as core, clock_hz, ram_bytes.",
            name=str(path),
        )
    return _from_mapping({"id": path.stem, "name": path.stem} | entry, str(path))


_REQUIRED = ("core", "clock_hz", "ram_bytes", "flash_bytes")


def _from_mapping(entry: Mapping[str, Any], where: str) -> Board:
    names = [field.name for field in fields(Board)]
    for key in entry:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
            raise BoardError(f"{where}: a board has no field '{key}'; {hint}", name=where)
    missing = [name for name in _REQUIRED if name not in entry]
    if missing:
        raise BoardError(f"{where}: the board lacks {', '.join(missing)}; write null for an unknown size.", name=where)
    return Board(**{key: _value(key, value, where) for key, value in entry.items()})


def _value(key: str, value: Any, where: str) -> Any:
    """One field of a board file as ``Board`` wants it; sizes, the clock and power may be text with a unit."""
    if value is None:
        return None
    try:
        return _readers().get(key, str)(value)
    except UnitError as error:
        raise BoardError(f"{where}: {key}: {error}", name=where) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BoardError(f"{where}: {key} is {value!r}, which cannot be read: {error}", name=where) from error


def _readers() -> dict[str, Callable[[Any], Any]]:
    sizes = ("ram_bytes", "usable_ram_bytes", "flash_bytes", "usable_flash_bytes")
    return dict.fromkeys(sizes, parse_bytes) | {
        "clock_hz": lambda value: int(parse_hertz(value)),
        "fpu": _flag,
        "active_power_w": parse_watts,
        "active_power_range_w": _pair,
        "sources": lambda value: tuple((str(field), str(source)) for field, source in value.items()),
        "calibrations": lambda value: tuple(map(_calibration, value)),
    }


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def _pair(value: Any) -> tuple[float, float]:
    low, high = value
    return parse_watts(low), parse_watts(high)


def _calibration(entry: Mapping[str, Any]) -> Calibration:
    return Calibration(**{**entry, "factors": tuple(entry["factors"].items())})
