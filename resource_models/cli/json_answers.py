"""What the commands answer with `--json`, as plain dictionaries: what cannot be estimated is None with a reason.

A value that is missing stands beside `<name>_reason`. Sizes are bytes, times seconds, energies joules, clocks hertz.
These names are promised: scripts read them, so a field is added rather than renamed.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from resource_models.boards.board import Board
from resource_models.boards_that_fit import BoardFit
from resource_models.estimate import Estimate, Missing
from resource_models.latency.calibrate import CalibrationReport
from resource_models.report import LayerCost, ResourceReport
from resource_models.runtimes.catalogue import runtimes
from resource_models.runtimes.runtime import Runtime


def board_answer(board: Board) -> dict[str, Any]:
    """A board with its sources; `name` is its id."""
    fields = dataclasses.asdict(board)
    fields.pop("calibrations")
    return {
        "name": board.id,
        "title": fields.pop("name"),
        "available": True,
        **{key: value for key, value in fields.items() if key not in ("id", "sources")},
        "usable_ram_by_framework": dict(board.usable_ram_by_framework),
        "sources": dict(board.sources),
    }


def runtime_answer(runtime: Runtime) -> dict[str, Any]:
    """A runtime: what of it is modelled, and the cores for which there are latency measurements."""
    fits = [fit for fit in runtime.fits if runtime.version in ("", fit.version)]
    code = runtime.code_bytes(())
    return {
        "name": runtime.id,
        "title": runtime.name,
        "available": True,
        "version": runtime.version,
        "kernels": runtime.kernels,
        "note": runtime.note,
        "default_for": list(runtime.default_for),
        **_modelled("ram_modelled", runtime.arena_missing if runtime.arena is None else None),
        **_modelled("code_modelled", code if isinstance(code, Missing) else None),
        "cores": list(dict.fromkeys(fit.core for fit in fits)),
        "samples": sum(fit.samples for fit in fits),
        "sources": list(dict.fromkeys(fit.source for fit in fits)),
    }


def _modelled(name: str, missing: Missing | None) -> dict[str, Any]:
    return {name: True} if missing is None else {name: False, f"{name}_reason": str(missing)}


def all_runtimes() -> list[dict[str, Any]]:
    """Every runtime."""
    return [runtime_answer(item) for item in runtimes()]


def profile_answer(report: ResourceReport, board: Board | None, reserve_flash_bytes: int) -> dict[str, Any]:
    """A profile; what cannot be estimated is None with `<name>_reason`."""
    answer: dict[str, Any] = {
        "accounting": report.accounting,
        "board": report.board,
        "runtime": report.runtime,
        "model_bytes": report.model_bytes,
        **({"macs": report.macs} if not report.macs_reason else _reason("macs", Missing(report.macs_reason))),
        "peak_ram_bytes": report.peak_ram_bytes,
    }
    answer |= _bytes("arena_bytes", report.arena)
    answer |= _bytes("flash_bytes", report.flash)
    answer |= _latency(report.latency)
    energy = report.energy
    answer |= {"energy_j": energy.value} if isinstance(energy, Estimate) else _reason("energy_j", energy)
    answer |= _fits(report, board, reserve_flash_bytes)
    answer["board_note"] = board.fit_note(report.arena_bytes) if board else ""
    answer["layers"] = [_layer(layer) for layer in report.layers]
    return answer


def _layer(layer: LayerCost) -> dict[str, Any]:
    fields = dataclasses.asdict(layer)
    return fields if fields.pop("counted") else fields | {"macs": None}


def _reason(name: str, missing: Estimate | Missing) -> dict[str, Any]:
    return {name: None, f"{name}_reason": str(missing)}


def _bytes(name: str, size: Estimate | Missing) -> dict[str, Any]:
    return _reason(name, size) if isinstance(size, Missing) else {name: int(size.value)}


def _latency(latency: Estimate | Missing) -> dict[str, Any]:
    names = ("latency_s", "latency_low_s", "latency_high_s")
    if isinstance(latency, Missing):
        return {key: value for name in names for key, value in _reason(name, latency).items()}
    values = dict(zip(names, (latency.value, latency.low, latency.high), strict=True))
    return {**values, "latency_method": latency.method}


def _fits(report: ResourceReport, board: Board | None, reserve: int) -> dict[str, Any]:
    """Whether arena, and model with runtime and reserve, are within what is usable."""
    if report.refused:
        return {"fits": False, "fits_reason": report.refused}
    if board is None:
        return _reason("fits", Missing("it needs a board; name one with --board"))
    sides = [(report.arena, 0, board.usable_ram_bytes), (report.flash, reserve, board.usable_flash_bytes)]
    known = [(size.value + more, usable) for size, more, usable in sides if not isinstance(size, Missing) and usable]
    if any(needed > usable for needed, usable in known):
        return {"fits": False}
    for size, _, usable in sides:
        if usable is None:
            return _reason("fits", Missing(f"the memory of {board.name} is not known"))
        if isinstance(size, Missing):
            return _reason("fits", size)
    return {"fits": True}


def fit_answer(fit: BoardFit) -> dict[str, Any]:
    """The verdict of `boards --model` for one board."""
    latency = (
        {"latency_s": fit.latency.value} if isinstance(fit.latency, Estimate) else _reason("latency_s", fit.latency)
    )
    return {
        "name": fit.board.id,
        "available": True,
        "fits": fit.fits,
        "reason": fit.reason,
        "note": fit.note,
        "runtime": fit.runtime,
        "ram_left_bytes": fit.ram_left_bytes,
        "flash_left_bytes": fit.flash_left_bytes,
        **latency,
    }


def calibration_answer(report: CalibrationReport) -> dict[str, Any]:
    """A calibration: factors, error on networks left out, and per network measured against predicted."""
    return {
        "board": report.board.id,
        **dataclasses.asdict(report.calibration),
        "factors": dict(report.calibration.factors),
        "macs_times_constant_median_error": report.macs_median_error,
        "networks": [
            {"model": name, "milliseconds": seconds * 1e3, "predicted_milliseconds": predicted * 1e3}
            for name, seconds, predicted in report.rows
        ],
    }
