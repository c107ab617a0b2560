"""A budget by slider, by typing, and by trait."""

import pytest

from search.budget import Budget
from unas_widgets import BudgetPanel


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
    panel.note(None)
    assert panel.rows["ram_bytes"].note == ""
