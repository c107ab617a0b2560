"""Random members of the search spaces, some with pruned channels, trained for a moment and converted to int8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data import Dataset, Split
from resource_models import Graph
from search import Budget, RunSettings
from search.cli.sampling import draw
from search.problem import Problem
from search.pruning.channels import kept_evenly, with_channels

SPACES = ("cnn", "cnn-extended", "mlp")
_BUDGET = Budget.parse(ram="96 KiB", flash="256 KiB", macs="1.5M")
_EXAMPLES, _PRUNED = 1500, 0.4


@dataclass(frozen=True)
class Found:
    """An int8 file, what it was made from, and the validation error of the float network."""

    name: str
    graph: Graph
    model: bytes
    float_error: float


def found_networks(dataset: Dataset, space: str, *, count: int, seed: int, steps: int = 150) -> Iterator[Found]:
    """So many networks of a space; of every third a share of the channels is left out, as pruning does."""
    settings = RunSettings(dataset=dataset.name, space=space, budget=_BUDGET)
    problem = Problem.of(settings)
    for sample in draw(problem, count=count, seed=seed):
        pruned = sample.number % 3 == 2
        graph = with_channels(sample.graph, kept_evenly(sample.graph, _PRUNED)) if pruned else sample.graph
        name = f"{dataset.name} {space} {sample.number}{' pruned' if pruned else ''}"
        yield trained(name, graph, dataset, steps=steps)


def trained(name: str, graph: Graph, dataset: Dataset, *, steps: int) -> Found:
    """The network after some steps of training, as int8."""
    import keras

    from search.training.build import build_keras
    from search.training.quantise import float_error, to_int8

    keras.utils.set_random_seed(1)
    rows = np.random.default_rng(2).permutation(len(dataset.train))[:_EXAMPLES]
    part = Split(dataset.train.x[rows], dataset.train.y[rows])
    model = build_keras(graph)
    loss = (
        keras.losses.BinaryCrossentropy(from_logits=True)
        if dataset.num_classes == 2
        else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    model.compile(keras.optimizers.Adam(3e-3), loss, jit_compile=False)
    model.fit(part.as_float(), part.y, batch_size=64, epochs=max(1, steps * 64 // len(part)), verbose=0)
    error = float_error(model, dataset.validation)
    converted = to_int8(model, part.as_float()[:256])
    keras.backend.clear_session()
    return Found(name, graph, converted, error)
