"""Which bounds bind, and what each is worth: told from few networks as from all of them."""

from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from search.measures.shadow_prices import shadow_prices
from tests.support.observations import observation, observations
from tests.support.recorded_run import recorded_run
from unas_widgets import ShadowPrices
from unas_widgets.budgets.shadow_prices_html import prices_html
from unas_widgets.budgets.shadow_prices_view import NOTHING, price_view, prices_of
from unas_widgets.quantities.columns import Columns

BOUNDS = st.none() | st.integers(1, 7)


@st.composite
def budgets(draw):
    ram, flash, macs, latency = (draw(BOUNDS) for _ in range(4))
    return Budget(
        ram_bytes=ram and ram * 1024,
        model_bytes=flash and flash * 1024,
        macs=macs,
        latency_s=latency and latency / 1000,
    )


@given(observations(max_size=40), budgets(), st.none() | st.just(360))
def test_the_few_networks_that_are_looked_at_tell_what_all_of_them_would(trials, budget, size):
    assert prices_of(Columns(trials), budget, validation_size=size) == shadow_prices(
        trials, budget, validation_size=size
    )


@given(observations(max_size=20), budgets())
def test_columns_know_what_a_budget_allows_and_which_is_best(trials, budget):
    columns = Columns((*trials, observation(99, None)))
    assert columns.trials.tolist() == [o.trial_id for o in trials]
    assert columns.allowed(budget).tolist() == [budget.allows(o.costs) for o in trials]
    inside = [(o.val_error, o.trial_id) for o in trials if budget.allows(o.costs)]
    best = columns.best(budget)
    assert (best and best.trial_id) == (min(inside)[1] if inside else None)


def test_what_binds_is_named_and_marked():
    trials = (observation(1, 0.3, ram=1024), observation(2, 0.1, ram=2048), observation(3, 0.05, ram=3072))
    prices = prices_of(Columns(trials), Budget(ram_bytes=2048, model_bytes=8192), validation_size=360)
    view = price_view(prices, trained=3)
    assert view.headline == "RAM binds."
    assert [(row.word, row.binding) for row in view.rows] == [("RAM", True), ("flash", False)]
    assert "+1 KiB RAM bought 5 points" in view.rows[0].sentence
    html = prices_html(view)
    assert '<li data-price="RAM" data-binding="true">RAM 2 KiB binds:' in html
    assert '<li data-price="flash" data-binding="false">' in html


def test_two_binding_bounds_none_and_nothing_to_tell_from():
    trials = (observation(1, 0.4, ram=1024, flash=1024), observation(2, 0.1, ram=2048, flash=2048))
    assert price_view(prices_of(Columns(trials), Budget(ram_bytes=2048, model_bytes=2048)), trained=2).headline == (
        "RAM and flash bind."
    )
    roomy = prices_of(Columns(trials), Budget(ram_bytes=10**6))
    assert price_view(roomy, trained=2).headline == "No bound binds."
    assert price_view(prices_of(Columns(()), Budget(ram_bytes=4096)), trained=0).headline == NOTHING
    assert price_view((), trained=2).headline == "Nothing is bounded, so nothing binds."


def test_the_panel_follows_a_run_and_answers_a_moved_budget(tmp_path):
    run = recorded_run(tmp_path / "run")
    panel = ShadowPrices(run)
    assert panel.prices() == run.shadow_prices()
    rams = sorted(o.costs.ram_bytes for o in run.networks())
    panel.budget = Budget(ram_bytes=rams[3])
    assert panel.prices() == shadow_prices(run.networks(), panel.budget, validation_size=run.validation_size)
    assert panel.prices()[0].sentence.startswith("RAM ")
    assert panel.static_html().count("<li") == 1
