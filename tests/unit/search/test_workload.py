"""What a training is expected to take: its order, and that it is made of the parts that it says."""

import numpy as np

from search.spaces import space
from search.workload import FORWARD, Workload

SPACE = space("cnn", (28, 28, 1), 10)


def test_steps_are_those_of_the_trainer() -> None:
    assert Workload(1000, 100, 32).steps == 31
    assert Workload(20, 100, 32).steps == 1


def test_longer_trainings_larger_networks_and_more_examples_take_longer() -> None:
    work, graphs = Workload(10_000, 1_000), [SPACE.lower(SPACE.sample(np.random.default_rng(i))) for i in range(5)]
    for graph in graphs:
        assert work.seconds(graph, 0.1) < work.seconds(graph, 1) < work.seconds(graph, 2) < work.seconds(graph, 30)
        assert Workload(20_000, 1_000).seconds(graph, 1) > work.seconds(graph, 1)
        assert Workload(10_000, 9_000).seconds(graph, 1) > work.seconds(graph, 1)
    least = min(work.seconds(SPACE.lower(a), 1) for a in SPACE.smallest())
    assert least < min(work.seconds(graph, 1) for graph in graphs)


def test_an_epoch_more_costs_its_steps_and_one_measurement() -> None:
    graph, work = SPACE.lower(SPACE.sample(np.random.default_rng(1))), Workload(3_200, 1_000)
    epoch = work.seconds(graph, 5) - work.seconds(graph, 4)
    twice = Workload(3_200, 2_000)
    measured = twice.seconds(graph, 5) - twice.seconds(graph, 4) - epoch
    steps = Workload(6_400, 1_000)
    learned = steps.seconds(graph, 5) - steps.seconds(graph, 4) - epoch
    np.testing.assert_allclose(epoch, measured + learned, rtol=1e-9)
    assert measured < FORWARD * learned
