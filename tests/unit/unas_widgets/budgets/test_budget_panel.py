"""A budget by slider, by typing, and by trait."""

import pytest

from resource_models import board
from search import RESOURCES, Run
from search.budget import Budget
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import BudgetPanel, WidgetError
from unas_widgets.budgets.budget_words import change_words


def test_slider_typing_and_trait_are_one_value():
    panel = BudgetPanel(Budget.parse(ram="24 KiB"))
    row = panel.rows["ram_bytes"]
    assert row.text == "24 KiB"
    row.position = row.scale.position(8192)
    assert panel.budget.ram_bytes == 8192
    panel.type("RAM", "2500B")
    assert panel.budget.ram_bytes == 2500
    assert row.hover == "2,500 bytes"
    panel.budget = Budget.parse(ram="1 MiB", latency="20 ms")
    assert (row.text, panel.rows["latency_s"].text) == ("1 MiB", "20 ms")


def test_a_typed_value_is_kept_exactly_though_the_slider_stands_beside_it():
    panel = BudgetPanel()
    panel.type("RAM", "24000 B")
    assert panel.budget.ram_bytes == 24000
    assert panel.rows["ram_bytes"].scale.value(panel.rows["ram_bytes"].position) != 24000


@pytest.mark.parametrize(
    ("word", "text", "key", "value", "shown"),
    [
        ("RAM", "12.5", "ram_bytes", 12800, "12.5 KiB"),
        ("RAM", "12,5", "ram_bytes", 12800, "12.5 KiB"),
        ("flash", "64", "model_bytes", 65536, "64 KiB"),
        ("latency", "20", "latency_s", 0.02, "20 ms"),
        ("latency", "0.02 s", "latency_s", 0.02, "20 ms"),
        ("energy", "2", "energy_j", 0.002, "2 mJ"),
        ("energy", "150 µJ", "energy_j", 150e-6, "150 µJ"),
    ],
)
def test_a_number_alone_has_the_unit_beside_the_field_and_is_shown_with_it(word, text, key, value, shown):
    panel = BudgetPanel()
    panel.type(word, text)
    assert getattr(panel.budget, key) == value
    assert panel.rows[key].text == shown


def test_each_field_has_its_unit_beside_it():
    rows = BudgetPanel(keys=[r.key for r in RESOURCES]).rows
    units = {"ram_bytes": "KiB", "model_bytes": "KiB", "latency_s": "ms", "macs": "", "energy_j": "mJ"}
    assert units.items() <= {key: row.unit for key, row in rows.items()}.items()


def test_an_amount_that_may_be_read_in_two_ways_is_refused_with_both():
    panel = BudgetPanel(Budget.parse(latency="20 ms"))
    panel.type("latency", "1,250")
    assert panel.rows["latency_s"].error == "'1,250' may be 1250 ms or 1.250 ms; write one of these."
    assert panel.budget.latency_s == 0.02


def test_a_bound_that_a_board_has_no_figure_for_says_why():
    panel = BudgetPanel()
    row = panel.rows["energy_j"]
    assert row.lacks == ""
    panel.look_at(board("arduino-nano-33-ble"))
    assert row.lacks == "The active power of Arduino Nano 33 BLE (Sense) has no measured source."
    panel.look_at(None)
    assert row.lacks == "Energy needs a board; choose one."
    panel.look_at(board("nucleo-f446re"))
    assert row.lacks == ""
    assert {r.lacks for key, r in panel.rows.items() if key != "energy_j"} == {""}


@pytest.mark.parametrize("text", ["12 parsecs", "-3 KiB", "0", "KiB"])
def test_bad_text_changes_nothing_and_says_why_in_a_sentence(text):
    panel = BudgetPanel(Budget.parse(ram="24 KiB"))
    panel.type("RAM", text)
    row = panel.rows["ram_bytes"]
    assert panel.budget.ram_bytes == 24576
    assert row.text == "24 KiB"
    assert text in row.error
    assert row.error.endswith(".")
    assert "--" not in row.error
    panel.type("RAM", "8k")
    assert row.error == ""
    assert row.text == "8 KiB"


def test_the_same_bad_text_twice_and_then_the_old_value_again():
    panel = BudgetPanel(Budget.parse(ram="24 KiB"))
    row = panel.rows["ram_bytes"]
    for number in (1, 2):
        row.typed = {"text": "x", "number": number}
        assert row.error
    row.typed = {"text": "24 KiB", "number": 3}
    assert row.error == ""


def test_none_and_the_end_of_the_slider_are_no_limit():
    panel = BudgetPanel(Budget.parse(ram="24 KiB", latency="20 ms"))
    panel.type("latency", "none")
    assert panel.budget.latency_s is None
    panel.rows["ram_bytes"].position = panel.rows["ram_bytes"].maximum
    assert panel.budget.ram_bytes is None
    assert panel.rows["ram_bytes"].text == "none"


def test_notes_name_only_what_differs():
    panel = BudgetPanel(Budget.parse(ram="24 KiB", flash="64 KiB"))
    panel.note(Budget.parse(ram="8 KiB", flash="64 KiB"))
    assert panel.rows["ram_bytes"].note == "This search keeps 8 KiB."
    assert panel.rows["model_bytes"].note == ""
    panel.note(Budget.parse(flash="64 KiB"))
    assert panel.rows["ram_bytes"].note == "This search has no such bound."
    panel.note(None)
    assert panel.rows["ram_bytes"].note == ""


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({}, ""),
        ({"ram": "6 KiB"}, "Search within RAM 6 KiB from now on"),
        ({"ram": "6 KiB", "macs": "1M"}, "Search within RAM 6 KiB and MACs 1 M from now on"),
        ({"latency": "none"}, "Search without a bound on latency from now on"),
        ({"ram": "6 KiB", "latency": "none"}, "Search within RAM 6 KiB and without a bound on latency from now on"),
    ],
)
def test_what_the_button_says(wanted, words):
    used = {"ram": "8 KiB", "flash": "64 KiB", "latency": "20 ms"}
    assert change_words(Budget.parse(**used), Budget.parse(**(used | wanted))) == words


def test_a_panel_of_a_run_offers_the_change_and_makes_it(tmp_path):
    run = recorded_run(tmp_path / "run")
    panel = BudgetPanel(run=run)
    assert panel.budget == SETTINGS.budget
    assert panel._change.layout.display == "none"
    assert "RAM 8 KiB" in panel.prices.static_html()
    panel.type("RAM", "6 KiB")
    assert "RAM 6 KiB" in panel.prices.static_html()
    assert panel.rows["ram_bytes"].note == "This search keeps 8 KiB."
    assert panel._change.description == "Search within RAM 6 KiB from now on"
    panel._change.click()
    assert run.settings.budget.ram_bytes == 6144
    assert panel._change.layout.display == "none"
    assert panel.rows["ram_bytes"].note == ""
    assert Run.open(run.folder).settings.budget == panel.budget
    assert len(Run.open(run.folder).networks()) == len(run.networks()) == 13


def test_a_bound_is_switched_off_although_the_board_has_one(tmp_path):
    run = recorded_run(tmp_path / "run")
    panel = BudgetPanel(run=run)
    panel.type("RAM", "none")
    panel.apply()
    assert panel.budget.ram_bytes is None
    assert Run.open(run.folder).settings.budget.ram_bytes is None
    assert panel._change.layout.display == "none"


def test_a_change_that_cannot_be_had_is_one_sentence_and_changes_nothing(tmp_path):
    run = recorded_run(tmp_path / "run")
    panel = BudgetPanel(run=run)
    panel.type("RAM", "600 B")
    panel._change.click()
    assert "the smallest needs" in panel._problem.html
    assert run.settings.budget == SETTINGS.budget == Run.open(run.folder).settings.budget
    assert panel._change.layout.display is None
    panel.type("RAM", "8 KiB")
    assert panel._problem.html == ""


def test_without_a_run_there_is_nothing_to_change():
    panel = BudgetPanel(Budget.parse(ram="24 KiB"))
    assert "No trained network yet" in panel.static_html()
    with pytest.raises(WidgetError, match=r"BudgetPanel\(run=…\)"):
        panel.apply()
