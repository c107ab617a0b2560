"""What each part of the recipe "thorough" brings: the best networks of a small search's front, by every variant.

The parts of the recipe were chosen by the validation errors that this prints; the test errors chose nothing. What each
part gained, in points of validation error, when the recipe was made: one seed, three networks of a front (two with
CIFAR-10, one network and three seeds with windows), 2,000 training examples, 12 epochs in the search and 48 of "long":

    data set               long    and changed    and averaged    and taught
    MNIST                  +0.6           +1.6            +0.1             –
    spoken digits          +5.2           +0.8            -0.2          +1.0
    CIFAR-10, two classes  -3.6           +6.0            +0.2          -0.4
    windows of sensors     +4.4           +0.2            -0.1          -3.4

Averages of MNIST and everything of windows are beside "long" alone. Most of these are not much larger than what other
seeds change: a standard error of 600 to 3,000 validation examples is 0.4 to 1 point.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

import data
from resource_models import Graph, GraphBuilder
from search import Budget, Run, RunSettings
from search.errors import RunError
from search.recipe import Augmentation, Recipe
from search.recipes.named import Plan, Situation
from search.recipes.thorough import TEACHER, TIMES_LONGER, augmentation_of, thorough

NETWORKS, SEEDS = 2, 1
EPOCHS, TRIALS = 12, 6
AVERAGE = 0.999
CHANGED = "long, augmentation"
BUDGET = Budget.parse(ram="32 KiB", flash="48 KiB")
SIZES = {
    "mnist": {"train_size": 2000, "validation_size": 3000},
    "spoken-digits": {"train_size": 1800, "validation_size": 600},
    "cifar10-binary": {"train_size": 2000, "validation_size": 2000},
}
FIGURES = ("validation", "int8 validation", "test", "int8 test")


def variants(dataset: data.Dataset) -> Iterator[tuple[str, Plan]]:
    """The run's own recipe, the same for longer, with changed examples, and beside these each further part."""
    plain = Recipe()
    situation = Situation(plain, EPOCHS, data.kind_of(dataset.name), dataset.input_shape)
    epochs = thorough(situation).epochs
    changed = replace(plain, augmentation=augmentation_of(situation.kind, situation.input_shape))
    yield "as searched", Plan(plain, EPOCHS)
    yield "long", Plan(plain, epochs)
    yield CHANGED, Plan(changed, epochs)
    yield "and averaged", Plan(replace(changed, average=AVERAGE), epochs)
    yield "and taught", Plan(replace(changed, distillation=TEACHER), epochs)


@dataclass(frozen=True)
class Outcome:
    """Errors of one training in percent, in the order of `FIGURES`, and its processor seconds."""

    errors: tuple[float, ...]
    seconds: float


def best_networks(name: str, folder: Path) -> list[Graph]:
    """Of a short search the networks of the front with the lowest errors; a search that is there is not made again."""
    settings = RunSettings(
        dataset=name, budget=BUDGET, epochs=EPOCHS, trials=TRIALS, algorithm="random", workers=1, **SIZES[name]
    )
    run = Run.open(folder) if Run.exists(folder) else Run.create(settings, folder)
    run.start()
    try:
        run.wait()
    except RunError as error:
        pytest.fail(str(error))
    front = sorted(run.front(), key=lambda o: o.val_error)[:NETWORKS]
    for o in front:
        print(f"  trial {o.trial_id}: {o.costs.macs:,} MACs, error in the search {100 * o.val_error:.2f} %", flush=True)
    return [run.graph(o.trial_id) for o in front]


def train(graph: Graph, dataset: data.Dataset, plan: Plan, seed: int, folder: Path) -> Outcome:
    from search.training import runtime
    from search.training.build import build_keras
    from search.training.quantise import CALIBRATION_EXAMPLES, float_error, int8_error, to_int8
    from search.training.teacher import make_teacher
    from search.training.trainer import KerasTrainer

    teacher = make_teacher(dataset, plan.recipe, folder)
    trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=plan.recipe, teacher=teacher)
    began = time.process_time()
    result = trainer.train(graph, epochs=plan.epochs, seed=seed)
    seconds = time.process_time() - began
    model = build_keras(graph)
    model.set_weights(result.weights)
    converted = to_int8(model, dataset.train.as_float()[:CALIBRATION_EXAMPLES])
    few = data.Split(dataset.test.x[:3000], dataset.test.y[:3000])
    floats = result.history[-1], float_error(model, few)
    int8 = int8_error(converted, dataset.validation), int8_error(converted, few)
    runtime.forget_models()
    return Outcome(tuple(100 * e for pair in zip(floats, int8, strict=True) for e in pair), seconds)


def report(name: str, outcomes: list[Outcome], base: list[Outcome]) -> None:
    """Print the mean errors of a variant, and what it gained over another, training by training."""
    errors = np.array([o.errors for o in outcomes])
    gains = np.array([o.errors for o in base]) - errors
    means = ", ".join(f"{figure} {mean:.2f}" for figure, mean in zip(FIGURES, errors.mean(axis=0), strict=True))
    each = " ".join(f"{gain:+.2f}" for gain in gains[:, 0])
    print(
        f"  {name:20} {means}; gain {gains[:, 0].mean():+.2f} ({each}), int8 {gains[:, 1].mean():+.2f}; "
        f"{np.mean([o.seconds for o in outcomes]):.0f} s each",
        flush=True,
    )


def window_network(shape: tuple[int, int, int], classes: int) -> Graph:
    """Three convolutions along the time, each half as long."""
    builder = GraphBuilder("windows")
    x = builder.input(shape)
    for filters in (8, 12, 16):
        x = builder.conv2d(x, filters, (5, 1), strides=(2, 1), padding="same", activation="relu", batch_norm=True)
    _, height, width, _ = builder.shape(x)
    return builder.build(builder.dense(builder.flatten(builder.average_pool2d(x, (height, width))), classes))


@pytest.mark.bench
@pytest.mark.tf
def test_windows_of_sensors(tmp_path: Path) -> None:
    from search.training import runtime

    file = Path(os.environ.get("UNAS_DATA_DIR", ".")) / "watch-exercises.parquet"
    if not file.exists():
        pytest.skip(f"{file.name} is not in the folder UNAS_DATA_DIR")
    runtime.configure()
    dataset = data.load(f"table:{file}?label=exercise&group=subject&columns=ax,ay,az,wx,wy,wz&window=64")
    graph, epochs = window_network(dataset.input_shape, dataset.num_classes), TIMES_LONGER * EPOCHS
    plans = {
        "as searched": Plan(Recipe(), EPOCHS),
        "long": Plan(Recipe(), epochs),
        **{f"moved by {rows}": Plan(Recipe(augmentation=Augmentation(time_shift=rows)), epochs) for rows in (4, 8)},
        "averaged": Plan(Recipe(average=AVERAGE), epochs),
        "taught": Plan(Recipe(distillation=TEACHER), epochs),
    }
    print(f"\nwindows: {len(dataset.train):,} / {len(dataset.validation):,} examples, 1 network × 3 seeds")
    trained = {
        variant: [train(graph, dataset, plan, seed, tmp_path) for seed in range(3)] for variant, plan in plans.items()
    }
    for variant, outcomes in trained.items():
        report(variant, outcomes, trained["long"])


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.parametrize("name", SIZES)
def test_what_each_part_brings(name: str, tmp_path: Path) -> None:
    from search.training import runtime
    from search.training.teacher import make_teacher

    runtime.configure()
    try:
        dataset = data.load(name, **SIZES[name])
    except data.DataError as missing:
        pytest.skip(str(missing))
    print(f"\n{name}: {len(dataset.train):,} / {len(dataset.validation):,} examples, seeds {SEEDS}")
    graphs = best_networks(name, Path(os.environ.get("UNAS_BENCH_RUNS", tmp_path)) / name)
    plans = dict(variants(dataset))
    began = time.process_time()
    make_teacher(dataset, plans["and taught"].recipe, tmp_path)
    print(f"  the teacher took {time.process_time() - began:.0f} s")
    trained = {
        variant: [train(graph, dataset, plan, seed, tmp_path) for graph in graphs for seed in range(SEEDS)]
        for variant, plan in plans.items()
    }
    print(f"  errors in %, over {len(graphs)} networks × {SEEDS} seeds; the variants share networks and seeds")
    print(f"  the gain, on the validation split, is that over {CHANGED!r}")
    for variant, outcomes in trained.items():
        report(variant, outcomes, trained[CHANGED])
    found = {variant: np.mean([o.errors[0] for o in outcomes]) for variant, outcomes in trained.items()}
    assert found[CHANGED] < found["as searched"]
