"""Whether a teacher helps a small student: the same student, epochs and seeds with and without it.

Two students, since what a teacher brings depends on what the student could learn without it: see the accuracy on train.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import data
from resource_models import Graph, GraphBuilder, costs
from search.recipe import TEACHER_FILE, Distillation, Recipe
from tests.benchmarks.test_accuracy import accuracy

DATASET, TRAIN, VALIDATION = "spoken-digits", 1500, 1200
EPOCHS, TEACHER_EPOCHS, SEEDS = 30, 15, 3
SETTINGS = {
    "no teacher": None,
    "weight 0.3, T 1 (default)": Distillation(),
    "weight 1, T 1": Distillation(weight=1.0),
    "weight 1, T 4": Distillation(weight=1.0, temperature=4.0),
    "weight 3, T 4": Distillation(weight=3.0, temperature=4.0),
}
PLAIN = "no teacher"
STUDENTS = {"very small": (4, 6, 8), "small": (12, 16, 24)}


@dataclass
class Figures:
    """Accuracies of every seed, in percent, and processor seconds in all."""

    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    seconds: float = 0.0


def student(name: str, shape: tuple[int, int, int], classes: int) -> Graph:
    """A network of a few kB."""
    builder = GraphBuilder("student")
    x = builder.input(shape)
    for filters in STUDENTS[name]:
        x = builder.conv2d(x, filters, (3, 3), strides=(2, 2), padding="same", activation="relu", batch_norm=True)
    _, height, width, _ = builder.shape(x)
    x = builder.average_pool2d(x, (height, width))
    return builder.build(builder.dense(builder.flatten(x), classes))


def teacher_model(dataset: data.Dataset, folder: Path):
    """The built-in teacher that `make_teacher` left in a folder."""
    from search.training.arrays import read_arrays
    from search.training.build import build_keras
    from search.training.teacher import teacher_graph

    model = build_keras(teacher_graph(dataset.input_shape, dataset.num_classes))
    model.set_weights(read_arrays(folder / TEACHER_FILE))
    return model


def train(graph: Graph, dataset: data.Dataset, distillation: Distillation | None, teacher) -> Figures:
    from search.training import runtime
    from search.training.build import build_keras
    from search.training.trainer import KerasTrainer

    recipe = Recipe(distillation=distillation)
    trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=recipe, teacher=teacher)
    figures = Figures()
    for seed in range(SEEDS):
        began = time.process_time()
        result = trainer.train(graph, epochs=EPOCHS, seed=seed)
        figures.seconds += time.process_time() - began
        model = build_keras(graph)
        model.set_weights(result.weights)
        figures.train.append(100 * accuracy(model, dataset.train))
        figures.validation.append(100 * (1 - result.history[-1]))
        figures.test.append(100 * accuracy(model, dataset.test))
        runtime.forget_models()
    return figures


@pytest.mark.bench
@pytest.mark.tf
def test_a_student_with_and_without_a_teacher(tmp_path: Path) -> None:
    from search.training import runtime
    from search.training.teacher import make_teacher

    runtime.configure()
    try:
        dataset = data.load(DATASET, train_size=TRAIN, validation_size=VALIDATION)
    except data.DataError as missing:
        pytest.skip(str(missing))
    began = time.process_time()
    teacher = make_teacher(dataset, Recipe(distillation=Distillation(epochs=TEACHER_EPOCHS)), tmp_path)
    seconds = time.process_time() - began
    model = teacher_model(dataset, tmp_path)
    taught = 100 * accuracy(model, dataset.validation)
    print(
        f"\nteacher: {TEACHER_EPOCHS} epochs, {seconds:.0f} s, validation {taught:.1f} %, "
        f"train {100 * accuracy(model, dataset.train):.1f} %, test {100 * accuracy(model, dataset.test):.1f} %"
    )
    for name in STUDENTS:
        without = compare(name, dataset, teacher)
        assert taught > max(without.validation), "the teacher knows no more than the student; the comparison is void"


def compare(name: str, dataset: data.Dataset, teacher) -> Figures:
    """Print a student's figures with every setting; returns those without a teacher."""
    graph = student(name, dataset.input_shape, dataset.num_classes)
    needs = costs(graph)
    print(f"{name} student: {needs.macs:,} MACs, {needs.model_bytes:,} B of flash; {EPOCHS} epochs, {SEEDS} seeds")
    found: dict[str, Figures] = {}
    for setting, distillation in SETTINGS.items():
        found[setting] = train(graph, dataset, distillation, teacher)
        report(setting, found[setting], found[PLAIN])
    return found[PLAIN]


def report(name: str, figures: Figures, plain: Figures) -> None:
    """Print one setting's accuracies, and the differences to the same seeds without a teacher."""
    gains = np.subtract(figures.validation, plain.validation)
    by_seed = ", ".join(f"{gain:+.2f}" for gain in gains)
    print(
        f"{name:27} train {np.mean(figures.train):.1f} %, validation {mean_sd(figures.validation)}, "
        f"test {mean_sd(figures.test)}, gain on validation {np.mean(gains):+.2f} (seed by seed {by_seed}), "
        f"{figures.seconds / SEEDS:.0f} s each",
        flush=True,
    )


def mean_sd(values: list[float]) -> str:
    return f"{np.mean(values):.2f} ± {np.std(values, ddof=1):.2f} %"
