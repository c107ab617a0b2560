"""Which coefficients apply to a board and runtime, read from ``latency_coefficients.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from resource_models.boards.boards import Board, Calibration
from resource_models.estimate import Missing
from resource_models.latency.features import TERMS
from resource_models.runtimes.runtimes import Runtime, runtime


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Latency coefficients for one board and runtime.

    Attributes:
        cycles: Per kind of kernel the cycles per unit of each of its ``TERMS``.
        low: Per kind the factor from the estimate to the lower end of its band.
        high: Per kind the factor to the upper end.
        method: On which measurements they rest, and how they were carried over to this board.
    """

    cycles: dict[str, tuple[float, ...]]
    low: dict[str, float]
    high: dict[str, float]
    method: str


@cache
def latency_entries() -> tuple[dict[str, Any], ...]:
    """The entries of the data file: core, runtime, version, coefficients, samples, sources, errors by family."""
    text = Path(__file__).with_name("latency_coefficients.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["entries"])


def coefficients(board: Board, runtime_id: str | None = None) -> Coefficients | Missing:
    """The coefficients for ``board`` with this runtime (default: the board's own), or why there are none.

    Raises:
        BoardError: There is no runtime of that name.
    """
    return _coefficients(board.core, board.mcu, board.clock_hz, runtime_id or board.default_runtime, board.calibrations)


@cache
def _coefficients(
    core: str, mcu: str, clock_hz: int, runtime_id: str, calibrations: tuple[Calibration, ...]
) -> Coefficients | Missing:
    chosen = runtime(runtime_id)
    for calibration in calibrations:
        if calibration.runtime == chosen.id:
            return _calibrated(calibration)
    if chosen.family == "st-edge-ai" and mcu and not mcu.startswith("STM32"):
        return Missing(f"{chosen.id} is for STM32 microcontrollers, not for {mcu}")
    entry = find_entry(core, mcu, chosen)
    if entry is None:
        return Missing(_reason(core, chosen))
    measured = _starts(mcu, entry["measured"])
    low, high = (1.0, 1.0) if measured else entry["transfer"]
    carried = "" if measured else ", scaled by clock from the same core"
    version = f" {entry['version']}" if chosen.family == "st-edge-ai" else ""
    return Coefficients(
        {kind: tuple(values) for kind, values in entry["cycles"].items()},
        {kind: band[0] * low for kind, band in entry["band"].items()},
        {kind: band[1] * high for kind, band in entry["band"].items()},
        f"measured-board: {chosen.family}{version} fitted on {entry['measured_on']}{carried}; {clock_hz / 1e6:g} MHz",
    )


def _starts(mcu: str, names: list[str]) -> bool:
    return any(mcu.startswith(name) for name in names)


def find_entry(core: str, mcu: str, chosen: Runtime) -> dict[str, Any] | None:
    """The entry for this runtime on this chip, else on its core; the newest version unless one is named."""
    for entry in latency_entries():
        same = entry["core"] == core and entry["runtime"] == chosen.family
        if not same or chosen.version not in ("", entry["version"]):
            continue
        if not entry["applies_to"] or _starts(mcu, entry["applies_to"]):
            return entry
    return None


def _reason(core: str, chosen: Runtime) -> str:
    others = dict.fromkeys(
        entry["runtime"] if entry["runtime"] != chosen.family else f"{entry['runtime']}@{entry['version']}"
        for entry in latency_entries()
        if entry["core"] == core
    )
    known = f"; there are for {', '.join(others)}" if others else ""
    return f"there are no latency measurements of {chosen.id} on {core} to go by{known}"


def _calibrated(calibration: Calibration) -> Coefficients:
    like = runtime(calibration.like_runtime)
    entry = find_entry(calibration.like_core, "", like)
    base = entry["cycles"] if entry else {kind: [0.0] * len(terms) for kind, terms in TERMS.items()}
    factors = dict(calibration.factors)
    return Coefficients(
        {kind: tuple(value * factors.get(kind, 1.0) for value in values) for kind, values in base.items()},
        dict.fromkeys(TERMS, calibration.low),
        dict.fromkeys(TERMS, calibration.high),
        f"measured-board: calibrated with {calibration.samples} measurements of your own",
    )
