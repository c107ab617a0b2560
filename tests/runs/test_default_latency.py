"""Real searches for a slow board: nothing is proposed that takes more than a second, unless that is asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from search import Run, RunSettings
from search.problem import Problem
from search.runs.algorithm_handle import make_algorithm
from search.settings import NO_DEFAULTS
from tests.support.own_space import NAME as TINY
from tests.support.pretended_run import PretendedRun
from tests.support.running import conduct
from tests.support.slow_board import TOO_SLOW, slow_board

PROPOSALS = 2


def settings_for(board: str) -> RunSettings:
    return RunSettings(dataset="digits", board=board, epochs=1, train_size=200, workers=1, trials=PROPOSALS)


@pytest.mark.long
@pytest.mark.tf
def test_no_network_over_a_second_is_proposed_and_none_is_ranked_by_it(tmp_path: Path) -> None:
    settings = settings_for(slow_board(tmp_path))
    run = Run.create(settings, tmp_path / "run")
    conduct(run)
    assert str(run.settings.budget).endswith(", latency 1 s, default")
    assert run.progress().trained == PROPOSALS
    assert all(0 < o.costs.latency_s <= 1 for o in (*run.observations(), *run.infeasible()))
    assert [price.resource.key for price in run.shadow_prices()] == ["ram_bytes", "model_bytes"]

    free = make_algorithm(Problem.of(replace(settings, board_fills=NO_DEFAULTS).with_board_budget()))
    problem = Problem.of(run.settings)
    assert any(problem.costs(free.ask(n).architecture).latency_s > 1 for n in range(3))


def test_an_algorithm_that_minds_no_bound_is_refused_what_is_slower(tmp_path: Path) -> None:
    run = PretendedRun.create(
        replace(settings_for(slow_board(tmp_path)), algorithm="random", trials=4), tmp_path / "run"
    )
    conduct(run)
    assert all(o.costs.latency_s <= 1 for o in run.observations())
    assert run.infeasible()
    assert all(o.costs.latency_s > 1 for o in run.infeasible())

    slowest = max(o.costs.latency_s for o in run.infeasible())
    run.change_budget(run.settings.budget.changed(latency="none"))
    run.extend(replace(run.settings, trials=8))
    conduct(run)
    assert any(o.costs.latency_s > 1 for o in run.observations()), slowest


@pytest.mark.parametrize(("space", "trust"), [("cnn", True), (TINY, True), (TINY, False)])
def test_where_every_network_is_slower_the_search_goes_on_without_it_and_says_so(
    tmp_path: Path, space: str, trust: bool
) -> None:
    board = slow_board(tmp_path, TOO_SLOW)
    settings = replace(settings_for(board), algorithm="random", space=space)
    run = PretendedRun.create(settings, tmp_path / "run", trust=trust)
    events = conduct(run)  # which imports the space, if nobody did before
    assert run.progress().trained == PROPOSALS
    assert all(o.costs.latency_s > 1 for o in run.observations())
    assert not run.settings.budget.defaults
    said = [event.payload for event in events if event.kind == "note"]
    words = f"The latency is not bounded: no network of the {space} space was found within the default of 1 s."
    assert said.count(words) == 1
