"""The small family holds the cheapest networks, so far as descent along the morphisms can tell."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import costs
from search.spaces.cnn import CnnSpace

STEPS = 6


@pytest.mark.parametrize("accounting", ["tflm", "unas"])
@pytest.mark.parametrize("resource", ["ram_bytes", "model_bytes", "macs"])
@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 3)])
def test_no_descent_from_its_cheapest_member_finds_a_cheaper_network(shape, resource, accounting):
    space = CnnSpace(shape, 10)

    def cost(architecture):
        return getattr(costs(space.lower(architecture), accounting=accounting), resource)

    cheapest = min(space.smallest(), key=cost)
    least = cost(cheapest)
    rng = np.random.default_rng(0)
    here = cheapest
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
