"""Options by their current and their earlier names, and rungs from outside only where that is declared."""

import pytest

from search.algorithms import REFERENCES, SearchAlgorithm, algorithms, create, options_of
from search.algorithms.base import multi_fidelity_of
from search.algorithms.halved import Halved
from search.algorithms.options import RUNGS
from search.algorithms.pareto_halving import ParetoHalving
from search.algorithms.random import RandomSearch
from search.budget import Budget
from search.errors import SettingsError
from search.settings import RunSettings
from search.spaces import space
from search.tournament.entrant import Entrant, entrants

SPACE = space("mlp", (8, 8, 1), 10)
BEFORE = {"opening": 4, "pool": 2, "fresh": 0.1, "tight": 0.2, "accuracy": 0.3, "thrift": 0.4}
NOW = {
    "warmup_trials": 4,
    "candidate_pool": 2,
    "random_fraction": 0.1,
    "tightened_fraction": 0.2,
    "accuracy_fraction": 0.3,
    "cost_penalty": 0.4,
}


class OwnEta(RandomSearch):
    """Has an option `eta` that means something else, and does not say what."""

    def __init__(self, *, eta: float = 0.5, **given) -> None:
        super().__init__(**given)
        self.eta = eta


class OwnEtaDeclared(OwnEta):
    """The same, and says that it is not to be wrapped."""

    multi_fidelity = None


class Misdeclared(RandomSearch):
    """Declares what there is not."""

    multi_fidelity = "sometimes"


class Inherits(ParetoHalving):
    """An algorithm of the user's own that is built upon the default."""


def made(name: str, options: dict[str, object]) -> SearchAlgorithm:
    return create(name, space=SPACE, budget=Budget.parse(ram="8 KiB"), seed=0, epochs=9, options=options)


@pytest.mark.parametrize("name", ["pareto_halving", f"{__name__}:Inherits"])
def test_earlier_names_give_the_same_algorithm(name: str) -> None:
    before, now = made(name, BEFORE), made(name, NOW)
    assert [before.ask(n) for n in range(4)] == [now.ask(n) for n in range(4)]
    for key in ("_warmup_trials", "_candidate_pool", "_random_fraction", "_tightened_fraction", "_cost_penalty"):
        assert getattr(before, key) == getattr(now, key)


@pytest.mark.parametrize("name", ["bayesian", "local_bayesian", "optuna_tpe"])
def test_every_search_with_a_warm_up_calls_it_so(name: str) -> None:
    assert "warmup_trials" in options_of(name)
    assert RunSettings(dataset="digits", algorithm=name, options={"opening": 3}).options == {"warmup_trials": 3}


def test_lists_show_the_current_names_only() -> None:
    assert NOW.keys() < options_of("pareto_halving").keys()
    assert not BEFORE.keys() & options_of("pareto_halving").keys()


def test_both_names_of_an_option_are_one_too_many() -> None:
    words = "thrift is the earlier name of the option cost_penalty of pareto_halving; give one of them only"
    both = {"thrift": 0.1, "cost_penalty": 0.1}
    for make in (
        lambda: made("pareto_halving", both),
        lambda: RunSettings(dataset="digits", options=both),
        lambda: Entrant("a", "pareto_halving", both),
    ):
        with pytest.raises(SettingsError, match=words):
            make()


def test_the_settings_of_an_earlier_journal_are_those_of_today() -> None:
    now = RunSettings(dataset="digits", options=NOW)
    written = {**now.to_json(), "options": BEFORE}
    read = RunSettings.from_json(written)
    assert read == now
    assert read.extended_by(now).options == NOW
    assert RunSettings(dataset="digits", algorithm="nowhere:Algorithm", options=BEFORE).options == BEFORE


def test_an_entrant_of_an_earlier_tournament_is_that_of_today() -> None:
    assert Entrant.from_json({"name": "a", "algorithm": "pareto_halving", "options": BEFORE}).options == NOW
    (entrant,) = entrants(["pareto_halving"], ["pareto_halving.thrift=0.4"])
    assert entrant.options == {"cost_penalty": 0.4}


@pytest.mark.parametrize("name", [*(info.name for info in algorithms()), *REFERENCES])
def test_rungs_from_outside_are_offered_where_they_are_declared(name: str) -> None:
    built_in = name in ("pareto_halving", "successive_halving")
    assert options_of(name)["eta"] == (3 if built_in else 0)
    if name in ("random", "aging_evolution"):
        assert isinstance(made(name, {"eta": 3}), Halved)
        assert multi_fidelity_of(made(name, {"eta": 3})) == "built in"
        assert multi_fidelity_of(made(name, {})) == "by wrapping"


def test_an_own_option_of_that_name_has_to_be_declared() -> None:
    with pytest.raises(SettingsError, match="OwnEta has an option eta of its own; have its class declare multi_fid"):
        made(f"{__name__}:OwnEta", {})
    name = f"{__name__}:OwnEtaDeclared"
    assert made(name, {"eta": 0.25}).eta == 0.25
    assert options_of(name).keys() & RUNGS.keys() == {"eta"}


def test_what_is_declared_is_one_of_three() -> None:
    with pytest.raises(SettingsError, match='multi_fidelity of Misdeclared is "built in", "by wrapping" or None, not'):
        made(f"{__name__}:Misdeclared", {})
