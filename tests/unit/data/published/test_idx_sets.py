"""MNIST and Fashion-MNIST from the originals' idx files."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from data.files.idx import FILES, read_idx
from tests.support.data_files import idx_bytes, write_folder

RNG = np.random.default_rng(0)
ARRAYS = (
    RNG.integers(0, 255, (40, 28, 28)),
    np.arange(40) % 10,
    RNG.integers(0, 255, (20, 28, 28)),
    np.arange(20) % 10,
)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
@pytest.mark.parametrize("compressed", [True, False])
def test_the_four_files_make_a_data_set(tmp_path, name, compressed, offline):
    files = {
        f"{name}/{file}{'.gz' if compressed else ''}": idx_bytes(array, compressed=compressed)
        for file, array in zip(FILES, ARRAYS, strict=True)
    }
    loaded = load(name, validation_size=10, data_dir=write_folder(tmp_path, files))
    assert loaded.input_shape == (28, 28, 1)
    assert [len(split) for split in loaded.splits().values()] == [30, 10, 20]
    assert np.array_equal(loaded.train.x[..., 0], ARRAYS[0][:30])
    assert np.array_equal(loaded.validation.y, ARRAYS[1][30:])
    assert loaded.train.class_counts(10) == (3,) * 10


def test_a_missing_file_is_named(tmp_path):
    write_folder(tmp_path, {f"mnist/{FILES[0]}": idx_bytes(ARRAYS[0], compressed=False)})
    with pytest.raises(DataError, match="has no file train-labels-idx1-ubyte or"):
        load("mnist", data_dir=tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx_bytes(ARRAYS[1], compressed=False)[:-3], "holds 37 of 40 bytes"),
        (b"\x00\x00", "damaged or incomplete"),
        (b"\x00\x00\x0d\x01" + bytes(8), "not an idx file of bytes"),
    ],
)
def test_a_damaged_file_is_one_clear_sentence(tmp_path, content, message):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_idx(tmp_path / "x")


def test_a_truncated_compressed_file_is_one_clear_sentence(tmp_path):
    (tmp_path / "x.gz").write_bytes(idx_bytes(ARRAYS[0])[:-100])
    with pytest.raises(DataError, match="damaged or incomplete"):
        read_idx(tmp_path / "x.gz")
