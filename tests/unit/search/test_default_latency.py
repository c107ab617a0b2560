"""The bound on the latency that holds by default: what it keeps out, that it ranks nothing, where it is left out."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resource_models import Costs, boards, latency_reason
from search import Budget, Run, RunSettings, journal
from search.algorithms.optuna_reference import OptunaTpe
from search.algorithms.rungs import UNBOUNDED, ranked_resources
from search.cli.app import main
from search.cli.bounds import board_fills, no_amounts
from search.errors import BudgetError
from search.measures.hypervolume import hypervolume
from search.measures.objectives import bounds
from search.measures.reached import Reached, measured_resource
from search.measures.shadow_prices import shadow_prices
from search.problem import Problem
from search.quantities import RESOURCES, quantity
from search.runs.algorithm_handle import make_algorithm
from search.testing import synthetic_observation
from search.tournament import LiveRules
from tests.support.slow_board import TOO_SLOW, slow_board
from tests.support.trained import observation

NANO = RunSettings(dataset="digits", board="arduino-nano-33-ble", budget=Budget.parse(ram="8 KiB", flash="64 KiB"))
PLAIN = NANO.budget
DEFAULT = replace(PLAIN, default_latency_s=1.0)
LATENCY = quantity("latency_s")


# --------------------------------------------------------------------------------------------------------- the budget


def test_it_keeps_out_what_is_slower_and_nothing_else() -> None:
    fast = Costs(ram_bytes=4096, model_bytes=4096, macs=100, latency_s=1.0)
    assert DEFAULT.allows(fast)
    assert DEFAULT.allows(replace(fast, latency_s=None))  # nobody knows that it is slower
    slow = replace(fast, latency_s=1.4)
    assert PLAIN.allows(slow)
    (violation,) = DEFAULT.violations(slow)
    assert (violation.resource, violation.factor) == (LATENCY, 1.4)
    assert str(violation) == "latency 1.4 s is over the budget of 1 s, default"


def test_it_is_shown_as_what_nobody_set_behind_all_others() -> None:
    assert str(DEFAULT) == "RAM 8 KiB, flash 64 KiB, latency 1 s, default"
    assert str(replace(DEFAULT, macs=10**6)) == "RAM 8 KiB, flash 64 KiB, MACs 1 M MACs, latency 1 s, default"
    assert DEFAULT.limits[LATENCY] == DEFAULT.limit(LATENCY) == 1.0
    assert [DEFAULT.show(r) for r in RESOURCES] == ["8 KiB", "64 KiB", "1 s, default", "", ""]


@pytest.mark.parametrize("latency", ["20 ms", "1 s"])
def test_a_bound_that_is_set_takes_its_place_be_it_as_large(latency: str) -> None:
    for mine in (
        DEFAULT.changed(latency=latency),
        replace(DEFAULT, latency_s=Budget.parse(latency=latency).latency_s),
        replace(Budget.parse(ram="8 KiB", flash="64 KiB", latency=latency), default_latency_s=1.0),
    ):
        assert mine == replace(PLAIN, latency_s=Budget.parse(latency=latency).latency_s)
        assert "default" not in str(mine)
        assert LATENCY in mine.bounded


def test_it_is_switched_off_by_none_and_stays_otherwise() -> None:
    assert DEFAULT.changed(latency="none") == DEFAULT.without_defaults() == PLAIN
    assert DEFAULT.changed(ram="4 KiB", bounds="soft").limit(LATENCY) == 1.0


def test_json_says_it_and_says_nothing_without_it() -> None:
    assert Budget.from_json(json.loads(json.dumps(DEFAULT.to_json()))) == DEFAULT
    assert "default_latency_s" not in PLAIN.to_json()  # as earlier versions wrote it
    assert Budget.from_json(PLAIN.to_json()) == PLAIN
    with pytest.raises(BudgetError, match="default_latency_s cannot be -1"):
        Budget.from_json({**PLAIN.to_json(), "default_latency_s": -1})


# ------------------------------------------------------------------------------------------------------ it ranks none


def test_nothing_is_ranked_scaled_or_priced_by_it() -> None:
    assert ranked_resources(DEFAULT) == ranked_resources(PLAIN) == ("ram_bytes", "model_bytes")
    assert ranked_resources(Budget(default_latency_s=1.0)) == UNBOUNDED
    assert measured_resource(Budget(default_latency_s=1.0)) is None
    assert np.array_equal(bounds(DEFAULT, error_scale=1.0), bounds(PLAIN, error_scale=1.0), equal_nan=True)
    assert np.isnan(Reached(DEFAULT, resources=("ram_bytes", "latency_s")).hypervolume)
    assert hypervolume([observation(1, 0.1, latency=0.5)], budget=DEFAULT, objective="latency_s") is None
    assert ranked_resources(DEFAULT.changed(latency="1 s")) == ("ram_bytes", "model_bytes", "latency_s")


def test_prices_are_those_of_the_other_bounds_among_what_is_quick_enough() -> None:
    quick, slow = observation(1, 0.2, latency=0.5), observation(2, 0.1, ram=9000, latency=2.0)
    prices = shadow_prices([quick, slow], DEFAULT)
    assert [price.resource.key for price in prices] == ["ram_bytes", "model_bytes"]
    assert prices == shadow_prices([quick], PLAIN)
    assert shadow_prices([quick, slow], PLAIN)[0].relaxed is not None


@pytest.mark.parametrize("algorithm", ["pareto_halving", "aging_evolution", "successive_halving"])
def test_where_nothing_is_slow_every_proposal_is_the_same(algorithm: str) -> None:
    options = {"population": 4, "tournament": 2} if algorithm == "aging_evolution" else {}
    proposed = []
    for budget in (PLAIN, DEFAULT):
        settings = replace(NANO, budget=budget, board_fills=(), algorithm=algorithm, options=options, epochs=9)
        problem = Problem.of(settings)
        searching, found = make_algorithm(problem), []
        for number in range(25):
            trial = searching.ask(number)
            seen = {o.trial_id: o for o in found}
            promoted = None if trial.promotes is None else seen[trial.promotes]
            found.append(synthetic_observation(trial, problem.space, budget, promoted=promoted))
            if hasattr(searching, "started") and found[-1].status != "infeasible":
                searching.started(trial)
            searching.tell(found[-1])
        proposed.append([o.trial for o in found])
    assert proposed[0] == proposed[1]


def test_a_reference_of_another_library_has_it_as_a_constraint() -> None:
    pytest.importorskip("optuna")
    space = Problem.of(NANO).space
    searching = OptunaTpe(space=space, budget=DEFAULT, seed=0, epochs=1)
    over = searching._constraints(observation(1, 0.1, latency=1.5))
    assert over["latency_s"] == 0.5
    assert searching._constraints(observation(1, 0.1))["latency_s"] < 0
    assert searching._objective == "ram_bytes"


# ------------------------------------------------------------------------------------------- where it is filled in


@pytest.mark.parametrize("accounting", ["tflm", "unas"])
def test_a_board_fills_it_in_where_the_latency_is_known(accounting: str) -> None:
    for board in boards():
        if board.usable_ram_bytes is None:
            continue
        filled = replace(NANO, board=board.id, accounting=accounting).with_board_budget().budget
        assert filled == (PLAIN if latency_reason(board) else DEFAULT), board.id
    assert {bool(latency_reason(board)) for board in boards()} == {True, False}


@pytest.mark.parametrize(
    "change",
    [
        {"board": None},
        {"budget": replace(PLAIN, latency_s=1.0)},
        {"budget": replace(PLAIN, bounds="soft")},  # which keep nothing out
        {"runtime": "tflm-esp-nn"},  # was not measured on this core
        {"board_fills": ("ram_bytes", "model_bytes")},
    ],
)
def test_nothing_is_filled_in_where_it_is_set_or_means_nothing(change: dict) -> None:
    settings = replace(NANO, **change)
    assert settings.with_board_budget().budget == settings.budget


def test_settings_from_before_it_was_there_leave_it_out() -> None:
    older = {name: value for name, value in NANO.to_json().items() if name != "board_fills"}
    assert RunSettings.from_json(older).with_board_budget().budget == PLAIN
    assert RunSettings.from_json(json.loads(json.dumps(NANO.to_json()))).with_board_budget().budget == DEFAULT


def test_a_command_leaves_it_to_the_board_unless_something_is_said_or_a_preset_names_the_bounds() -> None:
    said = no_amounts()
    assert board_fills(said, defaults=True) == ("ram_bytes", "model_bytes", "latency_s")
    assert board_fills({**said, "latency": "none"}, defaults=True) == ("ram_bytes", "model_bytes")
    assert board_fills(said) == ("ram_bytes", "model_bytes")


def test_a_tournament_has_the_bounds_that_it_names() -> None:
    rules = LiveRules(settings=NANO.with_board_budget(), equivalents=3)
    header = rules.header()
    assert "default_latency_s" not in header["budget"]
    assert list(header["board_fills"]) == ["ram_bytes", "model_bytes"]
    assert header["hypervolume"] == ["ram_bytes", "model_bytes"]
    assert rules.settings.with_board_budget().budget == PLAIN


# --------------------------------------------------------------------------------------- where no network can meet it


def test_where_every_network_is_slower_it_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    settings = replace(NANO, board=slow_board(tmp_path, TOO_SLOW))
    assert settings.with_board_budget().budget == DEFAULT
    run = Run.create(settings, tmp_path / "run")
    assert run.settings.budget == PLAIN == Run.open(run.folder).settings.budget
    (words,) = run._notes
    assert words == "The latency is not bounded: no network of the cnn space was found within the default of 1 s."
    with pytest.raises(BudgetError, match="fits in 1 s of latency; the smallest needs"):
        Problem.of(replace(settings, budget=replace(PLAIN, latency_s=1.0)))  # that of a person is refused


def test_what_else_cannot_be_met_is_refused_in_the_words_of_that(tmp_path: Path) -> None:
    settings = replace(NANO, board=slow_board(tmp_path, TOO_SLOW), budget=Budget(ram_bytes=100))
    with pytest.raises(BudgetError, match="fits in 100 B of RAM; the smallest needs") as caught:
        Run.create(settings, tmp_path / "run")
    assert "latency" not in str(caught.value)


def test_a_change_to_it_that_no_network_meets_goes_without_it(tmp_path: Path) -> None:
    run = Run.create(replace(NANO, board=slow_board(tmp_path, TOO_SLOW)), tmp_path / "run")
    run._notes, told = [], []
    run.subscribe(lambda event: told.append((event.kind, event.payload)))
    tighter = replace(DEFAULT, ram_bytes=6144)
    run.change_budget(tighter)
    assert run.settings.budget == tighter.without_defaults() == Run.open(run.folder).settings.budget
    assert [kind for kind, _ in told] == ["budget", "note"]


# ------------------------------------------------------------------------------------------------------------- runs


def test_a_run_keeps_what_it_began_with(tmp_path: Path) -> None:
    run = Run.create(NANO, tmp_path / "run")
    assert run.settings.budget == DEFAULT == Run.open(run.folder).settings.budget
    run.extend(replace(NANO, trials=200))  # as it was asked for
    run.extend(replace(run.settings, trials=300))  # as it is
    assert (run.settings.budget, run.settings.trials) == (DEFAULT, 300)
    run.change_budget(run.settings.budget.changed(ram="6 KiB"))
    assert Run.open(run.folder).settings.budget == replace(DEFAULT, ram_bytes=6144)
    run.change_budget(run.settings.budget.changed(latency="1 s"))
    assert Run.open(run.folder).settings.budget == replace(PLAIN, ram_bytes=6144, latency_s=1.0)


def test_a_run_from_before_it_was_there_stays_without(tmp_path: Path) -> None:
    run = Run.create(replace(NANO, board_fills=("ram_bytes", "model_bytes")), tmp_path / "run")
    path = run.folder / journal.FILE_NAME
    header, *rest = path.read_text().splitlines()
    document = json.loads(header)
    del document["settings"]["board_fills"]
    assert "default_latency_s" not in document["settings"]["budget"]
    path.write_text("\n".join([json.dumps(document), *rest]) + "\n")
    old = Run.open(run.folder)
    old.extend(replace(NANO, trials=200))  # settings of today, which would have it in a new run
    assert old.settings.budget == PLAIN
    assert Run.open(run.folder).settings.budget == PLAIN


@pytest.mark.parametrize(
    ("options", "budget"),
    [
        ((), DEFAULT),
        (("--latency", "none"), PLAIN),
        (("--latency", "1s"), replace(PLAIN, latency_s=1.0)),
        (("--bounds", "soft"), replace(PLAIN, bounds="soft")),
        (("--preset", "unas-mnist", "--accounting", "tflm", "--macs", "none", "--error", "none"), PLAIN),
    ],
)
def test_the_command_has_it_unless_told_otherwise_and_says_so(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    budget: Budget,
) -> None:
    monkeypatch.setattr(Run, "start", lambda *_args, **_options: None)
    monkeypatch.setattr(Run, "wait", lambda run, **_options: run.state)
    command = ["run", "--dataset", "digits", "--board", "arduino-nano-33-ble", "--ram", "8KiB", "--flash", "64KiB"]
    assert main([*command, "--out", str(tmp_path / "run"), *options]) == 0
    assert Run.open(tmp_path / "run").settings.budget == budget
    said = capsys.readouterr().err
    words = "budget: RAM 8 KiB, flash 64 KiB, latency 1 s, default; --latency moves the default, none switches it off\n"
    assert said == (words if budget == DEFAULT else "")
