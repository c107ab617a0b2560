"""What a data check counts, and what it warns of."""

from __future__ import annotations

import numpy as np
import pytest

from data import Dataset, Split, load
from data.check import check_data


def dataset(train, validation, test, labels=("a", "b")) -> Dataset:
    """Parts of (value, label) pairs; an example has its value in one corner, and is 0.5 elsewhere."""

    def split(pairs) -> Split:
        x = np.full((len(pairs), 2, 2, 1), 0.5, np.float32)
        x[:, 0, 0, 0] = [value for value, _ in pairs]
        return Split(x, np.array([label for _, label in pairs], np.int64))

    parts = (split(train), split(validation), split(test))
    return Dataset("mine", (2, 2, 1), len(labels), tuple(labels), *parts, "Mine.", "here", notes=("two are left out",))


TRAIN = [(i / 100, i % 2) for i in range(40)]


def test_counts_chance_and_notes() -> None:
    found = check_data(dataset([*TRAIN, (0.9, 1)], [(0.91, 0), (0.92, 1)], [(0.93, 0), (0.94, 0), (0.95, 1)]))
    assert found.counts == {"train": (20, 21), "validation": (1, 1), "test": (2, 1)}
    assert found.sizes == {"train": 41, "validation": 2, "test": 3}
    assert found.chance_error == 0.5
    assert found.largest_class == "b"
    assert found.largest_share == 21 / 41
    assert found.majority_error == pytest.approx(2 / 3)
    assert (found.low, found.high) == (0.0, np.float32(0.95))
    assert found.notes == ("two are left out",)
    assert found.constant_values == 3


def test_duplicates_within_and_across_parts() -> None:
    found = check_data(dataset([*TRAIN, TRAIN[3]], [(0.91, 0), (0.92, 1)], [(0.93, 0), TRAIN[5], (0.95, 1)]))
    assert found.duplicates.within == {"train": 1, "validation": 0, "test": 0}
    assert found.duplicates.across[("train", "test")] == 1
    assert sum(found.duplicates.across.values()) == 1
    assert any("test" in sentence for sentence in found.warnings)


def test_a_dominating_class_and_few_examples_are_doubtful() -> None:
    train = [(i / 100, 0) for i in range(60)] + [(0.99, 1)]
    found = check_data(dataset(train, [(0.91, 0), (0.92, 1)], [(0.93, 0), (0.95, 1)]))
    said = "\n".join(found.warnings)
    assert "'b'" in said
    assert "'a'" in said


def test_nothing_is_doubtful_about_the_digits() -> None:
    found = check_data(load("digits"))
    assert found.warnings == ()
    assert found.sizes == {"train": 1079, "validation": 359, "test": 359}
    assert found.input_shape == (8, 8, 1)
