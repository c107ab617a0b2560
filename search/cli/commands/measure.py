"""`measure`: what a user's own board says of an exported network, back into the run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from search.cli import console
from search.cli.options import JsonFlag, text
from search.deploy.measure.lines import Reading, readings
from search.deploy.measure.measured import MeasuredTrial, measured, measured_in, write_measured
from search.deploy.measure.port import BAUD, PATIENCE_S, port_lines
from search.errors import DeployError, SettingsError
from search.runs.run import Run

_RUN = "Run that the network was exported from; the figures are written into it. Without, they are printed only."


def measure(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `export --as` wrote.")],
    run: Annotated[Path | None, text("--run", _RUN)] = None,
    port: Annotated[str | None, text("--port", "Serial port of the board, e.g. /dev/ttyACM0 or COM3.")] = None,
    baud: Annotated[int, typer.Option(min=1, help="Bits per second of the port.")] = BAUD,
    wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for the board's next line.")] = PATIENCE_S,
    source: Annotated[Path | None, text("--from", "File with what the board printed.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Read the self-test of DIR from a board, and put its times beside the estimates."""
    if (port is None) == (source is None):
        raise SettingsError("Give either --port, where the board is, or --from, a file with what it printed.")
    if source is None:
        lines: Iterable[str] = port_lines(str(port), baud=baud, patience_s=wait, tell=console.tell_step)
    else:
        lines = _lines_of(source)
    found = measured(folder, _first(lines, str(source or port)))
    table = write_measured(Run.open(run), folder, found) if run else None
    count = len(measured_in(run)) if run else 0
    _print(found, table, count, as_json=as_json)


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise DeployError(f"{file} cannot be read ({error.strerror or error}).") from None


def _first(lines: Iterable[str], source: str) -> Reading:
    for reading in readings(lines):
        return reading
    raise DeployError(f"{source} has no whole self-test, from its example 0 to its last line, which begins with done=.")


def _print(found: MeasuredTrial, table: Path | None, count: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**asdict(found), "table": None if table is None else str(table)}))
        return
    estimate = found.estimated_milliseconds
    beside = "no estimate" if estimate is None else f"estimate {estimate:.3g} ms"
    ram = f"{found.arena_bytes:,} bytes of RAM in the C (estimate {found.estimated_ram_bytes:,})"
    print(f"trial {found.trial}: {found.milliseconds:.3g} ms measured ({beside}), {ram}")
    if table is not None:
        print(f"{table}: {count} measured; from two on: unas calibrate {table} --board BOARD --to MINE.json")
