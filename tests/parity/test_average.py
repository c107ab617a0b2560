"""Averaged weights: what they are, by hand, the statistics that fit them, and that learning goes on as it was."""

from pathlib import Path

import numpy as np
import pytest

from search.recipe import Augmentation, Pruning
from tests.parity.test_training import DIGITS, small_graph, trainer

pytestmark = pytest.mark.tf

DECAY = 0.9
STEPS = 10  # of 32 examples in an epoch


def weights_by_hand(decay: float, epochs: int) -> list[np.ndarray]:
    """The average of the trainable weights after each step, from trainings that end after each epoch of one step."""
    from search.training.build import build_keras

    def after(steps: int) -> list[np.ndarray]:
        result = trainer(**ONE_STEP).train(small_graph(), epochs=steps, seed=3, schedule=epochs)
        model = build_keras(small_graph())
        model.set_weights(result.weights)
        return [variable.numpy() for variable in model.trainable_variables]

    average = first_weights()
    for step in range(epochs):
        share = 1 - min(decay, (1 + step) / (10 + step))
        average = [mine + share * (theirs - mine) for mine, theirs in zip(average, after(step + 1), strict=True)]
    return average


ONE_STEP = {"batch_size": 320, "warmup": 0}


def first_weights() -> list[np.ndarray]:
    import keras

    from search.training.build import build_keras

    keras.utils.set_random_seed(3)
    return [variable.numpy() for variable in build_keras(small_graph()).trainable_variables]


def kept_model(weights):
    from search.training.build import build_keras

    model = build_keras(small_graph())
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("decay", [0.25, 0.99])
def test_the_average_is_that_by_hand(decay: float) -> None:
    result = trainer(average=decay, **ONE_STEP).train(small_graph(), epochs=4, seed=3)
    found = [variable.numpy() for variable in kept_model(result.weights).trainable_variables]
    for mine, by_hand in zip(found, weights_by_hand(decay, 4), strict=True):
        np.testing.assert_allclose(mine, by_hand, rtol=1e-4, atol=1e-6)


def test_batch_normalisation_has_the_statistics_of_the_averaged_network() -> None:
    import keras

    result = trainer(average=DECAY).train(small_graph(), epochs=3, seed=0)
    model = kept_model(result.weights)
    inner = keras.Model(model.inputs, model.get_layer("conv2d_1").output)
    batches = DIGITS.train.as_float(), inner.predict(DIGITS.train.as_float(), verbose=0)
    mean, variance = batches[1].mean(axis=(0, 1, 2)), batches[1].var(axis=(0, 1, 2))
    normalisation = model.get_layer("conv2d_1_bn")
    np.testing.assert_allclose(normalisation.moving_mean.numpy(), mean, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(normalisation.moving_variance.numpy(), variance, rtol=1e-3, atol=1e-5)


def test_statistics_are_taken_of_all_classes_of_a_split_in_order() -> None:
    from search.training.average import BATCH, STATISTICS_EXAMPLES, _spread_out

    for examples in (5, 320, BATCH, 1000, 3000, 50_000):
        batches = _spread_out(examples)
        assert batches.size > 0.9 * min(examples, STATISTICS_EXAMPLES)
        assert batches.shape[1] < 2 * BATCH
        assert len(np.unique(batches)) == batches.size
        assert all(batch.min() < examples / 10 and batch.max() > 0.89 * (examples - 1) for batch in batches)


def test_learning_goes_its_way_and_what_is_measured_is_what_is_kept() -> None:
    from search.training.quantise import float_error

    plain = trainer().train(small_graph(), epochs=6, seed=1)
    averaged = trainer(average=0.99).train(small_graph(), epochs=6, seed=1)
    assert averaged.losses == plain.losses
    assert averaged.history != plain.history
    assert float_error(kept_model(averaged.weights), DIGITS.validation) == pytest.approx(averaged.history[-1])


@pytest.mark.parametrize("kind", ["structured", "unstructured"])
def test_an_averaged_network_is_pruned_as_much(kind: str) -> None:
    recipe = {"pruning": Pruning(kind=kind, begin=0.0, end=0.5), "average": DECAY}
    result = trainer(**recipe).train(small_graph(), epochs=6, seed=1, genes={"sparsity": 0.5})
    if kind == "structured":
        assert sum(result.channels.values()) < 24
    else:
        zeros = sum(int(np.sum(array == 0)) for array in result.weights if array.ndim > 1)
        assert zeros >= result.zeros > 100


def test_it_is_the_same_each_time_and_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    from search.training.arrays import read_checkpoint, write_checkpoint

    recipe = {"average": DECAY, "augmentation": Augmentation(shift=1)}
    whole, again = (trainer(**recipe).train(small_graph(), epochs=5, seed=1) for _ in range(2))
    part = trainer(**recipe).train(small_graph(), epochs=2, seed=1, schedule=5)
    write_checkpoint(tmp_path / "0.checkpoint.npz", part.checkpoint)
    resumed = read_checkpoint(tmp_path / "0.checkpoint.npz")
    rest = trainer(**recipe).train(small_graph(), epochs=5, seed=1, resume=resumed)
    for other in (again, rest):
        assert other.history == whole.history
        assert all(np.array_equal(a, b) for a, b in zip(whole.weights, other.weights, strict=True))
