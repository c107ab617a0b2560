"""Fits the latency of a user's own board or runtime to a few networks measured on it.

A network's latency is a sum over kinds of kernels, whose shares are known for similar cores; measurements decide a
common factor on that sum and, the more there are and the more they differ, a factor per kind. Factors stay near the
common one unless the measurements say otherwise, so two networks are enough to begin with. How good the fit is, is
found by leaving out one network at a time.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resource_models.boards.board import Board, Calibration
from resource_models.boards.catalogue import runtime_on
from resource_models.errors import BoardError, ResourceModelError, UnitError
from resource_models.graph.graph import Graph
from resource_models.latency.choose_coefficients import find_fit
from resource_models.latency.element_types import element_types
from resource_models.latency.kernel_work import Work, operator_work
from resource_models.latency.least_squares import Array, fit_relative
from resource_models.runtimes.catalogue import runtime as find_runtime
from resource_models.runtimes.latency_fit import TERMS, LatencyFit
from resource_models.runtimes.runtime import Runtime
from resource_models.units import parse_seconds

_STRENGTH = 0.3
_FALLBACK = ("Cortex-M4F", "tflm-cmsis-nn")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One network that was measured: its graph and the seconds of one inference."""

    name: str
    graph: Graph
    seconds: float


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """A calibration and how well it fits.

    Attributes:
        board: The board with the calibration in it; estimates on it use the calibration.
        calibration: Factors, band and number of samples.
        rows: Per network: name, measured seconds, and the seconds predicted without it.
        macs_median_error: Median error of MACs x constant, left out in the same way, to compare with.
    """

    board: Board
    calibration: Calibration
    rows: tuple[tuple[str, float, float], ...]
    macs_median_error: float

    def summary(self) -> str:
        """One sentence that says how good the fit is."""
        fit = self.calibration
        return (
            f"{fit.samples} networks of {fit.runtime} on {self.board.name}, {fit.element_type}: "
            f"median error {fit.median_error:.1%} on networks left out of the fit "
            f"(MACs x constant: {self.macs_median_error:.1%}); "
            f"band {fit.low:.2f} to {fit.high:.2f} times the estimate."
        )


def read_measurements(path: Path, load: Callable[[Path], Graph]) -> tuple[Measurement, ...]:
    """The rows of a CSV file with the columns `model` (a path, seen from the file) and `milliseconds`.

    Raises:
        ResourceModelError: The file cannot be read, lacks a column, or a row is wrong; says which.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceModelError(f"Measurements '{path}' cannot be read: {error}.") from error
    if not rows or not {"model", "milliseconds"} <= set(rows[0]):
        raise ResourceModelError(f"Measurements '{path}' need the columns model and milliseconds and at least one row.")
    return tuple(_measurement(path, line, row, load) for line, row in enumerate(rows, start=2))


def _measurement(path: Path, line: int, row: dict[str, str], load: Callable[[Path], Graph]) -> Measurement:
    text = row["milliseconds"]
    try:
        seconds = parse_seconds(text, bare="ms")
    except UnitError as error:
        raise ResourceModelError(f"{path}, line {line}: milliseconds: {error}.") from None
    if seconds == 0:
        raise ResourceModelError(f"{path}, line {line}: '{text}' is not a number of milliseconds above 0.")
    return Measurement(row["model"], load(path.parent / row["model"]), seconds)


def calibrate(
    measurements: Sequence[Measurement], board: Board, runtime: str | Runtime | None = None
) -> CalibrationReport:
    """Fits the factors of `board` and `runtime` (default: the board's own) to these measurements.

    Raises:
        BoardError: There are fewer than two measurements, of several element types, or no such runtime.
        UnknownOperatorError: A network has an operator without a latency rule.
    """
    if len(measurements) < 2:
        raise BoardError("Calibration needs at least two measured networks; one cannot show an error.", name=board.id)
    chosen, element_type = runtime_on(board, runtime), _element_type(measurements, board)
    like_core, like_runtime = _like(board, chosen)
    fit = find_fit(like_core, "", find_runtime(like_runtime))
    parts = np.array([_parts(item.graph, fit) for item in measurements]) / board.clock_hz
    seconds = np.array([item.seconds for item in measurements])
    predicted = _leave_one_out(parts, seconds, _factors)
    macs = np.array([[float(_macs(item.graph))] for item in measurements])
    by_macs = _leave_one_out(macs, seconds, _ratio)
    calibration = Calibration(
        runtime=chosen.id,
        element_type=element_type,
        like_core=like_core,
        like_runtime=like_runtime,
        factors=tuple(zip(TERMS, (round(float(value), 4) for value in _factors(parts, seconds)), strict=True)),
        low=round(1 / _width(predicted, seconds), 3),
        high=round(_width(predicted, seconds), 3),
        samples=len(measurements),
        median_error=_median_error(predicted, seconds),
    )
    replaced = (chosen.id, element_type)
    others = tuple(item for item in board.calibrations if (item.runtime, item.element_type) != replaced)
    rows = tuple((m.name, m.seconds, float(p)) for m, p in zip(measurements, predicted, strict=True))
    return CalibrationReport(
        dataclasses.replace(board, calibrations=(*others, calibration)),
        calibration,
        rows,
        _median_error(by_macs, seconds),
    )


def _element_type(measurements: Sequence[Measurement], board: Board) -> str:
    """That of all networks."""
    found = dict.fromkeys(element_types(item.graph) for item in measurements)
    if len(found) > 1:
        raise BoardError(
            f"The networks compute in different element types ({', '.join(found)}); calibrate with those of one type.",
            name=board.id,
        )
    return next(iter(found))


def _like(board: Board, runtime: Runtime) -> tuple[str, str]:
    """Core and runtime whose coefficients give the shares: the board's own where there are data."""
    if find_fit(board.core, "", runtime):
        return board.core, runtime.id
    if find_fit(board.core, "", find_runtime(board.default_runtime)):
        return board.core, board.default_runtime
    return _FALLBACK


def _parts(graph: Graph, fit: LatencyFit | None) -> list[float]:
    """Cycles per kind of kernel, in the order of `TERMS`."""
    parts = dict.fromkeys(TERMS, 0.0)
    for work in _works(graph):
        coefficients = fit.cycles.get(work.kind, ()) if fit else ()
        parts[work.kind] += sum(map(float.__mul__, coefficients, map(float, work.terms)))
    return list(parts.values())


def _works(graph: Graph) -> list[Work]:
    return [
        work
        for operator in graph.operators
        for work in operator_work(
            operator.spec, graph.shapes(operator.inputs), graph.tensors[operator.outputs[0]].shape
        )
    ]


def _macs(graph: Graph) -> int:
    return max(sum(work.macs for work in _works(graph)), 1)


def _factors(parts: Array, seconds: Array) -> Array:
    """Factor per kind of kernel; near the common factor where the measurements do not decide."""
    common = float(np.median(seconds / parts.sum(axis=1)))
    return fit_relative(parts, seconds, prior=np.full(parts.shape[1], common), strength=_STRENGTH)


def _ratio(macs: Array, seconds: Array) -> Array:
    return np.array([float(np.median(seconds / macs[:, 0]))])


def _leave_one_out(parts: Array, seconds: Array, fit: Callable[[Array, Array], Array]) -> Array:
    """Seconds of each network as predicted from all others."""
    predicted = np.zeros(len(seconds))
    for index in range(len(seconds)):
        rest = np.arange(len(seconds)) != index
        predicted[index] = parts[index] @ fit(parts[rest], seconds[rest])
    return predicted


def _median_error(predicted: Array, seconds: Array) -> float:
    return round(float(np.median(np.abs(predicted / seconds - 1))), 4)


def _width(predicted: Array, seconds: Array) -> float:
    """Factor of the band: holds 93 % of the left-out networks, and more than that when they are few."""
    error = np.abs(np.log(predicted / seconds))
    few = 1.0 + 2.0 / len(error)
    return float(max(np.exp(few * np.quantile(error, 0.93)), 1.1))
