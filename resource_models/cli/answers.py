"""What the commands answer, as plain dictionaries: names, units and reasons as the architecture page fixes them."""

from __future__ import annotations

import dataclasses
from typing import Any

from resource_models.boards.boards import Board
from resource_models.boards.which_fit import BoardFit
from resource_models.estimate import Estimate, Missing
from resource_models.latency.calibrate import CalibrationReport
from resource_models.latency.coefficients import latency_entries
from resource_models.report import ResourceReport
from resource_models.runtimes.runtimes import Runtime, runtimes


def board_answer(board: Board) -> dict[str, Any]:
    """A board with its sources; `name` is its id."""
    fields = dataclasses.asdict(board)
    fields.pop("calibrations")
    return {
        "name": board.id,
        "title": fields.pop("name"),
        "available": True,
        **{key: value for key, value in fields.items() if key not in ("id", "sources")},
        "sources": dict(board.sources),
    }


def runtime_answer(runtime: Runtime) -> dict[str, Any]:
    """A runtime with the cores for which there are latency measurements."""
    entries = [
        entry
        for entry in latency_entries()
        if entry["runtime"] == runtime.family and runtime.version in ("", entry["version"])
    ]
    return {
        "name": runtime.id,
        "title": runtime.name,
        "available": True,
        "version": runtime.version,
        "kernels": runtime.kernels,
        "note": runtime.note,
        "cores": list(dict.fromkeys(entry["core"] for entry in entries)),
        "samples": sum(entry["samples"] for entry in entries),
        "sources": list(dict.fromkeys(entry["source"] for entry in entries)),
    }


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
        "macs": report.macs,
        "peak_ram_bytes": report.peak_ram_bytes,
        "arena_bytes": report.arena_bytes,
    }
    flash = None if isinstance(report.flash, Missing) else int(report.flash.value)
    answer |= {"flash_bytes": flash} if flash is not None else _reason("flash_bytes", report.flash)
    answer |= _latency(report.latency)
    energy = report.energy
    answer |= {"energy_j": energy.value} if isinstance(energy, Estimate) else _reason("energy_j", energy)
    answer |= _fits(report.arena_bytes, flash, board, reserve_flash_bytes)
    answer["layers"] = [dataclasses.asdict(layer) for layer in report.layers]
    return answer


def _reason(name: str, missing: Estimate | Missing) -> dict[str, Any]:
    return {name: None, f"{name}_reason": str(missing)}


def _latency(latency: Estimate | Missing) -> dict[str, Any]:
    names = ("latency_s", "latency_low_s", "latency_high_s")
    if isinstance(latency, Missing):
        return {key: value for name in names for key, value in _reason(name, latency).items()}
    values = dict(zip(names, (latency.value, latency.low, latency.high), strict=True))
    return {**values, "latency_method": latency.method}


def _fits(arena: int, flash: int | None, board: Board | None, reserve: int) -> dict[str, Any]:
    """Whether arena, and model with runtime and reserve, are within what is usable."""
    if board is None:
        return _reason("fits", Missing("it needs a board; name one with --board"))
    if board.usable_ram_bytes is None or board.usable_flash_bytes is None:
        return _reason("fits", Missing(f"the memory of {board.name} is not known"))
    if arena > board.usable_ram_bytes:
        return {"fits": False}
    if flash is None:
        return _reason("fits", Missing("RAM is enough, but the code size of the runtime is not known"))
    return {"fits": flash + reserve <= board.usable_flash_bytes}


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
