"""`sample`: random networks within a budget, written to files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from search.budget import Budget
from search.cli import console, sampling
from search.cli.bounds import Amounts, board_fills, no_amounts, none_or_board, with_bounds
from search.cli.console import Format
from search.cli.options import (
    AccountingName,
    Board,
    DataDir,
    JsonFlag,
    Runtime,
    Space,
    takes,
    text,
)
from search.errors import SettingsError
from search.executors import LOGS, Task, make_executor
from search.problem import Problem
from search.settings import RunSettings

CLASSES = 10
CONVERT = "search.training.tasks:write_sample"

Convert = Callable[[sampling.Sample, Path], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class SampleOptions:
    """What `sample` is asked for; see its `--help`."""

    dataset: Annotated[
        str | None, text("--dataset", "Data set: see `python -m search datasets`.", "none; needed without --input")
    ] = None
    input_shape: Annotated[str | None, text("--input", "Shape of the inputs, e.g. 28x28x1.", "the data set's")] = None
    classes: Annotated[int | None, text("--classes", "Classes.", f"the data set's, or {CLASSES}")] = None
    space: Space = "cnn"
    board: Board = None
    amounts: Amounts = field(default_factory=no_amounts)
    accounting: AccountingName = "tflm"
    runtime: Runtime = None
    data_dir: DataDir = None
    count: Annotated[int, typer.Option(min=1, help="Networks.")] = 10
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder to write in; files of the same names are replaced.")
    ] = Path("samples")
    tflite: Annotated[
        bool,
        typer.Option("--tflite", help="Also write each as an int8 .tflite with random weights.", show_default="no"),
    ] = False
    as_json: JsonFlag = False

    def problem(self) -> Problem:
        """Where networks are drawn, and what they may cost.

        Raises:
            SettingsError: not exactly one of data set and input shape, or classes beside a data set.
            DataError, SpaceError, BudgetError, ResourceModelError: what was asked for cannot work.
        """
        if (self.dataset is None) == (self.input_shape is None):
            raise SettingsError("Name either a data set with --dataset, or the shape of the inputs with --input.")
        if self.dataset is not None and self.classes is not None:
            raise SettingsError("--classes goes with --input; a data set has its own.")
        settings = RunSettings(
            dataset=self.dataset or f"input {self.input_shape}",
            board=self.board,
            runtime=self.runtime,
            accounting=console.accounting(self.accounting),
            space=self.space,
            budget=Budget.parse(**self.amounts),
            board_fills=board_fills(self.amounts),
            data_dir=self.data_dir,
            seed=self.seed,
        )
        shape = None if self.input_shape is None else sampling.parse_input(self.input_shape)
        classes = CLASSES if self.classes is None else self.classes
        return sampling.sampling_problem(settings, shape=shape, classes=classes)


@with_bounds(none_or_board)
@takes(SampleOptions)
def sample(options: SampleOptions) -> None:
    """Write random networks that are within the budget, for benchmarks on boards."""
    problem = options.problem()
    sampling.prepare_folder(options.to)
    rows: list[dict[str, Any]] = []
    drawn = 0
    with _converter(problem, options) as convert:
        for one in sampling.draw(problem, count=options.count, seed=options.seed, tell=_tell_draws):
            drawn = one.drawn
            written = {"file": str(sampling.write_sample(one, problem, options.to))}
            rows.append({**one.metrics(), **written, **convert(one, options.to / f"{one.name}.tflite")})
            print(f"sample {one.number} of {options.count} written", file=sys.stderr, flush=True)
    if options.as_json:
        print(json.dumps({"count": len(rows), "drawn": drawn, "networks": rows}))
        return
    print(f"{len(rows)} networks within the budget ({problem.budget}) among {drawn} random ones; folder {options.to}")
    console.print_rows(rows, Format.TABLE, empty="There is none.")


def _tell_draws(drawn: int, found: int) -> None:
    print(f"{drawn} random networks, {found} of them within the budget", file=sys.stderr, flush=True)


@contextmanager
def _converter(problem: Problem, options: SampleOptions) -> Iterator[Convert]:
    """What writes a sample as an int8 file, in a worker, and says where and how large it is; or does nothing."""
    if not options.tflite:
        yield lambda _sample, _path: {}
        return
    executor = make_executor(workers=1, log=options.to / LOGS / "sample.log")
    task = sampling.conversion(problem, from_data=options.dataset is not None)

    def convert(sample: sampling.Sample, path: Path) -> dict[str, Any]:
        architecture = problem.space.to_json(sample.architecture)
        asked = {**task, "architecture": architecture, "number": sample.number, "to": str(path)}
        return {"tflite": str(path), "tflite_bytes": executor.submit(Task(CONVERT, (asked,))).result()}

    try:
        yield convert
    finally:
        executor.kill()
