"""Measurements of a board beside the estimates, and in the run that found the network."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.files.atomic import atomic_write
from search.deploy.measure.lines import Reading
from search.deploy.project.card import CARD, SCHEMA
from search.errors import DeployError

if TYPE_CHECKING:  # a run has these as its methods
    from search.runs.recorded import RecordedRun

FOLDER, TABLE = "measured-board", "measurements.csv"


@dataclass(frozen=True, slots=True)
class MeasuredTrial:
    """A network of a run as a board measured it, beside what was estimated.

    Attributes:
        model: its file, seen from the table.
        milliseconds: of one inference: the median over the validation examples.
        trial: number of the network.
        network: name of the program.
        arena_bytes: static buffer of the C, as the board said it.
        estimated_milliseconds: for the board and the runtime of the search; None where there was no estimate.
        estimated_ram_bytes: the same of the RAM.
        method: how the figures were had.
    """

    model: str
    milliseconds: float
    trial: int
    network: str
    arena_bytes: int
    estimated_milliseconds: float | None
    estimated_ram_bytes: int | None
    method: str = "measured-board, generated C"


def measured(export: Path, reading: Reading) -> MeasuredTrial:
    """A reading beside the estimates that an exported folder has.

    Args:
        export: the folder, as `unas export --as` wrote it.
        reading: of a board that its self-test ran on.

    Raises:
        DeployError: the folder is none of an export of a run, the self-test is of another network, failed or had no
            clock.
    """
    card = _card(export)
    name, ram = card["name"], card["resources"]["c"]["ram_bytes"]
    if (reading.network, reading.arena_bytes) != (name, ram):
        raise DeployError(
            f"The board ran {reading.network} with {reading.arena_bytes} bytes of RAM; {export} holds {name} with "
            f"{ram}; give the folder that the firmware was made from."
        )
    if reading.failed:
        raise DeployError(
            f"The board computes something else: {reading.failed} of {reading.examples} examples differ, first in "
            f"layer {reading.first_different}. Nothing was written; look at the compiler's options and the kernels."
        )
    if reading.milliseconds is None:
        raise DeployError(
            f"The self-test printed no times: define {name.upper()}_CLOCK_US() as something that counts microseconds."
        )
    estimates = card["source"]["estimates"]
    seconds = estimates["latency_s"]
    return MeasuredTrial(
        model=f"{name}.tflite",
        milliseconds=reading.milliseconds,
        trial=card["source"]["trial"],
        network=name,
        arena_bytes=reading.arena_bytes,
        estimated_milliseconds=None if seconds is None else 1000 * seconds,
        estimated_ram_bytes=estimates["ram_bytes"],
    )


def _card(export: Path) -> dict[str, Any]:
    try:
        card: dict[str, Any] = json.loads((export / CARD).read_text(encoding="utf-8"))
        if card["schema"] == SCHEMA and "trial" in card["source"]:
            return card
    except (OSError, ValueError, KeyError, TypeError):
        pass  # said below
    raise DeployError(
        f"{export} is no folder that `unas export RUN TRIAL --as …` wrote: its {CARD} is missing or damaged."
    )


def write_measured(run: RecordedRun, export: Path, found: MeasuredTrial) -> Path:
    """Put a measurement into a run's folder, with the model's file, in place of an earlier one of the same program.

    Returns:
        The table, which `unas calibrate` reads.

    Raises:
        RunError: the run has no such trial.
        DeployError: it is another network than the trial of that number, or the folder cannot be written.
    """
    card, costs = _card(export), asdict(run.observation(found.trial).costs)
    if card["source"]["estimates"] != costs or card["source"]["dataset"] != run.settings.dataset:
        raise DeployError(
            f"{export} is not of trial {found.trial} of {run.folder}; give the run that it was exported from."
        )
    folder = run.folder / FOLDER
    rows = [row for row in measured_in(run.folder) if row.network != found.network]
    try:
        folder.mkdir(exist_ok=True)
        atomic_write(folder / found.model, (export / "model.tflite").read_bytes())
        atomic_write(folder / TABLE, _table([*rows, found]))
    except OSError as error:
        raise DeployError(f"{folder} cannot be written ({error.strerror or error}).") from None
    return folder / TABLE


def _table(rows: list[MeasuredTrial]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(MeasuredTrial.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in sorted(rows, key=lambda row: (row.trial, row.network)))
    return text.getvalue()


def measured_in(folder: Path) -> tuple[MeasuredTrial, ...]:
    """The measurements in a run's folder; none where nothing was measured.

    Raises:
        DeployError: the table is damaged.
    """
    path = folder / FOLDER / TABLE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_row(row) for row in csv.DictReader(file))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeployError(f"{path} cannot be read ({error}); mend it, or delete it and measure again.") from None


def _row(row: dict[str, str]) -> MeasuredTrial:
    milliseconds, ram = row["estimated_milliseconds"], row["estimated_ram_bytes"]
    return MeasuredTrial(
        model=row["model"],
        milliseconds=float(row["milliseconds"]),
        trial=int(row["trial"]),
        network=row["network"],
        arena_bytes=int(row["arena_bytes"]),
        estimated_milliseconds=float(milliseconds) if milliseconds else None,
        estimated_ram_bytes=int(ram) if ram else None,
        method=row["method"],
    )
