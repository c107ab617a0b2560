"""The commands `profile`, `boards`, `runtimes` and `calibrate`, and what each prints."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from resource_models.boards.board_file import write_board
from resource_models.boards.catalogue import board, boards
from resource_models.boards_that_fit import boards_that_fit
from resource_models.cli import json_answers as answers
from resource_models.cli.parser import parser_of
from resource_models.errors import ResourceModelError, UnitError
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.latency.calibrate import calibrate, read_measurements
from resource_models.model_file.tflite_import import read_tflite
from resource_models.report import ResourceReport, profile
from resource_models.units import format_bytes, format_count, format_hertz, format_joules, format_seconds, parse_bytes


def main(
    arguments: Sequence[str] | None = None,
    *,
    name: str = "python -m resource_models",
    load: Callable[[Path], Graph] = read_tflite,
) -> int:
    """Runs one command: 0 done, 2 bad input (one sentence on stderr).

    Args:
        arguments: by default those of the process.
        name: of the program, as its help shows it.
        load: how a model is read from its file.
    """
    commands = {"profile": _profile, "boards": _boards, "runtimes": _runtimes, "calibrate": _calibrate}
    options = parser_of(name).parse_args(arguments)
    options.load = load
    try:
        answer, lines = commands[options.command](options)
    except ResourceModelError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False) if options.json else "\n".join(lines), flush=True)
    return 0


Answer = tuple[Any, list[str]]


def _reserve(text: str) -> int:
    try:
        return parse_bytes(text)
    except UnitError as error:
        raise UnitError(f"--reserve-flash: {error}.", text=text) from None


def _profile(options: argparse.Namespace) -> Answer:
    chosen, reserve = board(options.board) if options.board else None, _reserve(options.reserve_flash)
    report = profile(options.load(options.model), board=chosen, runtime=options.runtime)
    answer = answers.profile_answer(report, chosen, reserve)
    lines = [
        f"{layer.name:32.32} {layer.operator:18.36} {format_count(layer.macs) if layer.counted else '?':>8} MACs"
        for layer in report.layers
    ]
    lines += [
        "",
        f"RAM (arena)    {_arena(report.arena)}",
        f"activations    {format_bytes(report.peak_ram_bytes)} at their peak, in the best order",
        f"flash          {_flash(report)}",
        f"MACs           {report.macs_reason or format_count(report.macs)}",
        f"latency        {_seconds(answer)}",
        f"energy         {_energy(report.energy)}",
    ]
    if chosen is not None:
        verdict = "" if answer["fits"] is None else _FITS[answer["fits"]]
        lines.append(f"{chosen.name}: {', since '.join(filter(None, (verdict, answer.get('fits_reason'))))}")
        lines += [answer["board_note"]] if answer["board_note"] else []
    elif report.refused:
        lines.append(report.refused)
    return answer, lines


_FITS = {True: "fits", False: "does not fit", None: "not known"}


def _arena(arena: Estimate | Missing) -> str:
    return str(arena) if isinstance(arena, Missing) else format_bytes(arena.value)


def _flash(report: ResourceReport) -> str:
    model = f"model {format_bytes(report.model_bytes)}"
    if isinstance(report.flash, Missing):
        return f"{model}; {report.flash}"
    code = int(report.flash.value) - report.model_bytes
    return f"{format_bytes(int(report.flash.value))}: {model} + runtime code about {format_bytes(code)}"


def _energy(energy: Estimate | Missing) -> str:
    if isinstance(energy, Missing):
        return str(energy)
    low, high = format_joules(energy.low), format_joules(energy.high)
    return f"{format_joules(energy.value)} ({low} to {high}; {energy.method})"


def _seconds(answer: dict[str, Any]) -> str:
    if answer["latency_s"] is None:
        return str(answer["latency_s_reason"])
    value, low, high = (format_seconds(answer[f"latency_{name}s"]) for name in ("", "low_", "high_"))
    return f"{value} ({low} to {high}; {answer['latency_method']})"


def _boards(options: argparse.Namespace) -> Answer:
    if options.model is None:
        lines = [
            f"{item.id:28} {item.core:15} {format_hertz(item.clock_hz):>8} "
            f"RAM {_size(item.usable_ram_bytes)} of {_size(item.ram_bytes)}, "
            f"flash {_size(item.usable_flash_bytes)} of {_size(item.flash_bytes)}"
            for item in boards()
        ]
        return [answers.board_answer(item) for item in boards()], lines
    fits = boards_that_fit(options.load(options.model), runtime=options.runtime)
    found = [answers.fit_answer(fit) for fit in fits]
    return found, [f"{fit.board.id:28} {_FITS[fit.fits]:13} {fit.reason} {fit.note}".rstrip() for fit in fits]


def _size(number: int | None) -> str:
    return "unknown" if number is None else format_bytes(number)


def _runtimes(_options: argparse.Namespace) -> Answer:
    found = answers.all_runtimes()
    return found, [f"{item['name']:18} {item['title']}; {_known(item)}" for item in found]


def _known(item: dict[str, Any]) -> str:
    """What of a runtime is known, in words."""
    measured = f"latency measured on {', '.join(item['cores']) or 'no core'}"
    lacks = [words for key, words in (("ram_modelled", "RAM"), ("code_modelled", "code size")) if not item[key]]
    return f"{' and '.join(lacks)} not modelled; {measured}" if lacks else measured


def _calibrate(options: argparse.Namespace) -> Answer:
    report = calibrate(read_measurements(options.measurements, options.load), board(options.board), options.runtime)
    lines = [
        f"{name:40.40} measured {format_seconds(seconds):>9}, predicted without it {format_seconds(predicted):>9}"
        for name, seconds, predicted in report.rows
    ]
    lines.append(report.summary())
    if options.to:
        write_board(report.board, options.to)
        lines.append(f"Written: use it with --board {options.to}")
    return answers.calibration_answer(report), lines
