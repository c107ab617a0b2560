"""How fast the cost models are: schedules and profiles of random networks of the CNN space, wide and deep graphs."""

import random
import time
from collections.abc import Callable

import numpy as np
import pytest

from resource_models import Graph, GraphBuilder, board, costs, minimum_peak_schedule, profile
from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.smallest_peak import minimum_peak_order
from search.spaces.cnn import CnnSpace

NETWORKS = 10_000


def milliseconds(task: Callable[[], object]) -> float:
    """Processor time of a call."""
    began = time.process_time()
    task()
    return 1e3 * (time.process_time() - began)


@pytest.mark.bench
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
@pytest.mark.parametrize("inplace", [False, True])
def test_schedules(shape: tuple[int, int, int], inplace: bool) -> None:
    space = CnnSpace(shape, 10)
    times, proven = [], 0
    for seed in range(NETWORKS):
        graph = space.lower(space.sample(np.random.default_rng((0, seed))))
        began = time.process_time()
        problem = MemoryProblem.of(graph, inplace_add=inplace, count_inputs=not inplace)
        proven += minimum_peak_order(problem, max_states=200_000)[2]
        times.append(1e3 * (time.process_time() - began))
    times.sort()
    mean, high = sum(times) / len(times), times[int(0.999 * len(times))]
    print(f"\n{shape}, in place {inplace}: {proven} of {NETWORKS} proven optimal; ", end="")
    print(f"mean {mean:.3f} ms, 99.9 % within {high:.1f} ms, longest {times[-1]:.1f} ms")
    assert proven == NETWORKS


@pytest.mark.bench
def test_profiles() -> None:
    space, nano = CnnSpace((28, 28, 1), 10), board("arduino-nano-33-ble")
    candidates = [space.sample(np.random.default_rng((1, seed))) for seed in range(NETWORKS)]
    for name, task in (("costs", costs), ("profile", profile)):
        for chosen in (None, nano):
            total = sum(milliseconds(lambda a=a: task(space.lower(a), board=chosen)) for a in candidates)  # noqa: B023
            where = f"on {chosen.id}" if chosen else "without a board"
            print(f"\nlowering and {name} {where}: {total / NETWORKS:.3f} ms, {1e3 * NETWORKS / total:.0f} per second")


@pytest.mark.bench
def test_wide_and_deep_graphs() -> None:
    worst = max(milliseconds(lambda s=s: minimum_peak_schedule(wide(s))) for s in range(50))
    print(f"\n12 branches of two operators: longest of 50 {worst:.0f} ms")
    print(f"a chain of 1,000 operators: {milliseconds(lambda: minimum_peak_schedule(deep())):.0f} ms with building it")


def wide(seed: int) -> Graph:
    rng = random.Random(seed)
    builder = GraphBuilder("wide")
    x = builder.input((8, 8, rng.choice((1, 8, 64))))
    ends = [
        builder.conv2d(builder.conv2d(x, rng.randint(1, 64), (1, 1)), rng.randint(1, 64), (1, 1)) for _ in range(12)
    ]
    return builder.build(builder.concatenate(ends))


def deep() -> Graph:
    rng = random.Random(0)
    builder = GraphBuilder("deep")
    x = builder.input((8, 8, 4))
    for _ in range(1000):
        x = builder.conv2d(x, rng.randint(1, 64), (1, 1))
    return builder.build(x)
