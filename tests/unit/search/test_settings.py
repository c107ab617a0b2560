"""Settings of a run: defaults, refusals, what a resumed run may change."""

import json
from dataclasses import replace

import pytest

from resource_models import BoardError, NotModelledError, board
from search.budget import Budget
from search.errors import BudgetError, SettingsError
from search.problem import Problem
from search.settings import RunSettings

DIGITS = RunSettings(dataset="digits", budget=Budget.parse(ram="8 KiB"))


def test_without_a_limit_a_run_has_a_hundred_trials() -> None:
    assert DIGITS.trials == 100
    assert replace(DIGITS, trials=None, minutes=2).trials is None


def test_a_board_fills_in_what_is_not_given() -> None:
    nano = board("arduino-nano-33-ble")
    filled = replace(DIGITS, board="arduino-nano-33-ble").with_board_budget().budget
    assert filled.ram_bytes == 8192
    assert filled.model_bytes is not None
    assert 0 < filled.model_bytes <= nano.usable_flash_bytes
    assert DIGITS.with_board_budget() == DIGITS


def test_a_runtime_whose_memory_nobody_knows_is_refused_in_a_sentence() -> None:
    unknown = replace(DIGITS, runtime="tinymaix")
    with pytest.raises(NotModelledError, match=r"RAM that TinyMaix needs is not modelled; choose another runtime, or"):
        unknown.with_board_budget()
    activations = replace(unknown, accounting="unas", budget=Budget())
    assert activations.with_board_budget() == activations
    with pytest.raises(NotModelledError, match=r"code size of TinyMaix is not modelled.*state --flash"):
        replace(activations, board="raspberry-pi-pico").with_board_budget()
    stated = replace(activations, board="raspberry-pi-pico", budget=Budget.parse(flash="64 KiB"))
    assert stated.with_board_budget().budget.model_bytes == 64 * 1024
    # What was begun with it when TFLM's arena stood for its own can still be looked at.
    assert Problem.of(unknown).budget == unknown.budget


def test_a_board_leaves_open_what_it_is_told_to() -> None:
    settings = replace(DIGITS, budget=Budget(), board="arduino-nano-33-ble", board_fills=("model_bytes",))
    filled = settings.with_board_budget().budget
    assert filled.ram_bytes is None
    assert filled.model_bytes is not None
    assert RunSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    older = {name: value for name, value in settings.to_json().items() if name != "board_fills"}
    assert RunSettings.from_json(older).board_fills == ("ram_bytes", "model_bytes")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": 0}, "--epochs must be above zero"),
        ({"trials": -1}, "--trials"),
        ({"minutes": float("inf")}, "--minutes"),
        ({"train_size": 0}, "--train-size"),
        ({"seed": -1}, "--seed"),
        ({"accounting": "guess"}, "--accounting"),
    ],
)
def test_refuses_in_one_sentence(change: dict, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        replace(DIGITS, **change)


def test_limits_and_workers_may_change_on_resume() -> None:
    more = replace(DIGITS, trials=500, minutes=3, workers=1)
    assert DIGITS.extended_by(more) == more


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"epochs": 3}, {"budget": Budget.parse(ram="9 KiB")}, {"algorithm": "random"}, {"options": {"a": 1}}],
)
def test_anything_else_is_refused_by_name(change: dict) -> None:
    (name,) = change
    with pytest.raises(SettingsError, match=f"--{name}"):
        DIGITS.extended_by(replace(DIGITS, **change))


def test_json_round_trip() -> None:
    settings = replace(DIGITS, options={"population": 5}, minutes=1.5)
    assert RunSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dataset": "digit"}, "no data set 'digit'.*digits"),
        ({"space": "rnn"}, "'rnn'"),
    ],
)
def test_a_problem_needs_what_exists(change: dict, words: str) -> None:
    with pytest.raises(Exception, match=words):
        Problem.of(replace(DIGITS, **change))


def test_an_unknown_board_is_named() -> None:
    with pytest.raises(BoardError, match="arduino-nano-33-ble"):
        Problem.of(replace(DIGITS, board="arduino-nano-33-blue"))


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(ram_bytes=100), r"fits in 100 B of RAM; the smallest needs \d.* KiB"),
        (Budget(model_bytes=100), r"fits in 100 B of flash; the smallest needs"),
        (Budget(macs=3), r"the smallest needs .* MACs"),
        (Budget(latency_s=1.0), "no board is chosen"),
        (
            Budget(ram_bytes=100, macs=3),
            r"100 B of RAM; the smallest needs \d.* KiB; nor in 3 MACs of MACs; the smallest",
        ),
    ],
)
def test_a_budget_that_no_network_meets_says_the_smallest(budget: Budget, words: str) -> None:
    with pytest.raises(BudgetError, match=words):
        Problem.of(replace(DIGITS, budget=budget))


def test_the_smallest_that_was_named_is_reachable() -> None:
    with pytest.raises(BudgetError) as caught:
        Problem.of(replace(DIGITS, budget=Budget(macs=1)))
    smallest = caught.value.args[0].rsplit("needs ", 1)[1].removesuffix(" MACs.")
    Problem.of(replace(DIGITS, budget=Budget.parse(macs=smallest)))


def test_soft_bounds_refuse_nothing() -> None:
    Problem.of(replace(DIGITS, budget=Budget(ram_bytes=1, bounds="soft")))


def test_bounds_that_no_network_meets_together_name_the_closest() -> None:
    problem = Problem.of(DIGITS)
    smallest = [problem.costs(a) for a in problem.space.smallest()]
    budget = Budget(ram_bytes=min(c.ram_bytes for c in smallest), macs=min(c.macs for c in smallest))
    assert not any(budget.allows(c) for c in smallest)  # each can be met, not both
    with pytest.raises(BudgetError, match=r"all bounds at once; the closest: .* is over the budget of") as caught:
        Problem.of(replace(DIGITS, budget=budget))
    assert str(caught.value).endswith(f"; each bound alone can be met, the smallest being {budget}.")
    assert "\n" not in str(caught.value)


def test_half_of_a_character_is_refused_in_a_sentence() -> None:
    with pytest.raises(BudgetError, match="the budget cannot be read: it has half of a character"):
        RunSettings.from_json({"dataset": "digits", "budget": {"bounds": "\ud800"}})
