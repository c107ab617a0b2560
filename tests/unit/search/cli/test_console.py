"""The line of a terminal that says how far the start of a search is."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from search.cli import console
from search.runs.events import RunEvent, RunState


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def starting(phase: str = "decoding images: 12,000 of 60,000", state: RunState = RunState.STARTING) -> SimpleNamespace:
    return SimpleNamespace(state=state, progress=lambda: SimpleNamespace(phase=phase))


def test_a_terminal_says_how_far_the_data_are_in_one_line_that_the_news_take_over(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    console.tell_phase(starting())
    console.watcher(starting())(RunEvent("state", RunState.STOPPED))
    written = terminal.getvalue()
    assert written.startswith("\rdecoding images: 12,000 of 60,000 ")
    assert written.rpartition("\r")[2].rstrip(" \n") == "stopped"
    assert len(written.rpartition("\r")[2].rstrip("\n")) >= len("decoding images: 12,000 of 60,000")
    assert written.endswith("\n")


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.FINISHED])
def test_nothing_is_written_over_after_the_start(monkeypatch: pytest.MonkeyPatch, state: RunState):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    console.tell_phase(starting(state=state))
    assert terminal.getvalue() == ""


def test_a_file_gets_no_such_lines(monkeypatch: pytest.MonkeyPatch):
    file = io.StringIO()
    monkeypatch.setattr("sys.stderr", file)
    console.tell_phase(starting())
    console.complain("no")
    assert file.getvalue() == "No.\n"


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("there is no folder x", "There is no folder x."),
        ("class 'x' has 1 example", "Class 'x' has 1 example."),
        ("no", "No."),
        ("circle/010.JPG is no readable image", "circle/010.JPG is no readable image."),
        ("run has no journal", "run has no journal."),
        ("digits has 5 examples", "digits has 5 examples."),
        ("label is no column; is that meant?", "label is no column; is that meant?"),
        ("--minutes: 0 is no time", "--minutes: 0 is no time."),
        ("μNAS is one.", "μNAS is one."),
    ],
)
def test_a_sentence_keeps_names_and_paths_as_they_are(message: str, written: str):
    assert console.sentence(message) == written
