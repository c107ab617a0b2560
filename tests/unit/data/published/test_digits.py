"""The digits data set: its shape, its values, and its fixed split."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from data import DatasetSizeError, load


@pytest.fixture(scope="module")
def digits():
    return load("digits")


def test_shape_classes_and_values(digits):
    assert digits.input_shape == (8, 8, 1)
    assert digits.class_names == tuple("0123456789")
    for split in digits.splits().values():
        assert split.x.dtype == np.float32
        assert split.x.min() == 0.0
        assert split.x.max() == 1.0


def test_split_sizes_and_class_shares(digits):
    assert {name: len(split) for name, split in digits.splits().items()} == {
        "train": 1079,
        "validation": 359,
        "test": 359,
    }
    for split in digits.splits().values():
        counts = split.class_counts(10)
        assert max(counts) - min(counts) <= 0.09 * len(split) / 10 + 1


def test_no_image_is_in_two_splits(digits):
    images = [image.tobytes() for split in digits.splits().values() for image in split.x]
    assert len(set(images)) == len(images) == 1797


def test_the_validation_set_is_the_same_for_every_training_size(digits):
    small = load("digits", train_size=100)
    assert len(small.train) == 100
    assert np.array_equal(small.validation.x, digits.validation.x)
    assert np.array_equal(small.test.x, digits.test.x)


def test_the_default_split_never_changes(digits):
    # Recorded runs and published figures state accuracies on exactly these images.
    fingerprint = hashlib.sha256(digits.validation.y.tobytes() + digits.validation.x.tobytes()).hexdigest()
    assert fingerprint[:16] == "5726c2881b3bb902"


def test_another_seed_gives_another_split(digits):
    assert not np.array_equal(load("digits", seed=1).test.x, digits.test.x)


@pytest.mark.parametrize("sizes", [{"train_size": 1200}, {"validation_size": 1438}, {"train_size": 0}])
def test_sizes_beyond_the_data_are_refused(sizes):
    with pytest.raises(DatasetSizeError, match="digits has 1438 examples beside its test set"):
        load("digits", **sizes)
