"""The table of quantities: what is made from it holds together."""

from __future__ import annotations

import copy
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import Costs, Estimate, GraphBuilder, Missing, board, costs, profile
from search.budget import RESOURCES, Budget, Resource
from search.measures.frames import of_networks
from search.measures.objectives import FEATURES
from search.quantities import COLUMNS, QUANTITIES, Quantity, quantity
from tests.support.trained import observation
from unas_widgets.quantities.axis import AXES
from unas_widgets.quantities.columns import Columns

NUCLEO = board("nucleo-f446re")


def small_graph():
    builder = GraphBuilder("small")
    return builder.build(builder.dense(builder.flatten(builder.input((8, 8, 1))), 4))


@pytest.mark.parametrize("attribute", ["key", "word", "column", "title"])
def test_no_two_quantities_are_alike(attribute: str) -> None:
    assert len({getattr(q, attribute) for q in QUANTITIES}) == len(QUANTITIES)


@pytest.mark.parametrize("resource", RESOURCES, ids=repr)
def test_every_resource_is_a_cost_a_bound_an_option_and_a_part_of_the_report(resource: Resource) -> None:
    needs = costs(small_graph(), board=NUCLEO)
    known = resource.known(profile(small_graph(), board=NUCLEO))
    value = known.value if isinstance(known, Estimate) else known
    assert not isinstance(value, Missing)
    assert value == pytest.approx(getattr(needs, resource.key))
    assert resource.key in {field.name for field in fields(Budget)}
    assert Budget.parse(**{resource.argument: value}).limits == {resource: value}
    assert Budget(**{resource.key: value}).allows(needs)
    (violation,) = Budget(**{resource.key: value / 2}).violations(needs)
    assert str(violation).startswith(f"{resource.word} {resource.show(value)} is over the budget of")


@given(st.sampled_from(RESOURCES), st.floats(1e-8, 1e9))
def test_what_is_shown_is_read_again_within_its_figures(resource: Resource, value: float) -> None:
    value = max(round(value), 1) if resource.amount.whole else value
    assert resource.read(resource.show(value)) == pytest.approx(value, rel=0.009)
    assert resource.read(resource.amount.exact(value).replace(" multiply-accumulates", "")) == pytest.approx(
        value, rel=1e-5
    )


@pytest.mark.parametrize("resource", RESOURCES, ids=repr)
def test_a_number_alone_is_in_base_units_or_in_the_unit_beside_it(resource: Resource) -> None:
    assert resource.read("12") == 12
    assert resource.read("12", bare=resource.unit) == pytest.approx(12 * resource.amount.scale)
    assert resource.read(12, bare=resource.unit) == 12


def test_tables_features_axes_and_columns_hold_every_quantity() -> None:
    keys = [q.key for q in COLUMNS]
    assert keys[:6] == ["val_error", "ram_bytes", "model_bytes", "macs", "latency_s", "energy_j"]  # scripts read these
    trained = observation(1, 0.1)
    assert list(trained.metrics()) == ["trial", *keys, "epochs"]
    assert [q.key for q in FEATURES] == keys
    assert {a.key for a in AXES} == set(keys) == set(Columns([trained]).values)


def test_a_data_frame_has_a_column_for_each() -> None:
    frame = of_networks([observation(1, 0.1)], promotions=lambda _trial: 0)
    assert list(frame.columns)[: 2 + len(COLUMNS)] == ["trial", *(q.key for q in COLUMNS), "epochs"]


def test_bounded_resources_are_those_with_a_bound_ram_first() -> None:
    assert [r.key for r in Budget(energy_j=1.0, ram_bytes=1).bounded] == ["ram_bytes", "energy_j"]
    assert Budget(error=0.1).bounded == ()


def test_a_budget_names_what_it_does_not_have() -> None:
    with pytest.raises(TypeError, match=r"has no 'rom'; it has ram, flash, latency, macs, energy.*, error and bounds"):
        Budget.parse(rom="1 KiB")


def test_what_is_better_when_higher_is_neither_axis_nor_bound() -> None:
    with pytest.raises(ValueError, match="better when it is higher"):
        replace(quantity("val_error"), better="higher")
    assert replace(quantity("val_error"), better="higher", axis=False).better == "higher"


def test_a_quantity_stays_the_one_of_the_table() -> None:
    for resource in QUANTITIES:
        assert copy.deepcopy(resource) is resource
    assert Quantity is Resource


def test_an_unknown_energy_is_over_a_bound_on_it() -> None:
    needs = Costs(1, 1, 1, 0.1)
    assert not Budget(energy_j=1.0).allows(needs)
