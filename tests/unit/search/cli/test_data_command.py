"""`unas data`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search.cli.unas import main


def test_as_text_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "digits.html"
    assert main(["data", "digits", "--figure", str(page)]) == 0
    said = capsys.readouterr().out
    assert "8×8×1, float32" in said
    assert "guessing errs in 90 %" in said
    assert "Equal examples, byte by byte: none." in said
    assert "plotly" in page.read_text(encoding="utf-8").lower()
    assert main(["data", "digits", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["sizes"] == {"train": 1079, "validation": 359, "test": 359}
    assert values["duplicates"]
    assert values["figure"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing-such"], "nothing-such"),
        (["digits", "--figure", "a.png"], "the figure is a page; name it a.html"),
        (["folder:/no/such/place"], "/no/such/place"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", *words]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
