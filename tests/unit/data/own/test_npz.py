"""The user's own arrays."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load

RNG = np.random.default_rng(0)


def write(path, **arrays):
    np.savez(path, **arrays)
    return f"npz:{path}"


def test_arrays_with_a_test_part_keep_their_order(tmp_path):
    x, y = RNG.integers(0, 255, (50, 7, 6), np.uint8), np.arange(50) % 5 * 10
    name = write(tmp_path / "daten ü.npz", x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    loaded = load(name, train_size=20, validation_size=10)
    assert loaded.input_shape == (7, 6, 1)
    assert loaded.class_names == ("0", "10", "20", "30", "40")
    assert np.array_equal(loaded.train.x[..., 0], x[:20])
    assert np.array_equal(loaded.validation.x[..., 0], x[20:30])
    assert np.array_equal(loaded.test.y, y[40:] // 10)
    assert len(load(name).validation) == 8


def test_arrays_without_a_test_part_are_divided(tmp_path):
    x, y = RNG.normal(size=(50, 12)), np.array(["ja", "nein"] * 25)
    loaded = load(write(tmp_path / "x.npz", x=x, y=y))
    assert loaded.input_shape == (12, 1, 1)
    assert loaded.class_names == ("ja", "nein")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(15, 15), (5, 5), (5, 5)]
    assert loaded.value_range == pytest.approx((x.min(), x.max()))
    rows = np.concatenate([split.x[:, :, 0, 0] for split in loaded.splits().values()])
    assert np.allclose(np.sort(rows, axis=0), np.sort(x, axis=0))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.zeros(3)}, "has the arrays a; it needs x_train"),
        ({"x": np.zeros((9, 2, 2)), "y": np.linspace(0, 1, 9)}, "it does no regression"),
        ({"x": np.zeros((9, 2, 2)), "y": np.arange(9) * 10.0}, "9 different labels for 9 examples; .* no regression"),
        ({"x": np.zeros((9, 2, 2)), "y": np.array(list("abcdefghi"))}, "9 different labels for 9 examples"),
        ({"x": np.zeros((9, 2, 2)), "y": np.full(9, np.nan)}, "labels that are not whole numbers"),
        ({"x": np.zeros((9, 2, 2)), "y": np.zeros((9, 2))}, r"labels of shape \(9, 2\)"),
        ({"x": np.zeros((9, 2, 2)), "y": np.zeros(8)}, "9 examples but 8 labels"),
        ({"x": np.zeros((9, 2, 2)), "y": np.zeros(9)}, "one class only"),
        ({"x": np.full((9, 2, 2), np.nan), "y": np.arange(9) % 2}, "not finite numbers"),
        ({"x": np.zeros(9), "y": np.arange(9) % 2}, "must be vectors or maps"),
        ({"x": np.array(["a"] * 9)[:, None], "y": np.arange(9) % 2}, "must be vectors or maps"),
    ],
)
def test_arrays_that_are_no_classification_data_are_refused(tmp_path, arrays, message):
    with pytest.raises(DataError, match=message):
        load(write(tmp_path / "x.npz", **arrays))


def test_a_training_part_of_one_class_is_refused(tmp_path):
    x = np.zeros((8, 2, 2))
    name = write(tmp_path / "x.npz", x_train=x, y_train=np.zeros(8), x_test=x, y_test=np.arange(8) % 2)
    with pytest.raises(DataError, match=r"no training examples of class '1'; .* it detects no anomalies"):
        load(name)


def test_python_objects_are_not_executed(tmp_path):
    np.savez(tmp_path / "x.npz", x=np.array([{"a": 1}] * 4, object), y=np.arange(4))
    with pytest.raises(DataError, match="cannot be read as npz arrays"):
        load(f"npz:{tmp_path / 'x.npz'}")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"text"])
def test_damaged_files_are_one_clear_sentence(tmp_path, content):
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as npz arrays"):
        load(f"npz:{tmp_path / 'x.npz'}")


def test_a_file_that_is_not_there_is_one_clear_sentence(tmp_path):
    with pytest.raises(DataError, match="cannot be read as npz arrays"):
        load(f"npz:{tmp_path / 'x.npz'}")
