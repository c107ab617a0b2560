"""A search that begins from an earlier one: the field, what it offers and why not, and where it is said of a run."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from search import Replay, Run, SettingsError
from search.journal import FILE_NAME
from tests.support.recorded_run import SETTINGS, begun_from, recorded_run
from unas_widgets import ComparisonPanel, Lineage, Workbench
from unas_widgets.comparison import differences
from unas_widgets.report.run_report import report
from unas_widgets.runs.run_list import runs_below
from unas_widgets.runs.settings_panel import NO_RUN, SettingsPanel, run_options


def field_of(panel):
    return panel._fields["start_from"]


@pytest.fixture
def first(tmp_path: Path) -> Run:
    return recorded_run(tmp_path / "runs" / "first", trained=5)


def test_the_field_offers_the_runs_that_are_there(tmp_path: Path, first: Run, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    begun_from(first, tmp_path / "runs" / "second")
    panel = SettingsPanel(base=tmp_path)
    assert field_of(panel).entries() == (
        ("nothing", NO_RUN),
        ("second (begun from first)", "runs/second"),
        ("first", "runs/first"),
    )
    assert not field_of(panel).disabled
    field_of(panel).value = "runs/first"
    assert panel.start_from == "runs/first"
    panel.locked = True
    assert field_of(panel).disabled
    recorded_run(tmp_path / "runs" / "third", trained=2)
    panel.locked = False
    assert [value for _, value in field_of(panel).entries()] == [NO_RUN, "runs/third", "runs/second", "runs/first"]
    assert (panel.start_from, field_of(panel).disabled) == ("runs/first", False)


def test_why_nothing_can_be_chosen_is_in_the_field(tmp_path: Path) -> None:
    empty = SettingsPanel(base=tmp_path)
    assert (field_of(empty).label, field_of(empty).disabled) == ("no run here yet", True)
    mlp = replace(SETTINGS, space="mlp")
    recorded_run(tmp_path / "runs" / "one", trained=2, settings=mlp)
    panel = SettingsPanel(base=tmp_path)
    assert (field_of(panel).label, field_of(panel).disabled) == ("only 1 run of another space", True)
    panel.locked = True
    panel.locked = False
    assert field_of(panel).disabled
    recorded_run(tmp_path / "runs" / "two", trained=2, settings=mlp)
    assert run_options(tmp_path) == (("only 2 runs of other spaces", NO_RUN),)
    recorded_run(tmp_path / "runs" / "three", trained=2)
    panel.look_for_runs()
    assert field_of(panel).label == "nothing (2 runs of other spaces left out)"
    assert not field_of(panel).disabled


def test_a_run_that_is_not_in_the_list_is_shown_and_marked(tmp_path: Path) -> None:
    panel = SettingsPanel(base=tmp_path, start_from="elsewhere/old")
    assert (field_of(panel).label, field_of(panel).value) == ("old (elsewhere)", "elsewhere/old")
    assert not field_of(panel).disabled
    panel.start_from = NO_RUN
    panel.look_for_runs()
    assert field_of(panel).disabled


def test_the_next_search_begins_from_it(tmp_path: Path, first: Run, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    bench = Workbench(base=tmp_path)
    assert bench.run_settings().start_from is None
    field_of(bench.settings_panel).value = "runs/first"
    assert bench.start_from == "runs/first"
    assert bench.run_settings().start_from == "runs/first"
    assert 'start_from="runs/first"' in bench.code_of_run()
    assert Run.create(bench.run_settings(), tmp_path / "next").begun_from.endswith("networks of the run first")
    bench.close()


def test_a_start_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    empty = Run.create(SETTINGS, tmp_path / "runs" / "empty")
    bench = Workbench(base=tmp_path, start_from=str(empty.folder))
    with pytest.raises(SettingsError, match="has no trained network yet"):
        bench.start()
    assert "has no trained network yet; begin from another run." in bench.message
    assert "has no trained network yet" in bench.control.status.html
    assert bench.run is None
    bench.close()


def test_a_run_that_is_opened_says_what_it_began_from(tmp_path: Path, first: Run) -> None:
    second = begun_from(first, tmp_path / "runs" / "second")
    shutil.rmtree(first.folder)
    bench = Workbench(second.folder, base=tmp_path)
    assert bench.start_from == str(first.folder)
    assert field_of(bench.settings_panel).label == "first (elsewhere)"
    assert "begun from the run first" in bench.static_html()
    bench.show_replay()
    assert "begun from the run first" in bench.static_html()
    bench.close()


def test_the_lists_and_the_report_say_it(tmp_path: Path, first: Run) -> None:
    second = begun_from(first, tmp_path / "runs" / "second")
    assert [run.label for run in runs_below(tmp_path).runs] == ["second (begun from first)", "first"]
    panel = ComparisonPanel(base=tmp_path)
    assert "second (begun from first)" in [label for label, _ in panel._choice.options]
    (said,) = differences({"second": second, "first": first})
    assert said == "second began with networks of the run first, whose compute is not counted."
    for run in (second, Replay.open(second.folder)):
        written = report(run, tmp_path / "report.html").read_text(encoding="utf-8")
        assert "begun from" in written
        assert "5 networks of the run first" in written
    assert "begun from" not in report(first, tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_name_that_tries_to_be_html_is_a_name(tmp_path: Path, first: Run) -> None:
    second = begun_from(first, tmp_path / "runs" / "second")
    text = (second.folder / FILE_NAME).read_text(encoding="utf-8")
    header, _, records = text.partition("\n")
    values = json.loads(header)
    values["settings"]["start_from"] = "runs/<img src=x onerror=alert(1)>"
    (second.folder / FILE_NAME).write_text(f"{json.dumps(values)}\n{records}", encoding="utf-8")
    bench = Workbench(second.folder, base=tmp_path)
    written = bench.report(tmp_path / "report.html").read_text(encoding="utf-8")
    for shown in (written, str(bench.static_html()), str(bench.settings_panel.static_html())):
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
    bench.close()


def test_the_lineage_of_a_network_says_that_it_was_taken_over(tmp_path: Path, first: Run) -> None:
    second = begun_from(first, tmp_path / "runs" / "second")
    panel = Lineage(second, 0)
    assert "It was taken over from the run that this one began from, and trained anew." in panel.static_html()
    assert "drew it afresh" in Lineage(first, first.front()[0].trial_id).static_html()


def test_a_header_with_strange_settings_is_listed_without_them(tmp_path: Path, first: Run) -> None:
    for number, settings in enumerate((None, [1], {"space": 3, "start_from": {}}, {})):
        folder = tmp_path / "runs" / f"odd-{number}"
        folder.mkdir()
        (folder / FILE_NAME).write_text(json.dumps({"record": "header", "settings": settings}) + "\n")
    runs = {run.folder.name: (run.space, run.start_from) for run in runs_below(tmp_path).runs}
    assert runs == {"first": ("cnn", ""), **{f"odd-{number}": ("", "") for number in range(4)}}
