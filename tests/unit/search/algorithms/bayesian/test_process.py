"""The search and its process: what it proposes, how it ends, and that nothing else loads Dragonfly."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from resource_models import costs
from search.algorithms.bayesian.bayesian import Bayesian, GaussianProcessSearch
from search.algorithms.local_bayesian import LocalBayesian
from search.budget import Budget
from search.errors import SearchError, SettingsError
from search.spaces import space
from search.testing import synthetic_observation
from search.trial import Observation, Trial

SPACE = space("cnn", (8, 8, 1), 10)
BUDGET = Budget.parse(ram="6 KiB", flash="30 KiB")
SMALL = {"warmup_trials": 4, "candidates": 12, "exact": 3, "tournament": 3}


def search(kind: type = Bayesian, **options) -> GaussianProcessSearch:
    return kind(space=SPACE, budget=BUDGET, seed=3, epochs=2, **{**SMALL, **options})


def go_on(algorithm: GaussianProcessSearch, numbers: range) -> list[Observation]:
    """Ask, train and tell, one trial after the other."""
    told = []
    for number in numbers:
        trial = algorithm.ask(number)
        algorithm.started(trial)
        told.append(synthetic_observation(trial, SPACE, BUDGET))
        algorithm.tell(told[-1])
    return told


def children() -> set[psutil.Process]:
    """Worker processes of this test."""
    found = psutil.Process().children()
    return {child for child in found if not any("resource_tracker" in word for word in child.cmdline())}


@pytest.fixture(scope="module", params=[Bayesian, LocalBayesian])
def lived(request: pytest.FixtureRequest) -> Iterator[tuple[GaussianProcessSearch, list[Observation], set]]:
    """A search that has left its opening, what it was told, and the processes that it began."""
    before = children()
    algorithm = search(request.param)
    told = go_on(algorithm, range(10))
    yield algorithm, told, children() - before
    algorithm.close()


@pytest.mark.slow
def test_proposals_are_within_the_budget_and_never_twice(lived) -> None:
    _, told, _ = lived
    assert all(BUDGET.allows(o.costs) for o in told)
    graphs = [SPACE.lower(o.trial.architecture) for o in told]
    assert len(set(graphs)) == len(graphs)
    assert any(o.trial.parent is not None for o in told)


@pytest.mark.slow
def test_a_network_that_is_being_trained_is_not_proposed(lived) -> None:
    algorithm, told, _ = lived
    twin = search(type(algorithm))
    for observation in told:
        twin.tell(observation)
    pending: list[Trial] = []
    for _ in range(4):
        pending.append(twin.ask(10))  # the same number, so that only what is taken can make a difference
        twin.started(pending[-1])
    twin.close()
    assert len({SPACE.lower(trial.architecture) for trial in pending}) == len(pending)


@pytest.mark.slow
def test_a_process_that_died_is_replaced_and_proposes_the_same(lived) -> None:
    algorithm, _, processes = lived
    expected = algorithm.ask(10)
    for process in processes:
        process.kill()
    psutil.wait_procs(processes)
    assert algorithm.ask(10) == expected
    assert algorithm.cpu_seconds() > 0


def test_closing_ends_the_process_and_a_proposal_in_the_making() -> None:
    before = children()
    algorithm = search(warmup_trials=1, candidates=100_000)
    go_on(algorithm, range(1))
    said: list[str] = []

    def ask() -> None:
        try:
            algorithm.ask(1)
        except SearchError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not children() - before:
        thread.join(0.05)
        assert thread.is_alive(), "the proposal was over before it could be interrupted"
    algorithm.close()
    thread.join()
    algorithm.close()
    assert said == ["The search was closed, so it proposes nothing more."]
    _, alive = psutil.wait_procs(children() - before, timeout=30)
    assert not alive


@pytest.mark.slow
def test_costs_of_the_run_decide_what_fits() -> None:
    """With `costs` in another accounting, the same bound lets other networks pass."""
    budget = Budget.parse(ram="900 B")

    def published(architecture):
        return costs(SPACE.lower(architecture), accounting="unas")

    algorithm = Bayesian(space=SPACE, budget=budget, seed=0, epochs=1, costs=published, **SMALL)
    for number in range(6):
        trial = algorithm.ask(number)
        needed = published(trial.architecture)
        assert budget.allows(needed)
        algorithm.tell(Observation(trial, "trained", needed, val_error=0.1 + number / 50, epochs=1))
    assert algorithm.cpu_seconds() > 0
    algorithm.close()


@pytest.mark.parametrize("name", ["warmup_trials", "candidates", "exact", "population", "tournament"])
def test_options_must_be_positive(name: str) -> None:
    with pytest.raises(SettingsError, match="at least 1"):
        search(**{name: 0})


def test_a_tournament_larger_than_the_population_is_refused() -> None:
    with pytest.raises(SettingsError, match="larger than the population"):
        search(population=2)


def test_without_dragonfly_the_algorithm_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.algorithms.bayesian.bayesian.missing", lambda: "dragonfly")
    with pytest.raises(SettingsError, match="needs the package dragonfly"):
        search()


def test_dragonfly_is_loaded_in_no_other_process() -> None:
    code = (
        "import sys, numpy\n"
        "from search.algorithms.local_bayesian import LocalBayesian\n"
        "from search.budget import Budget\n"
        "from search.spaces import space\n"
        "s = space('mlp', (4, 4, 1), 3)\n"
        "LocalBayesian(space=s, budget=Budget(), seed=0, epochs=1).ask(0)\n"
        "print([n for n in ('dragonfly', 'ot', 'scipy', 'tensorflow') if n in sys.modules], hasattr(numpy, 'float'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[] False"), done.stderr
