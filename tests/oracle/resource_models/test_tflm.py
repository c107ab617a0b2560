"""The arena and the file's size against the real converter and the real TensorFlow Lite Micro (mcufit, 32 bits)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from resource_models import Graph, as_converted, costs, macs, model_bytes, plan_arena, read_tflite, weight_bytes
from search.spaces.cnn import CnnSpace
from tests.support import tflm_judge

pytestmark = pytest.mark.tf
SHAPES = [(28, 28, 1), (32, 32, 3), (8, 8, 1)]


def random_network(shape: tuple[int, int, int], seed: int) -> Graph:
    space = CnnSpace(shape, 10)
    return space.lower(space.sample(np.random.default_rng((seed, *shape))))


def converted_file(graph: Graph, seed: int) -> bytes:
    """The int8 file of a graph whose weights are random, as after training."""
    from search.training.build import build_keras
    from search.training.quantise import to_int8

    rng = np.random.default_rng(seed)
    model = build_keras(graph)
    for variable in model.variables:
        if "seed" not in variable.path:
            positive = "variance" in variable.path or "gamma" in variable.path
            low, high = (0.5, 1.5) if positive else (-0.3, 0.3)
            variable.assign(rng.uniform(low, high, variable.shape).astype(np.float32))
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    return to_int8(model, rng.random((8, *shape), dtype=np.float32))


def check(shape: tuple[int, int, int], seed: int, folder: Path) -> None:
    graph = random_network(shape, seed)
    path = folder / "model.tflite"
    path.write_bytes(converted_file(graph, seed))
    # The file holds exactly the operators, order and shapes that were foreseen, …
    read, foreseen = read_tflite(path), as_converted(graph)
    assert [(type(o.spec), read.shapes(o.outputs)) for o in read.operators] == [
        (type(o.spec), foreseen.shapes(o.outputs)) for o in foreseen.operators
    ]
    assert macs(read) == macs(graph)
    assert weight_bytes(read) == weight_bytes(foreseen)
    # … its size is within 2 % or 512 bytes, …
    size = path.stat().st_size
    assert abs(model_bytes(graph) - size) <= max(0.02 * size, 512)
    assert model_bytes(read) == size
    # … and the arena, before and after, within a few bytes.
    truth = tflm_judge.arena(path.read_bytes())
    assert truth is not None
    for predicted in (costs(graph).ram_bytes, plan_arena(read).arena_bytes):
        assert abs(predicted - truth) <= 32


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_a_few_random_networks(shape: tuple[int, int, int], seed: int, tmp_path: Path) -> None:
    check(shape, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("first", range(100, 170, 10))
def test_two_hundred_and_ten_random_networks(shape: tuple[int, int, int], first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 10):
        check(shape, seed, tmp_path)
