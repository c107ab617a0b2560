"""Columns that grow give what columns made at once give, whatever has changed in between."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.trial import Observation
from tests.support.observations import observation
from unas_widgets.quantities.columns import Columns


def same(one: Columns, other: Columns) -> bool:
    arrays = ((one.values[key], other.values[key]) for key in other.values)
    return (
        one.trained == other.trained
        and one.trials.tolist() == other.trials.tolist()
        and all(np.array_equal(a, b, equal_nan=True) for a, b in arrays)
    )


def changed(before: Observation, status: str) -> Observation:
    return replace(before, status=status, val_error=None if status == "failed" else 0.5)


def test_columns_are_passed_on_as_they_are() -> None:
    columns = Columns([observation(1)])
    assert Columns.of(columns) is columns
    assert same(Columns.of(columns.trained), columns)


@given(st.data())
def test_columns_that_grew_are_those_that_are_made_at_once(data: st.DataObject) -> None:
    every: list[Observation] = []
    columns = Columns(every)
    for session in range(data.draw(st.integers(1, 4))):
        for place in data.draw(st.sets(st.integers(0, len(every) - 1))) if every else ():
            every[place] = changed(every[place], data.draw(st.sampled_from(("failed", "trained"))))
        del every[data.draw(st.integers(0, len(every))) :]
        new = range(data.draw(st.integers(0, 5)))
        every += [observation(10 * session + n, error=0.1 + 0.1 * n, ram=1000 + n, latency=None) for n in new]
        columns = Columns(every, before=columns)
        assert same(columns, Columns(every))
