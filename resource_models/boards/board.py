"""What a board is: what it offers to a network, every number with its source.

Total memory is what the chip has; *usable* memory is what is left for a network: of RAM the largest arena in one piece
that can be had beside the stack and statics of a small firmware; of flash what a bootloader leaves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from resource_models.errors import BoardError
from resource_models.runtimes.catalogue import default_runtime_of
from resource_models.runtimes.latency_fit import INT8
from resource_models.units import format_bytes

FIRMWARE_RAM_BYTES = 8 * 1024
"""RAM for the stack and statics of a small firmware: 4 KB interpreter + 4 KB other, arXiv:2010.11267 Figure 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Latency of one board and runtime as refitted to a user's own measurements (see `calibrate`).

    Attributes:
        runtime: The runtime that was measured.
        element_type: That of the networks that were measured, as `latency.element_types` names it.
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
    element_type: str = INT8


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A microcontroller board. Sizes in bytes, clock in hertz, power in watts; ``None`` is unknown.

    ``usable_ram_bytes`` and ``usable_flash_bytes`` default to the total less 8 KiB, and to the total;
    ``default_runtime`` to the kernel library of the core's maker. ``usable_ram_by_framework`` has the largest arena
    under each framework where they differ; ``usable_ram_bytes`` is then the largest of these.

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
    usable_ram_by_framework: tuple[tuple[str, int], ...] = ()
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

    def fit_note(self, arena_bytes: float | None = None) -> str:
        """What stands beside "fits": the largest arena under each framework, which of them it is too large for; `note`.

        Args:
            arena_bytes: of a network; None for none in particular.
        """
        sizes = [f"{format_bytes(size)} under {name}" for name, size in self.usable_ram_by_framework]
        lacking = [
            name for name, size in self.usable_ram_by_framework if arena_bytes is not None and arena_bytes > size
        ]
        words = [f"The largest arena is {', '.join(sizes)}."] if sizes else []
        words += [f"This one does not fit under {' or '.join(lacking)}."] if lacking else []
        return " ".join([*words, *([self.note] if self.note else [])])

    def source(self, field: str) -> str:
        """Where the number in ``field`` comes from; the empty string when nothing was stated."""
        return dict(self.sources).get(field, "")


def _fill_defaults(board: Board) -> None:
    if board.usable_ram_bytes is None and board.usable_ram_by_framework:
        object.__setattr__(board, "usable_ram_bytes", max(size for _, size in board.usable_ram_by_framework))
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
        if number is not None and not (number > 0 and math.isfinite(number)):
            raise BoardError(f"Board '{board.id}': {field} is {number}; it must be greater than 0.", name=board.id)
    for framework, size in board.usable_ram_by_framework:
        if size < 0 or (board.usable_ram_bytes is not None and size > board.usable_ram_bytes):
            raise BoardError(
                f"Board '{board.id}': usable_ram_by_framework of {framework} is {size}; it must be between 0 and "
                f"usable_ram_bytes, {board.usable_ram_bytes}.",
                name=board.id,
            )
    for usable, total in (("usable_ram_bytes", "ram_bytes"), ("usable_flash_bytes", "flash_bytes")):
        part, whole = getattr(board, usable), getattr(board, total)
        if part is not None and (part < 0 or (whole is not None and part > whole)):
            raise BoardError(
                f"Board '{board.id}': {usable} is {part}; it must be between 0 and {total}, {whole}.",
                name=board.id,
            )
