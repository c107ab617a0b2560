"""The fused optimisers against Keras' own, step by step."""

import numpy as np
import pytest

from search.recipe import Recipe

pytestmark = pytest.mark.tf

STEPS, EPOCHS = 5, 4


def trajectory(recipe: Recipe) -> np.ndarray:
    """Where our optimiser takes a kernel and a bias from the same start along the same gradients."""
    import tensorflow as tf

    from search.training.optimiser import make_optimiser

    variables = [tf.Variable(v) for v in start()]
    optimiser = make_optimiser(recipe, variables, steps_per_epoch=STEPS, steps=STEPS * EPOCHS)
    path = []
    for step, gradients in enumerate(along()):
        optimiser.apply([tf.constant(g) for g in gradients], tf.constant(float(step)))
        path.append(np.concatenate([v.numpy().ravel() for v in variables]))
    return np.array(path)


def keras_trajectory(optimiser) -> np.ndarray:
    import tensorflow as tf

    variables = [tf.Variable(v) for v in start()]
    path = []
    for gradients in along():
        optimiser.apply([tf.constant(g) for g in gradients], variables)
        path.append(np.concatenate([v.numpy().ravel() for v in variables]))
    return np.array(path)


def start() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(size=(3, 4)).astype(np.float32), rng.normal(size=4).astype(np.float32)]


def along() -> list[list[np.ndarray]]:
    rng = np.random.default_rng(1)
    return [[rng.normal(size=v.shape).astype(np.float32) for v in start()] for _ in range(STEPS * EPOCHS)]


def test_adam_with_a_cosine() -> None:
    import keras

    recipe = Recipe(learning_rate=0.01, weight_decay=0.0, warmup=0)
    expected = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, STEPS * EPOCHS))
    np.testing.assert_allclose(trajectory(recipe), keras_trajectory(expected), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("asked", "used"), [(3, 3), (50, STEPS * EPOCHS // 4)])
def test_adam_with_a_warm_up(asked: int, used: int) -> None:
    import keras

    recipe = Recipe(learning_rate=0.01, weight_decay=0.0, warmup=asked)
    schedule = keras.optimizers.schedules.CosineDecay(0.0, STEPS * EPOCHS - used, warmup_target=0.01, warmup_steps=used)
    expected = keras_trajectory(keras.optimizers.Adam(schedule))
    np.testing.assert_allclose(trajectory(recipe), expected, rtol=1e-5, atol=1e-6)


def test_decoupled_weight_decay_spares_biases() -> None:
    import keras

    recipe = Recipe(learning_rate=0.01, weight_decay=0.1, schedule="constant", warmup=0)
    decayed = keras_trajectory(keras.optimizers.AdamW(0.01, weight_decay=0.1))
    plain = keras_trajectory(keras.optimizers.Adam(0.01))
    expected = np.concatenate([decayed[:, :12], plain[:, 12:]], axis=1)
    np.testing.assert_allclose(trajectory(recipe), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_with_drops(momentum: float) -> None:
    import keras

    recipe = Recipe(
        optimiser="sgd",
        learning_rate=0.1,
        momentum=momentum,
        weight_decay=0.0,
        schedule="constant",
        warmup=0,
        drops=((2, 2), (3, 5)),
    )
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([2 * STEPS - 1, 3 * STEPS - 1], [0.1, 0.05, 0.01])
    expected = keras.optimizers.SGD(schedule, momentum=momentum)
    np.testing.assert_allclose(trajectory(recipe), keras_trajectory(expected), rtol=1e-5, atol=1e-6)


def test_a_recipe_survives_its_json_form() -> None:
    recipe = Recipe(optimiser="sgd", drops=((90, 2.0), (105, 5.0)))
    assert Recipe.from_json(recipe.to_json()) == recipe
