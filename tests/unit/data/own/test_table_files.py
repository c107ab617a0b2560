"""The dialects of tables: each gives the same arrays, or one sentence."""

from __future__ import annotations

import bz2
import gzip
import lzma

import numpy as np
import pandas as pd
import pytest

from data import DataError, load

ROWS = 400
OPTIONS = "?window=10"
RNG = np.random.default_rng(1)
FRAME = pd.DataFrame(
    {
        "ax": np.round(RNG.normal(0, 3, ROWS), 3),
        "ay": np.round(RNG.normal(1000, 3, ROWS), 2),
        "label": np.repeat(["gehen", "läuft"] * 4, 50),
    }
)
RANGES = tuple((FRAME[c].min(), FRAME[c].max()) for c in ("ax", "ay"))


def loaded(tmp_path, content, options=OPTIONS, name="x.csv"):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(f"table:{tmp_path / name}{options}")


def readings(dataset):
    """All readings of both columns, sorted, in the units of the file."""
    text = dataset.description.partition("stands for ")[2]
    parts = [np.concatenate([s.x[..., 0, c].ravel() for s in dataset.splits().values()]) for c in range(2)]
    ranges = [tuple(map(float, column.rsplit(" ", 1)[1].split("…"))) for column in text.split(", ")]
    return [np.sort(x.astype(np.float64) * (high - low) + low) for x, (low, high) in zip(parts, ranges, strict=True)]


def csv(separator=",", decimal=".", **more):
    return FRAME.to_csv(index=False, sep=separator, decimal=decimal, **more)


def with_thousands(separator=";", decimal=",", thousands="."):
    def spelt(value):
        return f"{value:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)

    return FRAME.assign(ay=FRAME.ay.map(spelt), ax=FRAME.ax.map(lambda v: f"{v:.3f}".replace(".", decimal))).to_csv(
        index=False, sep=separator
    )


PLAIN = csv()
DIALECTS = {
    "comma": PLAIN,
    "semicolon": csv(";"),
    "tab": csv("\t"),
    "bar": csv("|"),
    "blank": csv(" "),
    "several blanks": csv(" ").replace(" ", "   "),
    "semicolon, decimal comma": csv(";", ","),
    "tab, decimal comma": csv("\t", ","),
    "comma, decimal comma in quotes": csv(",", ","),
    "thousands with points": with_thousands(),
    "thousands with commas": with_thousands(",", ".", ","),
    "all in quotes": csv(quoting=1),
    "UTF-8 with a mark": PLAIN.encode("utf-8-sig"),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "UTF-16 the other way round": PLAIN.encode("utf-16-be"),
    "Latin 1": PLAIN.encode("latin-1"),
    "lines of Windows": PLAIN.replace("\n", "\r\n"),
    "lines of old Macs": PLAIN.replace("\n", "\r"),
    "blanks in the header": PLAIN.replace("ax,ay,label", " ax , ay,  label "),
    "blanks after separators": PLAIN.replace(",", ", "),
    "blanks and quotes": csv(quoting=2).replace(",", ", "),
    "capitals in the header": PLAIN.replace("label", "Label"),
    "a separator at the end of each line": PLAIN.replace("\n", ",\n"),
    "a separator at the end of each row": PLAIN.replace("\n", ";\n").replace("label;", "label"),
    "another separator at the end of each line": PLAIN.replace("\n", ";\n"),
    "comments": "# Watch 7\n# 50 Hz\n" + PLAIN.replace("\n", "\n# pause\n", 30),
    "header in a comment": "# " + PLAIN,
    "lines before the header": "Watch 7\nrecorded, today\n\n" + PLAIN,
    "blank lines": PLAIN.replace("\n", "\n\n"),
    "separator named for Excel": "sep=;\n" + csv(";"),
    "names of rows without a header": PLAIN.replace("\n", "\n{},").format(*range(ROWS + 1)).rsplit("\n", 1)[0],
    "gzip": gzip.compress(PLAIN.encode()),
    "bzip2": bz2.compress(PLAIN.encode()),
    "xz": lzma.compress(PLAIN.encode()),
    "no end of the last line": PLAIN.rstrip("\n"),
}


@pytest.mark.parametrize("kind", DIALECTS)
def test_every_dialect_gives_the_same(kind, tmp_path):
    dataset = loaded(tmp_path, DIALECTS[kind])
    assert dataset.class_names == ("gehen", "läuft")
    assert dataset.input_shape == (10, 1, 2)
    for found, column in zip(readings(dataset), ("ax", "ay"), strict=True):
        assert np.allclose(found, np.sort(FRAME[column]), atol=2e-3)


def test_the_name_of_a_packed_file_does_not_matter(tmp_path):
    assert len(loaded(tmp_path, gzip.compress(PLAIN.encode()), name="x.csv.gz").train) == 24


def test_a_table_without_header_is_asked_about_and_counted(tmp_path):
    bare = PLAIN.split("\n", 1)[1]
    with pytest.raises(DataError, match=r"has the columns 1, 2, 3; say which holds the classes: \?label=NAME"):
        loaded(tmp_path, bare)
    dataset = loaded(tmp_path, bare, OPTIONS + "&label=3")
    assert dataset.notes == ("there is no header; the columns are called 1 to 3",)
    assert sum(len(split) for split in dataset.splits().values()) == ROWS // 10


def test_the_header_of_columns_that_pandas_counted(tmp_path):
    frame = FRAME.rename(columns={"ax": "0", "ay": "1"})
    assert "0 " in loaded(tmp_path, frame.to_csv(index=False)).description


def test_equal_names_are_told_apart_and_named(tmp_path):
    dataset = loaded(tmp_path, PLAIN.replace("ax,ay", "a,a"))
    assert dataset.notes == ("several columns are called 'a'; column 2 is now 'a.1'",)


def test_the_sign_in_doubt_is_told(tmp_path):
    frame = FRAME.assign(
        ax=FRAME.ax.map(lambda v: f"{abs(v) + 1:.3f}".replace(".", ",")), ay=FRAME.ay.round().astype(int)
    )
    (note,) = [n for n in loaded(tmp_path, frame.to_csv(index=False, sep=";")).notes if "decimal" in n]
    assert note.endswith("could also mean thousands")


LABELS = {
    "no values of pandas": (("NA", "None", "nan"), ("NA", "None", "nan")),
    "null and n/a": (("null", "n/a", "<NA>"), ("<NA>", "n/a", "null")),
    "truth": (("True", "False", "False"), ("False", "True")),
    "leading zeros": (("01", "02", "10"), ("01", "02", "10")),
    "in the order of numbers": (("10", "9", "2"), ("2", "9", "10")),
    "floats": (("1.0", "2.0", "10.0"), ("1.0", "2.0", "10.0")),
    "speeds": (("0.5", "1.5", "10"), ("0.5", "1.5", "10")),
    "days": (("2024-01-02", "2024-01-01", "2023-05-01"), ("2023-05-01", "2024-01-01", "2024-01-02")),
    "infinity": (("inf", "1", "2"), ("1", "2", "inf")),
    "marks": (("#1", "-", "?"), ("#1", "-", "?")),
    "blanks at the ends": (("a ", "b b ", "c "), ("a", "b b", "c")),
    "words of numbers": (("1e3", "0x10", "7_0"), ("0x10", "1e3", "7_0")),
    "beyond 2^63": ((str(2**63), str(2**64), "1"), ("1", str(2**63), str(2**64))),
}


@pytest.mark.parametrize("kind", LABELS)
def test_what_a_person_wrote_is_the_label(kind, tmp_path):
    written, names = LABELS[kind]
    frame = FRAME.assign(label=np.repeat([*written, written[0]], ROWS // 4))
    assert loaded(tmp_path, frame.to_csv(index=False, quoting=2)).class_names == names


@pytest.mark.parametrize(
    ("written", "alike"),
    [(("Walk", "walk"), "'Walk' and 'walk'"), (("go", "go "), "'go' and 'go '"), (("1", "01"), "'01' and '1'")],
)
def test_labels_that_are_alike_are_reported(written, alike, tmp_path):
    frame = FRAME.assign(label=np.repeat([*written, "x", "y"], ROWS // 4))
    dataset = loaded(tmp_path, frame.to_csv(index=False))
    (note,) = dataset.notes
    assert note.startswith(f"the labels {alike} differ only in case, blanks or how a number is written; they are kept")
    assert len(dataset.class_names) == 4


@pytest.mark.parametrize("words", [("True", "False"), ("TRUE", "FALSE"), ("true", "false")])
def test_truth_values_are_numbers(words, tmp_path):
    truth = RNG.random(ROWS) < 0.5
    dataset = loaded(tmp_path, FRAME.assign(ax=np.where(truth, *words)).to_csv(index=False))
    assert "ax 0…1," in dataset.description
    assert readings(dataset)[0].sum() == truth.sum()


BAD = {
    "Excel": (b"PK\x03\x04 and more", "a zip archive, perhaps of Excel"),
    "old Excel": (b"\xd0\xcf\x11\xe0 and more", "a file of Excel"),
    "JSON": (b'[{"ax": 1}]', "JSON"),
    "a web page": (b"<!DOCTYPE html><html>", "a page of the web"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", r"Git LFS, .* `git lfs pull`"),
    "bytes": (b"ax,ay,label\n\x00\x00\x01", "zero bytes"),
    "nothing": (b" \n\n", "empty"),
    "gzip cut off": (gzip.compress(PLAIN.encode())[:200], "cannot be read as a table"),
    "only a header": (b"ax,ay,label\n", "has no rows"),
    "only comments": (b"# ax,ay,label\n#\n", "has no rows"),
    "unquoted decimal commas": (csv(",", ",").replace('"', "").encode(), "its header has 3 cells, but its rows have 5"),
    "a longer row": (PLAIN.replace("\n", ",7\n", 300).replace(",7\n", "\n", 299).encode(), "row 299 .* 4 cells"),
    "units below the header": (PLAIN.replace("label\n", "label\ng,g,\n").encode(), "no value in 1 of 401"),
    "words": (PLAIN.replace("\n1", "\nx1", 1).encode(), r"'ax' of .* holds no numbers, but 'x1"),
    "complex": (FRAME.assign(ax=[f"{n}+2j" for n in range(ROWS)]).to_csv(index=False).encode(), "no numbers"),
    "large": (PLAIN.replace("\n", "\n1e308,1,gehen\n-1e308,1,gehen\n", 1).encode(), "too large"),
    "infinite": (PLAIN.replace("\n", "\ninf,1,gehen\n", 1).encode(), "not finite"),
    "many numbers": (FRAME.assign(label=FRAME.ax).to_csv(index=False).encode(), "no regression"),
    "two columns of classes": (
        FRAME.assign(target=np.tile(["u", "v"], ROWS // 2)).to_csv(index=False).encode(),
        r"'label' and 'target' of .* could both hold the classes; say which does: \?label=label",
    ),
    "all constant": (FRAME.assign(ax=1, ay=2).to_csv(index=False).encode(), "no columns .*it is 1 in each row"),
    "one class": (FRAME.assign(label="a").to_csv(index=False).encode(), "one class only, 'a'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_named(kind, tmp_path):
    content, message = BAD[kind]
    with pytest.raises(DataError, match=message) as caught:
        loaded(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_several_names_for_one_class_need_no_question(tmp_path):
    frame = FRAME.assign(target=FRAME.label.map({"gehen": 0, "läuft": 1}))
    assert loaded(tmp_path, frame.to_csv(index=False)).class_names == ("gehen", "läuft")


PARQUET = {
    "plain": FRAME,
    "an index with gaps": FRAME.set_index(np.arange(ROWS) * 3),
    "a named index": FRAME.set_index(pd.Index(np.arange(ROWS) * 0.02, name="t")),
    "numbers that may lack": FRAME.astype({"ax": "Float64", "ay": "Float32"}),
    "categories": FRAME.astype({"label": "category"}),
    "classes in the index": FRAME.set_index("label"),
    "time stamps": FRAME.assign(t=pd.date_range("2024", periods=ROWS, freq="s")),
    "durations": FRAME.assign(t=pd.to_timedelta(np.arange(ROWS), unit="s")),
    "bytes": FRAME.assign(label=FRAME.label.str.encode("utf-8")),
}


@pytest.mark.parametrize("kind", PARQUET)
def test_types_of_parquet(kind, tmp_path):
    PARQUET[kind].to_parquet(tmp_path / "x.parquet")
    dataset = load(f"table:{tmp_path / 'x.parquet'}{OPTIONS}")
    assert dataset.class_names == ("gehen", "läuft")
    assert np.allclose(readings(dataset)[0], np.sort(FRAME.ax), atol=2e-3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (FRAME.assign(ax=[[1, 2]] * ROWS), "'ax' of .* holds .* values"),
        (FRAME.assign(label=[[1, 2]] * ROWS), "'label' of .* holds .* values"),
        (FRAME.assign(ax=FRAME.ax.where(FRAME.index != 7).astype("Float64")), "'ax' of .* 1 of 400 .* row 8"),
        (FRAME.assign(label=FRAME.label.where(FRAME.index != 7)), "'label' of .* no value in 1 of 400"),
        (FRAME.assign(ax=FRAME.label.astype("category"), label=np.repeat(list("abcd"), 100)), "numbers, but 'gehen'"),
        (FRAME.iloc[:0], "has no rows"),
    ],
)  # fmt: skip
def test_parquet_that_holds_no_readings_is_refused(changed, message, tmp_path):
    changed.to_parquet(tmp_path / "x.parquet")
    with pytest.raises(DataError, match=message):
        load(f"table:{tmp_path / 'x.parquet'}{OPTIONS}")
