"""What a person is told of a data set before anything is trained on it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from data import Dataset, Split, load
from data.check import check_data
from data.check.duplicates import find_duplicates

SHAPE = (4, 3, 1)


def part(counts, seed: int, *, shape=SHAPE, dtype=np.float32) -> Split:
    """Random examples, so many of each class in turn."""
    y = np.repeat(np.arange(len(counts)), counts)
    x = np.random.default_rng(seed).integers(0, 256, (len(y), *shape))
    return Split((x / 255).astype(np.float32) if dtype == np.float32 else x.astype(np.uint8), y)


def dataset(train=(40, 40), validation=(20, 20), test=(20, 20), *, shape=SHAPE, dtype=np.float32, notes=()) -> Dataset:
    counts = {"train": train, "validation": validation, "test": test}
    parts = {title: part(of_part, i, shape=shape, dtype=dtype) for i, (title, of_part) in enumerate(counts.items())}
    names = ("cat", "dog", "eel", "fox")[: len(train)]
    return Dataset("pets", shape, len(train), names, **parts, description="Pets", source="a book", notes=notes)


def changed(whole: Dataset, **parts: Split) -> Dataset:
    kept = {**whole.splits(), **parts}
    return Dataset(
        whole.name, whole.input_shape, whole.num_classes, whole.class_names, **kept, description="", source=""
    )


def with_row(split: Split, number: int, row, label: int | None = None) -> Split:
    x, y = split.x.copy(), split.y.copy()
    x[number] = row
    y[number] = y[number] if label is None else label
    return Split(x, y)


def test_what_is_well_has_its_figures_and_nothing_doubtful():
    found = check_data(dataset((60, 30), notes=("2 files are left out",)))
    assert found.counts == {"train": (60, 30), "validation": (20, 20), "test": (20, 20)}
    assert found.sizes == {"train": 90, "validation": 40, "test": 40}
    assert (found.largest_class, found.largest_share) == ("cat", pytest.approx(2 / 3))
    assert (found.chance_error, found.majority_error) == (0.5, 0.5)
    assert found.notes == ("2 files are left out",)
    assert found.duplicates.within == {"train": 0, "validation": 0, "test": 0}
    assert check_data(dataset()).warnings == ()


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_the_range_is_that_which_is_trained_on(dtype):
    whole = dataset(dtype=dtype)
    found = check_data(whole)
    values = np.concatenate([split.as_float().reshape(-1) for split in whole.splits().values()])
    assert (found.low, found.high) == pytest.approx((values.min(), values.max()))
    assert found.element == np.dtype(dtype).name


def test_its_values_are_plain_json():
    found = check_data(dataset())
    assert json.loads(json.dumps(found.to_json())) == found.to_json()
    assert found.to_json()["classes"][1] == {"class": "dog", "train": 40, "validation": 20, "test": 20}


def test_equal_examples_are_counted_within_and_across_parts_and_named():
    whole = dataset()
    again = with_row(with_row(whole.train, 7, whole.train.x[3]), 9, whole.train.x[3])
    leaked = with_row(whole.test, 5, whole.train.x[3])
    found = find_duplicates(changed(whole, train=again, test=leaked))
    assert found.within == {"train": 2, "validation": 0, "test": 0}
    assert found.across == {("train", "validation"): 0, ("train", "test"): 1, ("validation", "test"): 0}
    assert found.contradicting == 0
    assert found.first_within.words(whole.class_names) == "training example 7 is training example 3, both 'cat'"
    assert found.first_across.words(whole.class_names) == "test example 5 is training example 3, both 'cat'"


def test_a_value_that_differs_makes_another_example():
    whole = dataset()
    almost = whole.train.x[3].copy()
    almost[0, 0, 0] = np.nextafter(almost[0, 0, 0], np.float32(2))
    assert find_duplicates(changed(whole, train=with_row(whole.train, 7, almost))).within["train"] == 0


def test_equal_examples_of_other_classes_contradict():
    whole = dataset()
    found = check_data(changed(whole, test=with_row(whole.test, 5, whole.train.x[3], label=1)))
    assert found.duplicates.contradicting == 1
    pair = "test example 5 is training example 3, as 'dog' and as 'cat'"
    assert found.warnings == (
        f"1 test examples (2.5 %) are in the training part too ({pair}): errors look smaller than they are",
        f"1 examples are there with another label too ({pair})",
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"test": (20, 9)}, "class 'dog' has 9 test examples: too few to rely on"),
        (
            {"validation": (1, 9)},
            "class 'cat' has 1 validation example, 1 more class has fewer than 10: too few to rely",
        ),
        (
            {"train": (90, 10), "validation": (90, 10), "test": (90, 10)},
            "class 'cat' has 90 % of all examples: an error",
        ),
        (
            {"train": (50, 50), "test": (80, 20)},
            "class 'cat' is 50 % of the training examples, but 80 % of the test ex",
        ),
    ],
)
def test_what_is_doubtful_of_the_classes_is_said(counts, words):
    assert [warning for warning in check_data(dataset(**counts)).warnings if warning.startswith(words)]


@pytest.mark.parametrize(
    "counts",
    [
        {"test": (20, 10)},
        {"train": (75, 25), "validation": (75, 25), "test": (75, 25)},
        {"train": (50, 50), "validation": (13, 17)},  # by chance
    ],
)
def test_what_is_not_doubtful_is_not_said(counts):
    assert check_data(dataset(**counts)).warnings == ()


def test_a_channel_that_is_constant_in_training_is_named():
    whole = dataset(shape=(16, 1, 3))
    x = whole.train.x.copy()
    x[..., 1] = 0.25
    found = check_data(changed(whole, train=Split(x, whole.train.y)))
    assert found.warnings == ("channel 1 of 3 (counted from 0) has one value in all training examples",)
    assert found.constant_values == 16


def test_an_example_that_is_mostly_constant_and_colours_that_are_grey_are_told():
    whole = dataset(shape=(4, 4, 3))
    grey = np.repeat(whole.train.x[..., :1], 3, axis=-1)
    words = check_data(changed(whole, train=Split(grey, whole.train.y))).warnings
    assert words == ("the three channels of each training example are equal: one would do",)
    still = whole.train.x.copy()
    still[:, :3] = 0
    words = check_data(changed(whole, train=Split(still, whole.train.y))).warnings
    assert words == ("36 of 48 values of an example are the same in all training examples",)


def test_real_data():
    found = check_data(load("digits"))
    assert found.sizes == {"train": 1079, "validation": 359, "test": 359}
    assert (found.low, found.high, found.warnings) == (0.0, 1.0, ())
    assert found.constant_values == 4
