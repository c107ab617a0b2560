"""The report of a run: one file, everything in it, nothing from outside."""

import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from data import recorded_run as shipped
from search import Budget, Run, RunError
from search.runs.replay import Replay
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import WidgetError, Workbench, report

NOW = datetime(2026, 11, 22, 10, 30)
VOID = {"meta", "br"}


class Balanced(HTMLParser):
    """Keeps book of what is open, and of what is referred to."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, _attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def read(path):
    parser = Balanced()
    text = path.read_text(encoding="utf-8")
    parser.feed(text)
    assert parser.open == []
    return text, parser


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return finalised_run(tmp_path_factory.mktemp("reported") / "run")


def test_one_file_without_scripts_holds_everything(run, tmp_path):
    path = report(run, tmp_path / "new folder" / "report.html", now=NOW)
    text, parser = read(path)
    assert "script" not in parser.tags
    assert parser.links == []
    assert not re.findall(r"@import|url\(", text)
    assert "svg" in parser.tags
    for part in (
        "Arduino Nano 33 BLE", "2026-11-22 at 10:30", "RAM 8 KiB", "Front", "(chosen)",
        "the lowest error within the budget", "How each number was got", "analytic", "Memory over time",
        "Trained again with other seeds", "test error, int8",
        "seed of the search", "of 30 networks", "Failed trainings", "made to fail", "Limits", "validation split",
        "The test split was used by Finalise only", "Versions", "keras", "RunSettings(",
    ):  # fmt: skip
        assert part in text, part
    best = min((o for o in run.networks() if o.status == "trained"), key=lambda o: o.val_error)
    assert f"Trial {best.trial_id}:" in text


def test_it_tells_no_path_of_this_machine(run, tmp_path):
    text, _ = read(report(run, tmp_path / "report.html"))
    assert str(run.folder.parent) not in text
    assert str(tmp_path) not in text


def test_a_run_without_a_network_has_a_report_too(tmp_path):
    run = Run.create(SETTINGS, tmp_path / "run")
    text, _ = read(report(run, tmp_path / "report.html"))
    assert "No trained network is within the budget" in text
    assert "The test split has not been used" in text
    assert "Chosen network" not in text


def test_another_network_and_budget_may_be_chosen(run, tmp_path):
    trials = sorted((o for o in run.networks() if o.status == "trained"), key=lambda o: o.costs.ram_bytes)
    small, large = trials[0], trials[-1]
    budget = Budget(ram_bytes=small.costs.ram_bytes)
    text, _ = read(report(run, tmp_path / "report.html", trial=large.trial_id, budget=budget))
    assert f"Trial {large.trial_id}: chosen by hand" in text
    text, _ = read(report(run, tmp_path / "report.html", budget=budget))
    assert f"Trial {small.trial_id}: the lowest error" in text
    with pytest.raises(RunError, match="no finished trial"):
        report(run, tmp_path / "report.html", trial=10**6)


def test_a_replay_is_reported_as_it_is_at_its_moment(tmp_path):
    replay = Replay.open(shipped("digits"))
    replay.seek(60)
    text, _ = read(report(replay, tmp_path / "report.html"))
    assert f"{replay.progress().trained} of 60 networks" in text
    assert "event 60 of" in text
    assert "359 validation examples, ± " in text


def test_the_button_writes_it_beside_the_run_and_says_where(tmp_path):
    bench = Workbench(recorded_run(tmp_path / "runs" / "mine").folder, base=tmp_path)
    bench._buttons["report"].click()
    assert (tmp_path / "runs" / "mine" / "report.html").exists()
    assert "runs/mine/report.html" in bench._outcome.html
    bench.show_replay("digits")
    assert bench._outcome.html == ""
    assert bench.report() == tmp_path / "report-digits.html"


def test_what_cannot_be_written_is_one_sentence(run, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(WidgetError, match="choose another place"):
        report(run, tmp_path / "file" / "report.html")
    bench = Workbench(base=tmp_path)
    with pytest.raises(WidgetError, match="no search to report on"):
        bench.report()
    assert bench._buttons["report"].disabled
