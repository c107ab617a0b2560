"""`unas data`: a data set as the command line shows it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from search.cli import unas
from tests.support.data_files import image_bytes, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> str:
    rng = np.random.default_rng(0)
    files = {f"{c}/{i}.png": image_bytes(rng.integers(0, 255, (6, 5, 3))) for c in ("cat", "dog") for i in range(15)}
    files["dog/broken.png"] = b"no image"
    files["cat/again.png"] = files["cat/0.png"]
    return f"folder:{write_folder(tmp_path / 'pets', files)}"


def test_people_are_told_all_of_it(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert unas.main(["data", folder]) == 0
    told = capsys.readouterr().out
    assert "Examples: 6×5×3, uint8, values 0 to " in told
    assert [line.split() for line in told.splitlines() if line.startswith(("cat ", "dog ", "(all)"))] == [
        ["cat", "10", "3", "3"],
        ["dog", "9", "3", "3"],
        ["(all)", "19", "6", "6"],
    ]
    assert "guessing errs in 50 %; always saying 'cat', the largest class (52.6 % of the training" in told
    assert "1 of 16 files in dog/ is" in told
    assert "Class 'cat' has 3 test examples, 1 more class has fewer than 10: too few to rely on." in told
    assert "Equal examples, byte by byte: 1 " in told


def test_scripts_get_one_line(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert unas.main(["data", folder, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["sizes"], found["num_classes"], found["figure"]) == (
        {"train": 19, "validation": 6, "test": 6},
        2,
        None,
    )
    duplicates = found["duplicates"]
    assert sum(duplicates["within"].values()) + sum(duplicates["across"].values()) == 1
    assert len(found["notes"]) == 1


def test_the_figure_is_a_page_that_needs_nothing_else(folder: str, tmp_path: Path) -> None:
    page = tmp_path / "new" / "pets.html"
    assert unas.main(["data", folder, "--figure", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "data:image/png;base64," in text
    assert 'src="http' not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "There is no data set 'nonsense'"),
        (["digits", "--figure", "x.png"], "--figure x.png: the figure is a page; name it x.html."),
        (["digits", "--train-size", "5000"], "ask for fewer"),
        (["npz:nowhere.npz"], "nowhere.npz"),
    ],
)
def test_what_cannot_be_is_one_sentence(arguments, words, capsys: pytest.CaptureFixture[str]) -> None:
    assert unas.main(["data", *arguments]) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_figure_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert unas.main(["data", "digits", "--figure", str(tmp_path / "file" / "x.html")]) == 2
    assert "x.html cannot be written" in capsys.readouterr().err
