"""Which coefficients apply to a board and runtime, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from resource_models.boards.board import Board, Calibration
from resource_models.boards.catalogue import runtime_on
from resource_models.estimate import Missing
from resource_models.runtimes.catalogue import runtime as find_runtime
from resource_models.runtimes.catalogue import runtimes
from resource_models.runtimes.latency_fit import INT8, TERMS, LatencyFit, fits_for
from resource_models.runtimes.runtime import Runtime


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


def coefficients(
    board: Board, runtime: str | Runtime | None = None, element_type: str = INT8
) -> Coefficients | Missing:
    """The coefficients for ``board`` with this runtime (default: the board's own), or why there are none.

    Args:
        board: Where it runs.
        runtime: An id of `runtimes()`, or a record.
        element_type: That of the network, as `element_types` names it; no figure is carried from one to another.

    Raises:
        BoardError: There is no runtime of that name.
        ResourceModelError: Its file of coefficients is not valid.
    """
    chosen = runtime_on(board, runtime)
    return _coefficients(board.core, board.mcu, board.clock_hz, chosen, board.calibrations, element_type)


@cache
def _coefficients(
    core: str, mcu: str, clock_hz: int, runtime: Runtime, calibrations: tuple[Calibration, ...], element_type: str
) -> Coefficients | Missing:
    for calibration in calibrations:
        if (calibration.runtime, calibration.element_type) == (runtime.id, element_type):
            return _calibrated(calibration)
    if runtime.made_for and mcu and not mcu.startswith(runtime.made_for):
        return Missing(f"{runtime.id} is for {_listed(runtime.made_for)} microcontrollers, not for {mcu}")
    fit = find_fit(core, mcu, runtime, element_type)
    if fit is None:
        return Missing(_reason(core, runtime, element_type))
    measured = mcu.startswith(fit.measured)
    low, high = (1.0, 1.0) if measured else fit.transfer
    carried = "" if measured else ", scaled by clock from the same core"
    version = f" {fit.version}" if runtime.version or runtime.versions else ""
    bands = {kind: fit.band_of(kind) for kind in fit.cycles}
    return Coefficients(
        dict(fit.cycles),
        {kind: band[0] * low for kind, band in bands.items()},
        {kind: band[1] * high for kind, band in bands.items()},
        f"measured-board: {runtime.family}{version} fitted on {element_type} networks, {fit.measured_on}{carried}; "
        f"{clock_hz / 1e6:g} MHz",
    )


def find_fit(core: str, mcu: str, runtime: Runtime, element_type: str = INT8) -> LatencyFit | None:
    """What was fitted for this runtime on this chip, else on its core; the newest version unless one is named."""
    return fits_for(runtime.fits, core, mcu, runtime.version, element_type)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)


def _reason(core: str, chosen: Runtime, element_type: str) -> str:
    measured = list(dict.fromkeys(fit.element_type for fit in chosen.fits if fit.core == core))
    if measured and element_type not in measured:
        return (
            f"this network computes in {element_type}, and {chosen.id} was measured on {core} "
            f"with {_listed(measured)} networks only"
        )
    others = dict.fromkeys(
        item.id if item.family != chosen.family else f"{item.family}@{fit.version}"
        for item in runtimes()
        if not item.version
        for fit in item.fits
        if (fit.core, fit.element_type) == (core, element_type)
    )
    known = f"; there are for {', '.join(others)}" if others else ""
    kind = "" if element_type == INT8 else f"{element_type} networks with "
    return f"there are no latency measurements of {kind}{chosen.id} on {core} to go by{known}"


def _calibrated(calibration: Calibration) -> Coefficients:
    fit = find_fit(calibration.like_core, "", find_runtime(calibration.like_runtime))
    base = fit.cycles if fit else {kind: (0.0,) * len(terms) for kind, terms in TERMS.items()}
    factors = dict(calibration.factors)
    return Coefficients(
        {kind: tuple(value * factors.get(kind, 1.0) for value in values) for kind, values in base.items()},
        dict.fromkeys(TERMS, calibration.low),
        dict.fromkeys(TERMS, calibration.high),
        f"measured-board: calibrated with {calibration.samples} measurements of your own on {calibration.element_type} "
        "networks",
    )
