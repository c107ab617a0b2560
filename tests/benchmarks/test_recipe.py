"""Why the default recipe has a high rate and a warm-up: small networks of a grid, trained by several recipes."""

from dataclasses import replace

import numpy as np
import pytest

import data
from search.recipe import Recipe
from search.tabular.grid import GridSpace

NETWORKS = 20
VARIANTS = ((3e-3, 0), (1e-2, 0), (1e-2, 50), (2e-2, 50))


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.parametrize(("name", "epochs", "halved"), [("digits", 27, False), ("spoken-digits", 9, True)])
def test_rate_and_warm_up(name: str, epochs: int, halved: bool) -> None:
    from search.training import runtime
    from search.training.trainer import KerasTrainer

    runtime.configure()
    try:
        dataset = data.load(name)
    except data.DataError as missing:
        pytest.skip(str(missing))
    space = GridSpace(dataset.input_shape, dataset.num_classes, halved=halved)
    chosen = np.random.default_rng(0).choice(len(space.architectures), NETWORKS, replace=False)
    errors = {}
    for rate, warmup in VARIANTS:
        recipe = replace(Recipe(), learning_rate=rate, warmup=warmup)
        trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=recipe)
        found = []
        for index in chosen:
            graph = space.lower(space.architectures[index])
            found.append(100 * trainer.train(graph, epochs=epochs, seed=int(index)).history[-1])
            runtime.forget_models()
        errors[rate, warmup] = np.array(found)
    print(f"\n{name}, {NETWORKS} networks, {epochs} epochs: validation error in %")
    for (rate, warmup), found in errors.items():
        gain = found - errors[VARIANTS[0]]
        print(f"  rate {rate}, warm-up of {warmup}: mean {found.mean():.1f}, median {np.median(found):.1f}, ", end="")
        print(f"worst {found.max():.1f}, against the first {gain.mean():+.1f} ± {gain.std() / NETWORKS**0.5:.1f}")
