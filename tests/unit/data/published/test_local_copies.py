"""The real files, where this machine has copies of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from data import load


@pytest.fixture(scope="module")
def copies():
    beside = Path(__file__).resolve().parents[5] / "shared" / "datasets"
    folder = Path(os.environ.get("UNAS_TEST_DATA_DIR", beside))
    if not folder.is_dir():
        pytest.skip(
            "there are no local copies of the data sets beside the project; UNAS_TEST_DATA_DIR names another folder"
        )
    return folder


def disjoint(dataset):
    hashes = [hash(image.tobytes()) for split in dataset.splits().values() for image in split.x]
    return len(set(hashes)) >= 0.999 * len(hashes)  # a few originals hold the same picture twice


def test_mnist(copies):
    loaded = load("mnist", data_dir=copies)
    assert [len(split) for split in loaded.splits().values()] == [50_000, 10_000, 10_000]
    assert loaded.test.class_counts(10) == (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)
    assert (loaded.train.x.min(), loaded.train.x.max()) == (0, 255)
    assert disjoint(loaded)
    small = load("mnist", train_size=8000, validation_size=2000, data_dir=copies)
    assert np.array_equal(small.train.x, loaded.train.x[:8000])
    assert np.array_equal(small.validation.x, loaded.train.x[8000:10_000])


def test_spoken_digits(copies):
    loaded = load("spoken-digits", data_dir=copies)
    assert loaded.input_shape == (49, 40, 1)
    assert [split.class_counts(10) for split in loaded.splits().values()] == [(216,) * 10, (54,) * 10, (30,) * 10]
    assert loaded.train.x.min() == 0
    assert 0.8 < loaded.train.x.max() <= 1
    assert disjoint(loaded)


def test_watch_exercises(copies):
    loaded = load("watch-exercises", data_dir=copies)
    assert loaded.input_shape == (64, 1, 6)
    assert loaded.class_names == ("ABD", "ER", "FEL", "IR", "PEN", "ROW", "TRAP")
    assert [split.class_counts(7) for split in loaded.splits().values()] == [
        (376, 357, 383, 352, 246, 296, 291), (105, 92, 103, 91, 80, 83, 80), (131, 127, 136, 132, 82, 104, 98),
    ]  # fmt: skip
    assert disjoint(loaded)
    path = f"table:{copies / 'watch-exercises.parquet'}?label=exercise&group=subject&columns=ax,ay,az,wx,wy,wz"
    table = load(path)
    assert [len(split) for split in table.splits().values()] == [len(split) for split in loaded.splits().values()]
    assert np.array_equal(loaded.train.x, table.train.x)


@pytest.mark.slow
def test_cifar10(copies):
    loaded = load("cifar10", data_dir=copies)
    assert [split.class_counts(10) for split in loaded.splits().values()] == [
        (4000,) * 10, (1000,) * 10, (1000,) * 10,
    ]  # fmt: skip
    assert loaded.input_shape == (32, 32, 3)
    assert disjoint(loaded)


@pytest.mark.long
def test_cifar10_as_a_small_sample(copies):
    loaded = load("cifar10-binary", train_size=200, validation_size=100, data_dir=copies)
    assert loaded.train.class_counts(2) == (100, 100)
    assert loaded.validation.class_counts(2) == (50, 50)
    assert len(loaded.test) == 10_000
