"""The user's own time series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import DataError, load
from data.own.table import cut_windows

ROWS = 400


@pytest.fixture
def frame():
    activity = np.repeat(["gehen", "stehen"] * 4, 50)
    return pd.DataFrame(
        {
            "time": np.arange(ROWS),
            "ax": np.where(activity == "gehen", 5.0, -5.0),
            "ay": np.arange(ROWS) / 10,
            "person": np.repeat(np.arange(4), 100),
            "activity": activity,
        }
    )


def write(frame, path):
    frame.to_csv(path, index=False)
    return f"table:{path}"


def test_windows_have_one_label_and_do_not_overlap(frame, tmp_path):
    loaded = load(write(frame, tmp_path / "Schritte ü.csv") + "?window=10&columns=ax,ay")
    assert loaded.input_shape == (10, 1, 2)
    assert loaded.class_names == ("gehen", "stehen")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(12, 12), (4, 4), (4, 4)]
    rows = np.concatenate([split.x[..., 1].ravel() for split in loaded.splits().values()])
    assert len(np.unique(rows.round(5))) == ROWS
    for split in loaded.splits().values():
        assert np.array_equal(split.y, split.x[:, 0, 0, 0] < 0.5)


def test_training_values_are_scaled_to_0_to_1_and_the_range_is_told(frame, tmp_path):
    loaded = load(write(frame, tmp_path / "x.csv") + "?window=10&columns=ax")
    assert (loaded.train.x.min(), loaded.train.x.max()) == (0, 1)
    assert "0…1 stands for ax -5…5" in loaded.description


def test_other_columns_than_time_are_values_by_default(frame, tmp_path):
    assert load(write(frame, tmp_path / "x.csv") + "?window=10").input_shape == (10, 1, 3)


def test_groups_are_never_spread_over_two_splits(frame, tmp_path):
    name = write(frame, tmp_path / "x.csv") + "?window=10&group=person&columns=ay"
    loaded = load(name)
    assert [len(split) for split in loaded.splits().values()] == [20, 10, 10]
    low, high = 0.0, (ROWS - 1) / 10
    scale = {title: split.x for title, split in loaded.splits().items()}
    assert scale["validation"].shape == (10, 10, 1, 1)
    spans = [(x.min(), x.max()) for x in scale.values()]
    assert high > low
    assert len({round(float(a), 3) for a, _ in spans}) == 3
    small = load(name, train_size=6, validation_size=4)
    assert [len(split) for split in small.splits().values()] == [6, 4, 10]


def test_cutting_drops_what_does_not_fill_a_window():
    labels = np.array([0] * 7 + [1] * 3 + [0] * 4)
    windows = cut_windows(np.arange(14, dtype=np.float32)[:, None], labels, np.zeros(14), 3)
    assert windows.x[:, :, 0, 0].tolist() == [[0, 1, 2], [3, 4, 5], [7, 8, 9], [10, 11, 12]]
    assert windows.y.tolist() == [0, 0, 1, 0]


def test_the_label_column_can_be_named(frame, tmp_path):
    renamed = frame.rename(columns={"activity": "was"})
    name = write(renamed, tmp_path / "x.csv")
    with pytest.raises(DataError, match=r"columns time, ax, ay, person, was; say which .* \?label=NAME"):
        load(name)
    assert load(name + "?label=was&window=20").num_classes == 2


def broken(frame, column, row, value):
    copied = frame.astype({column: object})
    copied.loc[row, column] = value
    return copied


@pytest.mark.parametrize(
    ("change", "ending", "message"),
    [
        (lambda f: broken(f, "ax", 16, None), "", "'ax' of .* has no value in 1 of 400 rows, first in row 17"),
        (lambda f: broken(f, "activity", 3, None), "", "'activity' of .* has no value in 1 of 400"),
        (lambda f: broken(f, "ay", 3, "oops"), "", "'ay' of .* holds no numbers"),
        (lambda f: broken(f, "ay", 3, "inf"), "", "'ay' of .* not finite"),
        (lambda f: f, "?columns=az", "has no column 'az'; it has time, ax"),
        (lambda f: f, "?window=60", "gives only 0 windows of 60 rows"),
        (lambda f: f, "?window=ten", "'ten' is not a number of rows"),
        (lambda f: f[["activity", "time"]], "", "has no columns of values beside activity"),
        (lambda f: f.assign(activity=1), "?window=10", "one class only"),
        (lambda f: f.assign(activity=f.ay), "?window=10", "it does no regression"),
        (lambda f: f.assign(activity=f.index), "?window=1", "400 different labels for 400 examples; .* no regression"),
        (lambda f: f.assign(person=f.person // 2), "?window=10&group=person", "only 2 groups"),
    ],
)
def test_tables_that_are_no_classification_data_are_refused(frame, tmp_path, change, ending, message):
    with pytest.raises(DataError, match=message):
        load(write(change(frame), tmp_path / "x.csv") + ending)


@pytest.mark.parametrize(("name", "content"), [("x.csv", b""), ("x.csv", b'a,"b\n1'), ("x.parquet", b"PAR1")])
def test_what_is_no_table_is_one_clear_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as a table|say which holds"):
        load(f"table:{tmp_path / name}")
