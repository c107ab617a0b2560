"""Makes a table: trains every network of a grid, writes each down as it ends, and packs them.

`python -m search.tabular.make --dataset digits --epochs 27 --to DIR` does it, or goes on where it was cut off.
"""

from __future__ import annotations

import json
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

import data
from data.files.atomic import atomic_write
from resource_models import ACCOUNTINGS, board, costs
from search.executors import LOGS, Executor, Task, default_workers, make_executor
from search.journal.versions import versions
from search.limits import check_workers
from search.recipe import Recipe
from search.runs.tasks import WEIGHTS, Tasks
from search.settings import RunSettings
from search.tabular.grid import GridSpace
from search.tabular.table import BOARD, Table
from search.trial import Trial

Json = dict[str, Any]
Job = tuple[int, int]
"""A network's place in the grid, and the seed of its training."""

SEEDS = (0, 1, 2)
REPEATED = 10
"""One network in so many, the best, is trained with every seed; the others with the first."""
FILE_NAME = "trainings.jsonl"


def make(dataset: str, *, epochs: int, to: Path, workers: int, halved: bool, data_dir: str | None = None) -> Table:
    """Train what is missing in the folder `to`, then pack everything.

    Raises:
        DataError: there is no such data set here.
        TrainingError: a training failed; what ended before it is kept.
    """
    check_workers(workers)
    info = data.describe(dataset, data_dir=data_dir)
    space = GridSpace(info.input_shape, info.num_classes, halved=halved)
    settings = RunSettings(dataset=dataset, data_dir=data_dir, epochs=epochs, recipe=Recipe())
    tasks = Tasks(settings, space, to)
    (to / WEIGHTS).mkdir(parents=True, exist_ok=True)
    done = _read(to / FILE_NAME)
    count = len(space.architectures)
    executor = make_executor(workers=workers, log=to / LOGS / "training.log")
    try:
        sizes = executor.submit(tasks.warm_up()).result()
        first = [(index, SEEDS[0]) for index in range(count)]
        _train([job for job in first if job not in done], tasks, space, executor, done, to / FILE_NAME)
        best = sorted(range(count), key=lambda i: (done[i, SEEDS[0]]["history"][-1], i))[: count // REPEATED]
        again = [(index, seed) for index in sorted(best) for seed in SEEDS[1:]]
        _train([job for job in again if job not in done], tasks, space, executor, done, to / FILE_NAME)
    finally:
        executor.kill()
    return pack(space, done, best, epochs=epochs, validation_size=sizes["validation_size"], dataset=dataset)


def pack(
    space: GridSpace, done: dict[Job, Json], best: list[int], *, epochs: int, validation_size: int, dataset: str
) -> Table:
    """The table of all trainings, with the costs of every network."""
    needs: dict[str, list[Json]] = {accounting: [] for accounting in ACCOUNTINGS}
    for architecture in space.architectures:
        graph = space.lower(architecture)
        for accounting in ACCOUNTINGS:
            needs[accounting].append(asdict(costs(graph, board=board(BOARD), accounting=accounting)))
    return Table.of(
        dataset=dataset,
        space=space,
        epochs=epochs,
        validation_size=validation_size,
        errors=[done[index, SEEDS[0]]["history"] for index in range(len(space.architectures))],
        repeated={index: [done[index, seed]["history"] for seed in SEEDS] for index in sorted(best)},
        seconds=[done[index, SEEDS[0]]["seconds"] for index in range(len(space.architectures))],
        costs=needs,
        provenance={"recipe": Recipe().to_json(), "versions": versions(), "board": BOARD, "seeds": list(SEEDS)},
    )


def _train(
    jobs: list[Job], tasks: Tasks, space: GridSpace, executor: Executor, done: dict[Job, Json], file: Path
) -> None:
    left = iter(jobs)
    running: dict[Future[Json], Job] = {}
    with file.open("a", encoding="utf-8") as journal:
        for number in range(len(jobs)):
            for job in islice(left, executor.workers - len(running)):
                running[executor.submit(_task(tasks, space, job))] = job
            ended = next(iter(wait(running, return_when=FIRST_COMPLETED).done))
            index, seed = running.pop(ended)
            result = ended.result()
            record = {"index": index, "seed": seed, "history": result["history"], "seconds": result["seconds"]}
            journal.write(json.dumps(record) + "\n")
            journal.flush()
            done[index, seed] = record
            if number % 20 == 0:
                typer.echo(f"{number + 1} of {len(jobs)}", err=True)


def _task(tasks: Tasks, space: GridSpace, job: Job) -> Task:
    index, seed = job
    trial = Trial(index, space.architectures[index], tasks.settings.epochs)
    return tasks.train(trial).changed(seed=seed * 1_000_003 + index)


def _read(file: Path) -> dict[Job, Json]:
    """What an earlier call has trained; a last line that was cut off is taken away, since others follow it."""
    content = file.read_bytes() if file.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        atomic_write(file, whole)
    return {(record["index"], record["seed"]): record for record in map(json.loads, whole.splitlines())}


def main(
    dataset: Annotated[str, typer.Option(help="Data set.")],
    to: Annotated[Path, typer.Option(help="Folder of the trainings, and of the table once it is complete.")],
    epochs: Annotated[int, typer.Option(help="Of every training.")] = 27,
    workers: Annotated[int | None, typer.Option(help="Processes.")] = None,
    halved: Annotated[bool, typer.Option(help="For larger inputs: a 2×2 max pool first, and a stride of 2.")] = False,
    data_dir: Annotated[str | None, typer.Option(help="Folder with local copies of data sets.")] = None,
) -> None:
    """Make a table, or go on making it."""
    table = make(dataset, epochs=epochs, to=to, workers=workers or default_workers(), halved=halved, data_dir=data_dir)
    table.save(to / f"{dataset}.npz")


if __name__ == "__main__":
    typer.run(main)
