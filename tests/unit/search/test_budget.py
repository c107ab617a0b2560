"""Budgets: what is read, what is refused, what fits."""

import json
from dataclasses import replace

import pytest

from resource_models import Costs
from search.budget import Budget
from search.errors import BudgetError

COSTS = Costs(ram_bytes=8000, model_bytes=30_000, macs=500_000, latency_s=0.01)


def test_reads_what_people_write() -> None:
    budget = Budget.parse(ram="24 KiB", flash="2500B", latency="20 ms", macs="1M", error="5 %")
    assert budget == Budget(ram_bytes=24 * 1024, model_bytes=2500, latency_s=0.02, macs=1_000_000, error=0.05)


@pytest.mark.parametrize(("text", "joules"), [("2 mJ", 0.002), ("150 µJ", 150e-6), ("0,5 mJ", 0.0005), (0.002, 0.002)])
def test_reads_an_energy(text: object, joules: float) -> None:
    assert Budget.parse(energy=text) == Budget(energy_j=joules)


@pytest.mark.parametrize(("text", "share"), [("3,5%", 0.035), ("3.5 %", 0.035), ("0,05", 0.05), (0.05, 0.05)])
def test_reads_an_error(text: object, share: float) -> None:
    assert Budget.parse(error=text).error == share


def test_what_it_shows_it_reads() -> None:
    budget = Budget(ram_bytes=24576, model_bytes=2500, latency_s=0.02, macs=1_500_000, energy_j=0.002)
    shown = {r.argument: r.show(bound) for r, bound in budget.limits.items()}
    assert Budget.parse(**shown) == replace(budget, model_bytes=2498)


@pytest.mark.parametrize("text", [None, "none", "None", " "])
def test_none_is_no_bound(text: str | None) -> None:
    assert Budget.parse(ram=text, error=text) == Budget()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ram": "12 parsecs"}, "--ram: '12 parsecs' is not a number of bytes"),
        ({"flash": "-3 KiB"}, "--flash"),
        ({"ram": "0"}, "above zero"),
        ({"latency": "5 KiB"}, "--latency"),
        ({"macs": "many"}, "--macs"),
        ({"error": "5"}, "between 0 and 1"),
        ({"error": "small"}, "--error"),
        ({"energy": "nan"}, "--energy: 'nan' is not an energy; write e.g. '2 mJ'"),
        ({"energy": "2 ms"}, "--energy"),
        ({"error": "nan"}, "--error: 'nan' is not a share"),
        ({"error": "inf"}, "--error"),
        ({"latency": "1,250 ms"}, "--latency: '1,250 ms' may be 1250 ms or 1.250 ms; write one of these"),
        ({"ram": "9" * 5000}, "--ram"),
        ({"macs": "64 B"}, "--macs"),
        ({"bounds": "tight"}, "neither 'hard' nor 'soft'"),
    ],
)
def test_refuses_in_one_sentence(options: dict[str, str], words: str) -> None:
    with pytest.raises(BudgetError) as caught:
        Budget.parse(**options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bound_is_inclusive() -> None:
    budget = Budget(ram_bytes=8000, model_bytes=30_000, macs=500_000, latency_s=0.01)
    assert budget.allows(COSTS)
    assert not replace(budget, ram_bytes=7999).allows(COSTS)


def test_violations_name_the_resource_and_both_numbers() -> None:
    (violation,) = Budget(ram_bytes=4096, model_bytes=40_000).violations(COSTS)
    assert violation.resource.word == "RAM"
    assert str(violation) == "RAM 7.81 KiB is over the budget of 4 KiB"


def test_an_unknown_latency_does_not_fit_a_latency_budget() -> None:
    assert not Budget(latency_s=1.0).allows(replace(COSTS, latency_s=None))


@pytest.mark.parametrize("budget", [Budget(latency_s=1.0), Budget(energy_j=0.002)])
def test_an_unknown_cost_is_told_in_words(budget: Budget) -> None:
    (violation,) = budget.violations(replace(COSTS, latency_s=None))
    assert "is not known, so it is not within the budget of" in str(violation)


def test_error_removes_nothing() -> None:
    assert Budget(error=0.01).allows(COSTS)


def test_json_round_trip() -> None:
    budget = Budget.parse(ram="1 KiB", latency="3ms", bounds="soft")
    assert Budget.from_json(json.loads(json.dumps(budget.to_json()))) == budget


def test_changing_a_budget_leaves_what_is_not_given() -> None:
    budget = Budget.parse(ram="8 KiB", macs="1M", error=0.1)
    assert budget.changed() == budget
    assert budget.changed(ram="9 KiB", macs="none", bounds="soft") == Budget(ram_bytes=9216, error=0.1, bounds="soft")
    assert budget.changed(flash="1 KiB", error="none").error is None
    assert budget.changed(energy="0.5", latency="20 ms") == replace(budget, energy_j=0.5, latency_s=0.02)
    with pytest.raises(BudgetError, match="--ram"):
        budget.changed(ram="much")
