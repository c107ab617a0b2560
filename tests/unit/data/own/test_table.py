"""The user's own time series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import DataError, load
from data.own.table.windows import borders_of_runs, cut_windows

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
    readings = {name: np.random.default_rng(place).normal(size=ROWS) for place, name in enumerate(("ax", "ay", "az"))}
    assert load(write(frame.assign(**readings), tmp_path / "x.csv") + "?window=10").input_shape == (10, 1, 3)


def test_groups_are_drawn_until_each_class_is_in_each_part(frame, tmp_path):
    """Of ten persons, three only do the rare thing; the first draw of most seeds leaves it out somewhere."""
    person = np.repeat(np.arange(10), 40)
    activity = np.where((person < 3) & (np.arange(ROWS) % 40 < 20), "rare", "often")
    name = (
        write(frame.assign(person=person, activity=activity), tmp_path / "x.csv") + "?window=10&group=person&columns=ay"
    )
    drawn = set()
    for seed in range(10):
        splits = load(name, seed=seed).splits()
        assert all(min(split.class_counts(2)) > 0 for split in splits.values())
        drawn.add(splits["test"].x.tobytes())
    assert len(drawn) > 3
    two = frame.assign(person=person, activity=np.where(person < 2, activity, "often"))
    with pytest.raises(DataError, match=r"class 'rare' of .* is in 2 groups only; 3 are needed"):
        load(write(two, tmp_path / "y.csv") + "?window=10&group=person&columns=ay")


@pytest.mark.parametrize(
    ("rows", "way_out"), [(20, r"choose \?window=6 or less"), (2, "record more of it, or leave it out")]
)
def test_a_class_whose_runs_are_short_is_named_with_its_longest_run_and_the_way_out(frame, tmp_path, rows, way_out):
    activity = np.where(np.arange(ROWS) < rows, "jump", frame.activity)
    name = write(frame.assign(activity=activity), tmp_path / "x.csv") + "?columns=ay"
    with pytest.raises(
        DataError, match=f"class 'jump' of .* gives 0 windows of 30 .* longest run has {rows} rows; {way_out}"
    ):
        load(name + "&window=30")
    if rows == 20:
        loaded = load(name + "&window=6")
        assert [split.class_counts(3)[1] for split in loaded.splits().values()] == [1, 1, 1]


def test_what_never_changes_is_counted_class_by_class(frame, tmp_path):
    still = np.where(np.arange(ROWS) < 40, 7.0, np.random.default_rng(0).normal(size=ROWS))
    loaded = load(write(frame.assign(ax=still), tmp_path / "x.csv") + "?window=10&columns=ax")
    assert loaded.notes == ("in 4 of 20 windows of class 'gehen' no value ever changes",)


def test_rows_beyond_the_last_full_window_are_counted(frame, tmp_path):
    loaded = load(write(frame, tmp_path / "x.csv") + "?window=12&columns=ay")
    assert loaded.notes[-1].startswith("16 of 400 rows are left out: ")


def test_a_large_offset_does_not_blur_the_readings(frame, tmp_path):
    readings = np.random.default_rng(0).normal(size=ROWS)
    plain, moved = (
        load(write(frame.assign(ax=readings + offset), tmp_path / f"{offset}.csv") + "?window=10&columns=ax")
        for offset in (0, 10**9)
    )
    assert np.allclose(plain.train.x, moved.train.x, atol=1e-6)


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
    groups = np.zeros(14, np.int64)
    windows = cut_windows(np.arange(14.0)[:, None], labels, groups, borders_of_runs(labels, groups), 3)
    assert windows.x[:, :, 0, 0].tolist() == [[0, 1, 2], [3, 4, 5], [7, 8, 9], [10, 11, 12]]
    assert windows.y.tolist() == [0, 0, 1, 0]


@pytest.fixture
def readings(frame):
    """The same with readings that tell nothing."""
    rng = np.random.default_rng(0)
    return frame.assign(ax=rng.normal(size=ROWS), ay=rng.normal(size=ROWS))


def test_the_label_column_can_be_named(readings, tmp_path):
    renamed = readings.rename(columns={"activity": "was"})
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
        (lambda f: f, "?window=60", "class .gehen. of .* gives 0 windows of 60 rows"),
        (lambda f: f, "?window=ten", "'ten' is not a number of rows"),
        (lambda f: f[["activity", "time"]], "", "has no columns of values beside activity"),
        (lambda f: f.assign(activity=1), "?window=10", "one class only"),
        (lambda f: f.assign(activity=f.ay), "?window=10", "it does no regression"),
        (lambda f: f.assign(activity=f.index), "?window=1", "400 different labels for 400 examples; .* no regression"),
        (lambda f: f.assign(person=f.person // 2), "?window=10&group=person", "only 2 groups"),
    ],
)
def test_tables_that_are_no_classification_data_are_refused(readings, tmp_path, change, ending, message):
    with pytest.raises(DataError, match=message):
        load(write(change(readings), tmp_path / "x.csv") + ending)


@pytest.mark.parametrize(("name", "content"), [("x.csv", b""), ("x.csv", b'a,"b\n1'), ("x.parquet", b"PAR1")])
def test_what_is_no_table_is_one_clear_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as a table|say which holds"):
        load(f"table:{tmp_path / name}")
