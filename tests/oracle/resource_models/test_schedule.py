"""The exact schedule against every order there is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resource_models import Add, Graph, GraphBuilder, minimum_peak_schedule, schedule_in_order
from search.spaces.cnn import CnnSpace
from tests.support.strategies import fork_joins, graphs

MODES = [(inplace, inputs) for inplace in (False, True) for inputs in (False, True)]


def smallest_peak(graph: Graph, inplace_add: bool, count_inputs: bool) -> int:
    """Smallest peak over all orders, by trying every next operator; equal sets of finished ones are tried once."""
    readers = [set(consumers) for consumers in graph.consumers]
    counted = set(range(len(graph.tensors))) - (set() if count_inputs else set(graph.inputs))
    size = [t.size_bytes if i in counted else 0 for i, t in enumerate(graph.tensors)]

    def in_memory(done: frozenset[int]) -> set[int]:
        written = {*graph.inputs, *(t for index in done for t in graph.operators[index].outputs)}
        return {t for t in written if t in graph.outputs or readers[t] - done}

    def needs(done: frozenset[int], index: int) -> int:
        operator = graph.operators[index]
        total = sum(size[t] for t in {*in_memory(done), *operator.outputs})
        if inplace_add and isinstance(operator.spec, Add):
            (result,) = operator.outputs
            last = [t for t in operator.inputs if readers[t] - done == {index} and t not in graph.outputs]
            if any(size[t] == size[result] for t in last):
                total -= size[result]
        return total

    @cache
    def best(done: frozenset[int]) -> int:
        memory = sum(size[t] for t in in_memory(done))
        choices = [
            max(needs(done, index), best(done | {index}))
            for index, operator in enumerate(graph.operators)
            if index not in done and all(graph.producers[t] in {None, *done} for t in operator.inputs)
        ]
        return max(memory, min(choices, default=0))

    return best(frozenset())


def check(graph: Graph, inplace_add: bool, count_inputs: bool) -> None:
    schedule = minimum_peak_schedule(graph, inplace_add=inplace_add, count_inputs=count_inputs)
    assert schedule.proven_optimal
    assert schedule.peak_bytes == smallest_peak(graph, inplace_add, count_inputs)
    again = schedule_in_order(graph, schedule.order, inplace_add=inplace_add, count_inputs=count_inputs)
    assert again.steps == schedule.steps
    assert all(step.bytes == sum(graph.tensors[t].size_bytes for t in step.live) for step in schedule.steps)
    assert schedule.peak_bytes == max(step.bytes for step in schedule.steps)
    assert schedule.steps[schedule.peak_step].bytes == schedule.peak_bytes


@pytest.mark.parametrize(("inplace_add", "count_inputs"), MODES)
@settings(max_examples=300)
@given(graph=graphs())
def test_any_network(graph: Graph, inplace_add: bool, count_inputs: bool) -> None:
    check(graph, inplace_add, count_inputs)


@pytest.mark.parametrize(("inplace_add", "count_inputs"), MODES)
@settings(max_examples=250)
@given(graph=fork_joins())
def test_parallel_branches(graph: Graph, inplace_add: bool, count_inputs: bool) -> None:
    check(graph, inplace_add, count_inputs)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_small_networks_of_the_cnn_space(seed: int) -> None:
    space = CnnSpace((28, 28, 1), 10)
    graph = space.lower(space.sample(np.random.default_rng(seed)))
    if len(graph.operators) <= 12:
        for mode in MODES:
            check(graph, *mode)


def test_twelve_parallel_branches_are_proven() -> None:
    builder = GraphBuilder("wide")
    x = builder.input((16, 16, 3))
    ends = [
        builder.conv2d(builder.conv2d(x, 8 * (index + 1), (3, 3), padding="same"), 4 + index % 3, (3, 3))
        for index in range(12)
    ]
    schedule = minimum_peak_schedule(builder.build(builder.concatenate(ends)))
    assert schedule.proven_optimal


def test_a_long_chain_is_proven() -> None:
    builder = GraphBuilder("deep")
    x = builder.input((8, 8, 2))
    for _ in range(1000):
        x = builder.conv2d(x, 2, (1, 1))
    schedule = minimum_peak_schedule(builder.build(x))
    assert schedule.proven_optimal
    assert schedule.peak_bytes == 2 * 8 * 8 * 2


def test_bounded_work_gives_an_honest_order() -> None:
    rng = np.random.default_rng(1)
    builder = GraphBuilder("tangle")
    tensors = [builder.input((4, 4, 2))]
    for _ in range(40):
        first, second = rng.integers(max(0, len(tensors) - 8), len(tensors), 2)
        joined = builder.concatenate([tensors[first], tensors[second]])
        tensors.append(builder.conv2d(joined, int(rng.integers(1, 9)), (1, 1)))
    graph = builder.build(*tensors)
    schedule = minimum_peak_schedule(graph, max_states=1)
    assert schedule.peak_bytes == schedule_in_order(graph, schedule.order).peak_bytes
    assert schedule.peak_bytes <= schedule_in_order(graph).peak_bytes
