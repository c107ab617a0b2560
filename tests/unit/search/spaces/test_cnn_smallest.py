"""The small family holds the cheapest networks, so far as descent along the morphisms can tell."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import board, costs
from search.spaces.cnn import CnnSpace

STEPS = 6
NANO = "arduino-nano-33-ble"


@pytest.mark.parametrize(
    ("resource", "accounting", "board_id"),
    [
        *(
            (resource, accounting, None)
            for resource in ("ram_bytes", "model_bytes", "macs")
            for accounting in ("tflm", "unas")
        ),
        ("ram_bytes", "tflm", NANO),
        ("latency_s", "tflm", NANO),
    ],
)
@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 3)])
def test_no_descent_from_its_cheapest_member_finds_a_cheaper_network(shape, resource, accounting, board_id):
    space = CnnSpace(shape, 10)
    chosen = None if board_id is None else board(board_id)

    def cost(architecture):
        return getattr(costs(space.lower(architecture), board=chosen, accounting=accounting), resource)

    here = min(space.smallest(), key=cost)
    least = cost(here)
    rng = np.random.default_rng(0)
    for _ in range(STEPS):
        neighbours = space.neighbours(here, rng)
        figures = [cost(neighbour) for neighbour in neighbours]
        assert min(figures) >= least
        level = [n for n, figure in zip(neighbours, figures, strict=True) if figure == min(figures)]
        here = level[int(rng.integers(len(level)))]


def test_the_family_is_small_and_of_the_space():
    space = CnnSpace((28, 28, 1), 10)
    family = space.smallest()
    assert 10 < len(family) == len(set(family)) < 300
    assert all(space.contains(architecture) for architecture in family)
