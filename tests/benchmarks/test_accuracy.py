"""What small networks reach on real data, and in how many seconds of one processor.

Every network fits a microcontroller. Recipes were chosen by the validation split; the test split is looked at once.
"""

import time
from dataclasses import dataclass

import numpy as np
import pytest

import data
from resource_models import Graph, GraphBuilder, costs
from search.recipe import Augmentation, Recipe

SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
TWICE_CHANCE = 0.2
LITTLE = 400
POOL = (2, 2)
RATE = {"learning_rate": 3e-3, "warmup": 0}


@dataclass(frozen=True)
class Case:
    """A data set, a network for it, how it is trained, and the test accuracy that it has to reach on average."""

    dataset: str
    stem: tuple[int, tuple[int, int]]
    blocks: tuple[tuple[int, bool], ...]
    recipe: Recipe
    epochs: int
    validation_size: int
    target: float
    seeds: int = 1


DIGITS = Case(
    dataset="digits",
    stem=(16, (1, 1)),
    blocks=((32, True), (32, False)),
    recipe=Recipe(**RATE, augmentation=Augmentation(shift=1)),
    epochs=60,
    validation_size=200,
    target=0.98,
    seeds=3,
)
MNIST = Case(
    dataset="mnist",
    stem=(16, (2, 2)),
    blocks=((24, False), (32, True), (48, True)),
    recipe=Recipe(batch_size=64, **RATE, augmentation=Augmentation(shift=1)),
    epochs=6,
    validation_size=5000,
    target=0.985,
)
SPOKEN = Case(
    dataset="spoken-digits",
    stem=(16, (2, 2)),
    blocks=((24, True), (32, False), (48, True)),
    recipe=Recipe(**RATE, augmentation=Augmentation(time_shift=5)),
    epochs=15,
    validation_size=300,
    target=0.95,
    seeds=3,
)
CIFAR = Case(
    dataset="cifar10",
    stem=(16, (2, 2)),
    blocks=((32, False), (48, True), (64, False), (64, True)),
    recipe=Recipe(batch_size=64, **RATE, augmentation=Augmentation(flip=True)),
    epochs=10,
    validation_size=2000,
    target=0.70,
)


def network(case: Case, shape: tuple[int, int, int], classes: int) -> Graph:
    """3×3 convolutions with batch normalisation, halved by max pooling where a block says so, then the mean."""
    builder = GraphBuilder(case.dataset)
    filters, strides = case.stem
    kind = {"padding": "same", "activation": "relu", "batch_norm": True}
    x = builder.conv2d(builder.input(shape), filters, (3, 3), strides=strides, **kind)
    for filters, halved in case.blocks:
        x = builder.conv2d(builder.max_pool2d(x, POOL) if halved else x, filters, (3, 3), **kind)
    _, height, width, _ = builder.shape(x)
    x = builder.average_pool2d(x, (height, width))
    return builder.build(builder.dense(builder.flatten(x), classes))


def load(name: str, case: Case) -> data.Dataset:
    try:
        return data.load(name, validation_size=case.validation_size)
    except data.DataError as missing:
        pytest.skip(str(missing))


@dataclass(frozen=True)
class Outcome:
    """Accuracies of one training, and the processor seconds that it took."""

    validation: float
    test: float
    seconds: float
    model: object


def train(case: Case, dataset: data.Dataset, seed: int) -> Outcome:
    from search.training import runtime
    from search.training.build import build_keras
    from search.training.trainer import KerasTrainer

    graph = network(case, dataset.input_shape, dataset.num_classes)
    trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=case.recipe)
    began = time.process_time()
    result = trainer.train(graph, epochs=case.epochs, seed=seed)
    seconds = time.process_time() - began
    runtime.forget_models()
    model = build_keras(graph)
    model.set_weights(result.weights)
    return Outcome(1 - result.history[-1], accuracy(model, dataset.test), seconds, model)


def accuracy(model, split: data.Split) -> float:
    x = split.as_float()
    parts = [np.asarray(model(x[i : i + LITTLE], training=False)) for i in range(0, len(x), LITTLE)]
    return float(np.mean(np.concatenate(parts).argmax(axis=1) == split.y))


def quantised(model, dataset: data.Dataset) -> tuple[int, float]:
    """Bytes of the int8 file, and its test accuracy by LiteRT."""
    from search.training.quantise import CALIBRATION_EXAMPLES, int8_error, to_int8

    converted = to_int8(model, dataset.train.as_float()[:CALIBRATION_EXAMPLES])
    return len(converted), 1 - int8_error(converted, dataset.test)


def percent(values: list[float]) -> str:
    spread = f" ± {100 * np.std(values, ddof=1):.2f}" if len(values) > 1 else ""
    return f"{100 * np.mean(values):.2f}{spread} %"


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.parametrize("case", [DIGITS, MNIST, SPOKEN, CIFAR], ids=lambda case: case.dataset)
def test_a_small_network_reaches_its_accuracy(case: Case) -> None:
    from search.training import runtime

    runtime.configure()
    dataset = load(case.dataset, case)
    needs = costs(network(case, dataset.input_shape, dataset.num_classes))
    outcomes = [train(case, dataset, seed) for seed in range(case.seeds)]
    tests = [outcome.test for outcome in outcomes]
    size, int8 = quantised(outcomes[0].model, dataset)
    print(
        f"\n{case.dataset}: {len(dataset.train):,} / {len(dataset.validation):,} / {len(dataset.test):,} examples, "
        f"{case.epochs} epochs, seeds from 0: {case.seeds}"
        f"\n  test {percent(tests)}, validation {percent([o.validation for o in outcomes])}"
        f"\n  {np.mean([o.seconds for o in outcomes]):.0f} s of processor per training"
        f"\n  {needs.macs:,} MACs, {needs.ram_bytes:,} B of RAM; the int8 file of seed 0 has {size:,} B "
        f"and classifies {100 * int8:.2f} % of the test split (float {100 * tests[0]:.2f} %)"
    )
    assert np.mean(tests) >= case.target


@pytest.mark.bench
@pytest.mark.tf
def test_spoken_digits_of_somebody_else() -> None:
    from search.training import runtime

    runtime.configure()
    found = []
    for speaker in SPEAKERS:
        name = f"{SPOKEN.dataset}?test_speaker={speaker}"
        outcome = train(SPOKEN, load(name, SPOKEN), seed=0)
        found.append(outcome.test)
        print(f"\nnobody hears {speaker:9} test {100 * outcome.test:.1f} %, {outcome.seconds:.0f} s", end="")
    print(f"\nspeaker-independent: mean {percent(found)}, lowest {100 * min(found):.1f} %")
    assert min(found) > TWICE_CHANCE
