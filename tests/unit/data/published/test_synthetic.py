"""The synthetic data set: any shape, balanced, learnable, reproducible."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load


def test_shape_classes_and_sizes_are_as_asked():
    loaded = load("synthetic?shape=9x14x2&classes=3", train_size=1200, validation_size=30)
    assert (loaded.input_shape, loaded.num_classes) == ((9, 14, 2), 3)
    assert loaded.train.class_counts(3) == (400,) * 3
    assert loaded.validation.class_counts(3) == (10,) * 3
    assert loaded.train.x.min() >= 0
    assert loaded.train.x.max() <= 1


def test_the_same_seed_gives_the_same_data():
    first, again, other = (load("synthetic", train_size=10, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.train.x, again.train.x)
    assert not np.array_equal(first.train.x, other.train.x)


def test_classes_can_be_told_apart_by_the_energy_of_their_directions():
    loaded = load("synthetic")
    x, y = loaded.train.x[..., 0], loaded.train.y
    across, down = np.abs(np.diff(x, axis=2)).mean((1, 2)), np.abs(np.diff(x, axis=1)).mean((1, 2))
    assert (across[y == 0] > down[y == 0]).mean() > 0.9
    assert (across[y == 2] < down[y == 2]).mean() > 0.9


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("shape=8x8", "'8x8' is not a shape"),
        ("shape=0x8x1", "'0x8x1' is not a shape"),
        ("classes=1", "2 to 90 classes, not '1'"),
        ("size=1", "no option 'size'; it has shape, classes"),
    ],
)
def test_impossible_options_are_refused(ending, message):
    with pytest.raises(DataError, match=message):
        load(f"synthetic?{ending}")
