"""The OTMANN distance: equal to Dragonfly's own, bounded from below, and right where it can be told by hand."""

import math

import numpy as np
import pytest

from resource_models import GraphBuilder
from search.algorithms.bayesian.distance import STRUCTURAL, Otmann
from search.algorithms.bayesian.network import Label, LayeredNetwork
from search.spaces import space
from tests.support.dragonfly_networks import dragonfly_distance

SPACES = [("cnn", (28, 28, 1)), ("cnn-extended", (32, 32, 3)), ("mlp", (8, 8, 1))]


def networks(name: str, shape: tuple[int, ...], count: int) -> list[LayeredNetwork]:
    found, rng = space(name, shape, 10), np.random.default_rng(7)
    return [LayeredNetwork.of(found.lower(found.sample(rng))) for _ in range(count)]


def distances(known: list[LayeredNetwork]) -> Otmann:
    otmann = Otmann()
    for network in known:
        otmann.add(network)
    return otmann


@pytest.fixture(autouse=True)
def _numpy_as_it_was(monkeypatch: pytest.MonkeyPatch):
    """Dragonfly brings names back into NumPy; other tests are to see NumPy without them."""
    before = set(vars(np))
    yield
    for name in set(vars(np)) - before & {"int", "float", "object", "math", "asscalar"}:
        delattr(np, name)


@pytest.mark.parametrize(("name", "shape"), SPACES)
def test_equal_to_dragonflys_own(name: str, shape: tuple[int, ...]) -> None:
    ours = networks(name, shape, 12)
    otmann = distances(ours[:6])
    theirs, distance = dragonfly_distance(ours)
    for row in range(6, 12):
        exact = otmann.exact(ours[row])
        for column in range(6):
            expected = np.array(distance(theirs[row], theirs[column])).reshape(len(STRUCTURAL), 2).T
            assert exact[:, :, column] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("name", "shape"), SPACES)
def test_bound_is_below_and_close(name: str, shape: tuple[int, ...]) -> None:
    ours = networks(name, shape, 30)
    otmann = distances(ours[:20])
    exact = np.stack([otmann.exact(network) for network in ours[20:]])
    bound = np.stack([otmann.bound(network) for network in ours[20:]])
    assert (bound <= exact * (1 + 1e-9)).all()
    assert (bound[:, 1] / exact[:, 1]).mean() > 0.9


def test_a_distance_is_symmetric_and_zero_to_itself() -> None:
    ours = networks("cnn", (28, 28, 1), 8)
    otmann = distances(ours)
    table = np.stack([otmann.exact(network) for network in ours], axis=-2)
    assert table == pytest.approx(table.swapaxes(-1, -2), rel=1e-9)
    assert np.diagonal(table, axis1=-2, axis2=-1) == pytest.approx(0.0, abs=1e-9)
    off = ~np.eye(len(ours), dtype=bool)
    assert (table[:, :, off] > 0).all()


def chain(kernels: list[int], *, pool: bool = False) -> LayeredNetwork:
    """Convolutions of those kernels on eight channels, then a dense layer."""
    builder = GraphBuilder("chain")
    x = builder.input((20, 20, 1))
    for kernel in kernels:
        x = builder.conv2d(x, 8, (kernel, kernel), activation="relu")
    if pool:
        x = builder.max_pool2d(x, (2, 2))
    return LayeredNetwork.of(builder.build(builder.dense(builder.flatten(x), 10)))


def test_what_only_one_network_has_is_left_out_at_the_price_of_its_mass() -> None:
    plain, pooled = chain([3]), chain([3], pool=True)
    there, back = distances([plain]).exact(pooled), distances([pooled]).exact(plain)
    pool = pooled.masses[[label.kind for label in pooled.labels].index("pool")]
    assert there == pytest.approx(back)
    assert (there[0] >= pool).all()


def test_path_lengths_of_two_ways() -> None:
    builder = GraphBuilder("two ways")
    x = builder.input((8, 8, 4))
    long = builder.conv2d(builder.conv2d(x, 4, (1, 1)), 4, (1, 1))
    short = builder.conv2d(x, 4, (1, 1))
    total = builder.add([long, short])
    network = LayeredNetwork.of(builder.build(builder.dense(builder.flatten(total), 10)))
    kinds = [label.kind for label in network.labels]
    assert kinds == ["input", "conv", "conv", "conv", "aggr", "dense", "output"]
    add = network.paths[kinds.index("aggr")].reshape(2, 3, 5)  # to input and output; shortest, longest, mean
    assert add[0].tolist() == [[2, 1, 0, 1, 0], [3, 2, 0, 1, 0], [2.5, 1.5, 0, 1, 0]]
    assert add[1].tolist() == [[2, 0, 0, 1, 1]] * 3
    assert not network.paths[0, :15].any()
    assert not network.paths[-1, 15:].any()


def test_masses_are_macs_and_a_tenth_at_each_end() -> None:
    network = chain([3])
    conv, dense = 18 * 18 * 8 * 9, 18 * 18 * 8 * 10
    assert network.masses.tolist() == pytest.approx([(conv + dense) / 10, conv, dense, (conv + dense) / 10])


@pytest.mark.parametrize(
    ("first", "second", "cost"),
    [
        (Label("conv", "Conv2D", 3), Label("conv", "Conv2D", 3), 0.0),
        (Label("conv", "Conv2D", 3), Label("conv", "Conv2D", 5), 0.2),
        (Label("conv", "Conv2D", 3), Label("conv", "Conv2D", 3, batch_norm=True), 0.1),
        (Label("conv", "Conv2D", 3), Label("conv", "DepthwiseConv2D", 1, True, "relu"), 0.2 + 0.3),
        (Label("pool", "MaxPool2D"), Label("pool", "AveragePool2D"), 0.5),
        (Label("dense", "Dense"), Label("dense", "Dense", activation="relu"), 0.1),
        (Label("dense", "Dense"), Label("conv", "Conv2D", 1), math.inf),
        (Label("input"), Label("output"), math.inf),
    ],
)
def test_what_labels_cost(first: Label, second: Label, cost: float) -> None:
    assert first.mismatch(second) == pytest.approx(cost)
    assert second.mismatch(first) == pytest.approx(cost)
