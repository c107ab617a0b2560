"""Random networks within a budget, for benchmarks on boards: drawn, told apart, and written to files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.files.atomic import atomic_write
from resource_models import Costs, Graph, runtime_on
from resource_models import board as find_board
from resource_models import runtime as find_runtime
from search.errors import BudgetError, SettingsError
from search.limits import check_samples
from search.measures.pareto import FEATURES
from search.problem import PATIENCE, Problem
from search.settings import RunSettings
from search.spaces import Architecture
from search.spaces import space as find_space

NEWS_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Sample:
    """One network within the budget.

    Attributes:
        number: from 0.
        architecture: of the space.
        graph: its operators; no other sample of the same draw has equal ones.
        costs: in the accounting of the settings.
        drawn: random networks up to this one, those over the budget and those seen before included.
    """

    number: int
    architecture: Architecture
    graph: Graph
    costs: Costs
    drawn: int

    @property
    def name(self) -> str:
        """Name of its files, without ending."""
        return f"sample_{self.number:04d}"

    def metrics(self) -> dict[str, Any]:
        """What it costs, by the names that a run's trials have."""
        return {"sample": self.number, **{key: getattr(self.costs, key) for key in FEATURES}}


def parse_input(text: str) -> tuple[int, ...]:
    """The shape in a text such as "28x28x1" (height, width, channels), or "30" for so many values.

    Raises:
        SettingsError: the text is no shape.
    """
    if not re.fullmatch(r"[1-9]\d*([x×][1-9]\d*[x×][1-9]\d*)?", text.strip(), re.IGNORECASE):
        raise SettingsError(f"--input: {text!r} is not of the form 28x28x1 (height, width, channels).")
    return tuple(int(size) for size in re.split("[x×]", text.strip().lower()))


def sampling_problem(settings: RunSettings, *, shape: Sequence[int] | None, classes: int) -> Problem:
    """Where networks are drawn, and what they may cost.

    Args:
        settings: space, budget, board, runtime and accounting; the data set where there is no shape.
        shape: of the inputs; None takes shape and classes from the data set.
        classes: where there is a shape.

    Raises:
        DataError, SettingsError, SpaceError, ResourceModelError: what was asked for does not exist.
        BudgetError: no network of the space can meet the budget; says the smallest that can be reached.
    """
    if settings.runtime is not None:
        find_runtime(settings.runtime)
    settings = settings.with_board_budget()
    if shape is None:
        return Problem.of(settings)
    board = None if settings.board is None else find_board(settings.board)
    problem = Problem(find_space(settings.space, shape, classes), settings, board)
    problem.check_budget()
    return problem


def draw(
    problem: Problem, *, count: int, seed: int, tell: Callable[[int, int], None] = lambda _drawn, _found: None
) -> Iterator[Sample]:
    """So many random networks within the budget, no two with the same operators.

    The same seed gives the same networks, and a larger count more of them.

    Args:
        problem: where they are drawn, and what they may cost.
        count: how many.
        seed: of all randomness.
        tell: is told now and then how many were drawn and how many of them were found good.

    Raises:
        BudgetError: too few random networks are within the budget.
    """
    check_samples(count)
    seen: set[Graph] = set()
    drawn = last = 0
    while len(seen) < count:
        if drawn - last >= PATIENCE:
            raise BudgetError(
                f"After {len(seen)} of {count} networks, none of {PATIENCE} random ones was a new one within the "
                f"budget ({problem.budget}); allow more, or choose another space."
            )
        architecture = problem.space.sample(np.random.default_rng((seed, drawn)))
        drawn += 1
        if drawn % NEWS_EVERY == 0:
            tell(drawn, len(seen))
        costs = problem.costs(architecture)
        if not problem.budget.allows(costs):
            continue
        graph = problem.graph(architecture)
        if graph not in seen:
            yield Sample(len(seen), architecture, graph, costs, drawn)
            seen.add(graph)
            last = drawn


def prepare_folder(folder: Path) -> None:
    """Make the folder, and make sure that files can be written there.

    Raises:
        SettingsError: they cannot.
    """
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_sample(sample: Sample, problem: Problem, folder: Path) -> Path:
    """Write the architecture with its task and its costs as JSON; returns the path of the file.

    Raises:
        SettingsError: it cannot be written.
    """
    settings, space = problem.settings, problem.space
    document = {
        "space": space.name,
        "input_shape": list(space.input_shape),
        "num_classes": space.num_classes,
        "architecture": space.to_json(sample.architecture),
        "seed": settings.seed,
        "accounting": settings.accounting,
        "board": settings.board,
        "runtime": runtime_on(problem.board, settings.runtime).id,
        "budget": settings.budget.to_json(),
        **sample.metrics(),
    }
    path = folder / f"{sample.name}.json"
    try:
        atomic_write(path, json.dumps(document) + "\n")
    except OSError as error:
        raise _unwritable(folder, error) from None
    return path


def conversion(problem: Problem, *, from_data: bool) -> dict[str, Any]:
    """What is the same for all samples that a worker writes as int8 files; see `search.training.tasks.write_sample`.

    Args:
        problem: what is sampled.
        from_data: calibrate with examples of the data set's training split, not with random ones.
    """
    settings, space = problem.settings, problem.space
    dataset = {"name": settings.dataset, "data_dir": settings.data_dir}
    return {
        "dataset": dataset if from_data else None,
        "space": settings.space,
        "input_shape": list(space.input_shape),
        "num_classes": space.num_classes,
        "seed": settings.seed,
    }


def _unwritable(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(f"--to: {folder} cannot be written ({error.strerror}); choose another folder.")
