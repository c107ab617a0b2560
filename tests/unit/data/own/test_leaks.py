"""Columns that tell the class by themselves are left out and named; readings of sensors are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import DataError, load

RNG = np.random.default_rng(3)
CLASSES = ("idle", "run", "walk")
EACH = 320
ROWS = EACH * len(CLASSES)
LABELS = np.repeat(CLASSES, EACH)
POSITION = np.arange(ROWS)
IN_CLASS = POSITION % EACH
NUMBER = POSITION // EACH


def noise():
    return pd.DataFrame(np.random.default_rng(4).standard_normal((ROWS, 2)), columns=["ax", "ay"]).assign(label=LABELS)


def taken(frame, tmp_path, options="?window=16"):
    """(columns of values, notes)."""
    frame.to_csv(tmp_path / "x.csv", index=False)
    loaded = load(f"table:{tmp_path / 'x.csv'}{options}")
    described = loaded.description.partition("stands for ")[2]
    return [part.rsplit(" ", 1)[0] for part in described.split(", ")], loaded.notes


LEAKS = {
    "row number": POSITION,
    "row number downwards": ROWS - POSITION,
    "row number of shuffled rows": RNG.permutation(ROWS),
    "number that starts anew in each class": IN_CLASS,
    "number that starts anew in each of 30 files": POSITION % 32,
    "seconds": POSITION * 0.02,
    "seconds of shuffled rows": RNG.permutation(ROWS) * 0.02,
    "seconds with jitter": POSITION * 0.02 + RNG.uniform(0, 0.019, ROWS),
    "seconds with gaps": POSITION * 0.02 + (POSITION // 100) * 7.3,
    "seconds that start anew": (POSITION % 160) * 0.02,
    "seconds, some rows late": np.where(POSITION % 50 == 7, POSITION - 3.5, POSITION) * 0.02,
    "whole seconds": POSITION // 50,
    "whole seconds that start anew": IN_CLASS // 10,
    "epoch milliseconds": 1_700_000_000_000 + POSITION * 20 + RNG.integers(0, 5, ROWS),
    "ten rows in a packet": (POSITION // 10) * 200,
    "ISO dates": pd.date_range("2024-03-01", periods=ROWS, freq="20ms").astype(str),
    "German dates": pd.date_range("2024-03-01", periods=ROWS, freq="min").strftime("%d.%m.%Y %H:%M"),
    "time of day": pd.date_range("2024-03-01", periods=ROWS, freq="s").strftime("%H:%M:%S"),
    "class number": NUMBER,
    "class number from 7 down": 7 - NUMBER * 3,
    "class name in German": np.repeat(["steht", "rennt", "geht"], EACH),
    "one of three one-hot columns": (NUMBER == 1).astype(int),
    "truth value": NUMBER == 2,
    "two classes against one": np.where(NUMBER > 0, 0.25, 0.75),
    "number of the recording": np.repeat(RNG.permutation(30), ROWS // 30),
    "name of the recording": np.repeat([f"{c}_{i}.wav" for c in CLASSES for i in range(10)], ROWS // 30),
    "two names of each class": np.repeat(["s4", "s1", "s6", "s2", "s5", "s3"], ROWS // 6),
    "mean of the recording": np.repeat(RNG.standard_normal(30), ROWS // 30),
    "name of the row": [f"row {i}" for i in RNG.permutation(ROWS)],
    "number within the class, shuffled": np.concatenate([RNG.permutation(EACH) for _ in CLASSES]),
    "charge of the battery": 100 - POSITION // 70,
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_left_out_and_named_whatever_its_name(kind, tmp_path):
    columns, notes = taken(noise().assign(q=LEAKS[kind]), tmp_path)
    assert columns == ["ax", "ay"]
    assert [note for note in notes if note.startswith("column 'q' is left out: it ")] or any(
        note.startswith("column 'q' is left out: each of its ") for note in notes
    )


def test_leaks_in_shuffled_rows_are_found(tmp_path):
    shuffled = RNG.permutation(ROWS)
    kinds = ("class number", "one of three one-hot columns", "row number", "two names of each class")
    frame = noise().assign(**{kind: LEAKS[kind] for kind in kinds}).iloc[shuffled]
    columns, _ = taken(frame, tmp_path, "?window=1")
    assert columns == ["ax", "ay"]


READINGS = {
    "well apart": NUMBER * 10 + RNG.standard_normal(ROWS),
    "well apart, in few steps": np.round(NUMBER * 40 + 5 * RNG.standard_normal(ROWS)),
    "bytes": RNG.integers(-128, 128, ROWS),
    "16 bits": RNG.integers(-32768, 32768, ROWS),
    "slow and noisy": np.cumsum(RNG.standard_normal(ROWS)),
    "warms up, in steps of a tenth": np.round(20 + POSITION / 400 + 0.2 * RNG.standard_normal(ROWS), 1),
    "a wave": np.sin(POSITION / 9.7),
    "a saw": (POSITION * 7 % 100) / 100 + 0.5 * RNG.standard_normal(ROWS),
    "a switch": (RNG.random(ROWS) < 0.2 + 0.3 * NUMBER).astype(int),
    "a slow switch": (np.sin(POSITION / 31) > 0.1).astype(int),
    "a truth value": RNG.random(ROWS) < 0.5,
}


@pytest.mark.parametrize("kind", READINGS)
def test_readings_are_kept(kind, tmp_path):
    columns, notes = taken(noise().assign(q=READINGS[kind]), tmp_path)
    assert columns == ["ax", "ay", "q"]
    assert notes == ()


def test_columns_overrides_with_a_word_of_warning(tmp_path):
    columns, notes = taken(noise().assign(id=POSITION, time=POSITION * 0.5), tmp_path, "?window=16&columns=id, ax")
    assert columns == ["id", "ax"]
    (note,) = notes
    assert note.startswith("column 'id' is taken as ?columns asks, but looks like a leak: it never falls")


def test_persons_are_no_readings(tmp_path):
    frame = noise().assign(subject=POSITION // 40 % 4)
    columns, notes = taken(frame, tmp_path)
    assert columns == ["ax", "ay"]
    assert notes == (
        "column 'subject' is left out: it names who or what was recorded; ?group=subject keeps each in one part",
    )


def test_words_are_refused_by_name_with_the_way_out(tmp_path):
    side = np.where(POSITION // 40 % 2, "left", "right")
    with pytest.raises(DataError, match=r"column 'side' of .* holds no numbers, but 'right' in row 1; .*\?columns="):
        taken(noise().assign(side=side), tmp_path)


def test_nothing_but_leaks_is_refused_with_the_reasons(tmp_path):
    frame = pd.DataFrame({"id": POSITION, "still": 5, "label": LABELS})
    with pytest.raises(DataError, match=r"no columns of values beside label \(.*'id'.* never falls.*'still'.* is 5 in"):
        taken(frame, tmp_path)


def test_constant_columns_are_counted_and_named(tmp_path):
    frame = noise().assign(a=1, b=0.5, c="watch", d="", label=LABELS)
    columns, notes = taken(frame, tmp_path)
    assert columns == ["ax", "ay"]
    assert notes == (
        "4 columns are left out",
        "column 'a' is left out: it is 1 in each row",
        "column 'b' is left out: it is 0.5 in each row",
        "column 'c' is left out: it is watch in each row",
        "column 'd' is left out: it is empty",
    )


def nearest_mean_error(loaded):
    """Of the class whose mean training window is nearest."""
    x, y = (np.concatenate(v) for v in zip(*((s.x.reshape(len(s), -1), s.y) for s in (loaded.train,)), strict=True))
    means = np.array([x[y == c].mean(axis=0) for c in range(loaded.num_classes)])
    test = loaded.test.x.reshape(len(loaded.test), -1)
    return np.mean(np.argmin(((test[:, None] - means) ** 2).sum(axis=2), axis=1) != loaded.test.y)


def test_noise_with_leaks_stays_at_chance(tmp_path):
    frame = noise().assign(**{f"c{i}": values for i, values in enumerate(LEAKS.values())})
    frame.to_csv(tmp_path / "x.csv")
    name = f"table:{tmp_path / 'x.csv'}?window=16"
    assert nearest_mean_error(load(name)) > 0.4
    assert nearest_mean_error(load(name + "&columns=ax,ay,c0")) < 0.1
