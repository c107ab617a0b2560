"""The motion of a smartwatch, from a small file in the form of the original and from a table."""

from __future__ import annotations

import struct

import numpy as np
import pandas as pd
import pytest

from data import DataError, describe, load

PEOPLE, ROWS = 10, 70
CHANNELS = ["ax", "ay", "az", "wx", "wy", "wz"]
EXERCISES = ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]


def recordings():
    """(readings of shape (rows, 6), person, side, exercise), one of each exercise of each person."""
    rng = np.random.default_rng(0)
    for number in range(PEOPLE * len(EXERCISES)):
        yield rng.normal(size=(ROWS, 6)), number % PEOPLE + 1, number % 2, number % len(EXERCISES)


def original() -> bytes:
    """As seglearn has it: an array of one pickled dictionary; here only its words, which are all that is read."""
    x, subject, side, y = zip(*recordings(), strict=True)
    words = ["X", *(bytes_as_word(readings.T) for readings in x), "y_labels", *EXERCISES]
    words += ["y", bytes_as_word(np.array(y)), "subject", bytes_as_word(np.array(subject))]
    words += ["side", bytes_as_word(np.array(side, float)), "X_labels", *CHANNELS]
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }\n"
    stream = b"".join(b"X" + struct.pack("<I", len(word.encode())) + word.encode() for word in words)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\x80\x02" + stream + b"."


def bytes_as_word(array: np.ndarray) -> str:
    return np.ascontiguousarray(array).tobytes().decode("latin-1")


def frame() -> pd.DataFrame:
    tables = []
    for number, (readings, subject, side, exercise) in enumerate(recordings()):
        table = pd.DataFrame(readings.astype(np.float32), columns=CHANNELS)
        tables.append(table.assign(subject=subject, side=side, recording=number, exercise=EXERCISES[exercise]))
    return pd.concat(tables, ignore_index=True)


@pytest.fixture
def folders(tmp_path):
    for name in ("table", "original"):
        (tmp_path / name).mkdir()
    frame().to_parquet(tmp_path / "table" / "watch-exercises.parquet")
    (tmp_path / "original" / "watch_dataset.npy").write_bytes(original())
    return tmp_path


def test_the_original_gives_what_the_table_gives(folders):
    table, archive = (load("watch-exercises", data_dir=folders / name) for name in ("table", "original"))
    assert table.input_shape == describe("watch-exercises").input_shape == (64, 1, 6)
    assert table.class_names == archive.class_names == tuple(sorted(EXERCISES))
    for title, split in table.splits().items():
        assert np.array_equal(split.x, archive.splits()[title].x)
        assert np.array_equal(split.y, archive.splits()[title].y)
    assert [len(split) for split in table.splits().values()] == [42, 14, 14]


def test_nobody_is_in_two_parts_and_no_window_goes_beyond_its_recording(tmp_path):
    """The first reading tells the person, the second the recording, by numbers that are no multiples of each other."""
    named = frame()
    named = named.assign(ax=np.sin(named.subject), ay=np.cos(named.recording), exercise=named.exercise)
    named.to_parquet(tmp_path / "watch-exercises.parquet")
    loaded = load("watch-exercises?window=35", data_dir=tmp_path, seed=3)
    assert loaded.input_shape == (35, 1, 6)
    people = [set(np.round(split.x[..., 0].ravel(), 5)) for split in loaded.splits().values()]
    assert [len(part) for part in people] == [6, 2, 2]
    assert len(set.union(*people)) == PEOPLE
    assert all((split.x[..., 1] == split.x[:, :1, :, 1]).all() for split in loaded.splits().values())


@pytest.mark.parametrize(
    "content", [b"", b"no array", b"\x93NUMPY\x01\x00\x02\x00{}cut", original()[:3000], original()[:-300]]
)
def test_a_damaged_file_is_one_sentence(content, tmp_path):
    (tmp_path / "watch_dataset.npy").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as the data of seglearn"):
        load("watch-exercises", data_dir=tmp_path)
