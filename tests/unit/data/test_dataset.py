"""`Dataset` and `Split` hold what they promise, and refuse what breaks it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data import DataError, Dataset, Split


def split(labels=(0, 1, 2), shape=(4, 5, 1), dtype=np.float32) -> Split:
    return Split(np.ones((len(labels), *shape), dtype), np.array(labels, np.int64))


@pytest.fixture
def dataset() -> Dataset:
    return Dataset("tiny", (4, 5, 1), 3, ("a", "b", "c"), split(), split(), split(), "Ones", "made here")


def test_arrays_are_read_only_but_their_owner_keeps_writing():
    x = np.zeros((2, 3, 3, 1), np.float32)
    made = Split(x, np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="read-only"):
        made.x[0] = 1
    x[0] = 1


def test_bytes_become_numbers_from_0_to_1():
    made = Split(np.array([0, 51, 255], np.uint8).reshape(3, 1, 1, 1), np.zeros(3, np.int64))
    assert made.as_float().ravel().tolist() == pytest.approx([0, 0.2, 1])
    assert made.as_float().dtype == np.float32


def test_floats_are_not_copied():
    made = split()
    assert np.shares_memory(made.as_float(), made.x)
    assert not made.as_float().flags.writeable


def test_class_counts_name_absent_classes_too():
    assert split(labels=(0, 2, 2)).class_counts(4) == (1, 0, 2, 0)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((2, 3, 3)), np.zeros(2, np.int64), "float64 of shape"),
        (np.zeros((2, 3, 3), np.float32), np.zeros(2, np.int64), r"\(2, 3, 3\)"),
        (np.zeros((2, 3, 3, 1), np.float32), np.zeros(3, np.int64), "one per example"),
        (np.zeros((2, 3, 3, 1), np.float32), np.zeros(2), "labels must be int64"),
    ],
)
def test_arrays_of_another_form_are_refused(x, y, message):
    with pytest.raises(DataError, match=message):
        Split(x, y)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_classes": 1}, "one class only"),
        ({"num_classes": 4}, "4 classes but 3 names"),
        ({"test": split(labels=())}, "test split of tiny is empty"),
        ({"validation": split(shape=(4, 4, 1))}, "validation split of tiny has examples of shape"),
        ({"train": split(labels=(0, 3))}, "labels from 0 to 3, outside 0 to 2"),
        ({"train": split(labels=(-1, 2))}, "labels from -1 to 2"),
    ],
)
def test_splits_that_do_not_fit_are_refused(dataset, change, message):
    with pytest.raises(DataError, match=message):
        replace(dataset, **change)


def test_values_that_are_no_numbers_are_refused(dataset):
    x = np.ones((1, 4, 5, 1), np.float32)
    x[0, 2, 2, 0] = np.nan
    with pytest.raises(DataError, match="train split of tiny holds values that are not finite"):
        replace(dataset, train=Split(x, np.zeros(1, np.int64)))
