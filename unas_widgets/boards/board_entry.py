"""A board as people type it, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from resource_models import (
    Board,
    UnitError,
    boards,
    format_bytes,
    format_hertz,
    parse_bytes,
    parse_hertz,
)
from resource_models.number_text import split_unit
from unas_widgets.budgets.shadow_prices_view import listed
from unas_widgets.errors import WidgetError


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """The fields, each with its unit; `usable_ram` and `usable_flash` may be empty."""

    name: str = ""
    core: str = ""
    clock: str = ""
    ram: str = ""
    flash: str = ""
    usable_ram: str = ""
    usable_flash: str = ""


WORDS = {
    "name": "Name",
    "core": "Core",
    "clock": "Clock",
    "ram": "RAM",
    "flash": "Flash",
    "usable_ram": "RAM for a network",
    "usable_flash": "Flash for a program",
}
"""What each field of an entry is called."""
EXAMPLES = {
    "name": "My board",
    "core": "Cortex-M4F",
    "clock": "80 MHz",
    "ram": "128 KiB",
    "flash": "512 KiB",
    "usable_ram": "RAM less 8 KiB",
    "usable_flash": "all of it",
}
"""What an empty field shows."""
UNITS = {"clock": "MHz", "ram": "KiB", "flash": "KiB", "usable_ram": "KiB", "usable_flash": "KiB"}
"""What stands beside a field; a number alone has this unit."""


class Plausible(NamedTuple):
    """What boards have of something, from the least to the most in base units, and how it is said.

    What is part of a whole is not asked about where the whole is unlikely itself.
    """

    field: str
    least: float
    most: float
    show: Callable[[float], str]
    words: str
    whole: str = ""


PLAUSIBLE = (
    Plausible("ram_bytes", 2 * 1024, 64 * 1024**2, format_bytes, "{} of RAM"),
    Plausible("flash_bytes", 16 * 1024, 256 * 1024**2, format_bytes, "{} of flash"),
    Plausible("usable_ram_bytes", 1024, 64 * 1024**2, format_bytes, "{} of RAM for a network", "ram_bytes"),
    Plausible("usable_flash_bytes", 8 * 1024, 256 * 1024**2, format_bytes, "{} of flash for a program", "flash_bytes"),
    Plausible("clock_hz", 1e6, 2e9, format_hertz, "a clock of {}"),
)


def cores() -> tuple[str, ...]:
    """The cores of the catalogue."""
    return tuple(sorted({board.core for board in boards()}))


def entry_of(board: Board) -> BoardEntry:
    """The fields as they would be typed for a board; empty what is unknown, or is what an empty field means."""
    bare = replace(board, usable_ram_bytes=None, usable_ram_by_framework=(), usable_flash_bytes=None)
    return BoardEntry(
        name=board.name,
        core=board.core,
        clock=format_hertz(board.clock_hz),
        ram=_exactly(board.ram_bytes),
        flash=_exactly(board.flash_bytes),
        usable_ram=_exactly(board.usable_ram_bytes, unless=bare.usable_ram_bytes),
        usable_flash=_exactly(board.usable_flash_bytes, unless=bare.usable_flash_bytes),
    )


def board_of(entry: BoardEntry) -> Board:
    """The board that was typed; its id is its name in small letters.

    Raises:
        WidgetError: a field is empty or cannot be read, or more is usable than there is; says which.
    """
    typed = {field.name: getattr(entry, field.name).strip() for field in fields(entry)}
    for field in ("name", "core", "clock", "ram", "flash"):
        if not typed[field]:
            raise WidgetError(f"{WORDS[field]} is empty; type e.g. {EXAMPLES[field]}.")
    spelt = {core.lower(): core for core in cores()}
    ram, flash = (_read(field, typed[field]) for field in ("ram", "flash"))
    return Board(
        id=_id(typed["name"]),
        name=typed["name"],
        core=spelt.get(typed["core"].lower(), typed["core"]),
        clock_hz=_read("clock", typed["clock"]),
        ram_bytes=ram,
        flash_bytes=flash,
        usable_ram_bytes=_part("usable_ram", typed["usable_ram"], ram),
        usable_flash_bytes=_part("usable_flash", typed["usable_flash"], flash),
    )


def with_unit(field: str, text: str) -> str:
    """What was typed into a field, with the unit that it is read in where it names none."""
    parts = split_unit(text) if field in UNITS else None
    return text if parts is None or parts[2] else f"{text.strip()} {UNITS[field]}"


def doubt(board: Board) -> str:
    """The question whether unlikely figures are meant, e.g. "512 B of RAM and a clock of 240 Hz: is that meant?".

    Says what boards have instead; empty where all is likely.
    """
    odd = {
        p.field: value
        for p in PLAUSIBLE
        if (value := getattr(board, p.field)) is not None and not p.least <= value <= p.most
    }
    asked = [p for p in PLAUSIBLE if p.field in odd and p.whole not in odd]
    if not asked:
        return ""
    found = [p.words.format(p.show(odd[p.field])) for p in asked]
    usual = [p.words.format(f"{p.show(p.least)} to {p.show(p.most)}") for p in asked]
    words = listed(found)
    return f"{words[:1].upper()}{words[1:]}: is that meant? Boards have {listed(usual)}."


def _id(name: str) -> str:
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    if not slug:
        raise WidgetError(f"{WORDS['name']} is {name!r}; it needs a letter or a digit.")
    if slug in {board.id for board in boards()} or name.lower() in {board.name.lower() for board in boards()}:
        raise WidgetError(f"The catalogue has a board called {name} already; choose another name.")
    return slug


def _part(field: str, text: str, whole: int) -> int | None:
    """What is usable of a memory; None for an empty field."""
    part = _read(field, text) if text else None
    if part is not None and part > whole:
        raise WidgetError(f"{WORDS[field]} is {text}; the board has only {format_bytes(whole)}.")
    return part


def _read(field: str, text: str) -> int:
    try:
        value = int((parse_hertz if field == "clock" else parse_bytes)(text, bare=UNITS[field]))
    except UnitError as error:
        raise WidgetError(f"{WORDS[field]}: {str(error).rstrip('.')}.") from error
    if value <= 0:
        raise WidgetError(f"{WORDS[field]} is {text}; it must be more than 0.")
    return value


def _exactly(size: int | None, *, unless: int | None = None) -> str:
    """A size in words where they say it to the byte, or else in bytes: what is typed must be what was there."""
    if size is None or size == unless:
        return ""
    words = format_bytes(size)
    return words if parse_bytes(words) == size else f"{size} B"
