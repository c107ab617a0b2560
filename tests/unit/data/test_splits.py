"""Seeded stratified splits: disjoint, proportional, reproducible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import DatasetSizeError, stratified_split

labels = st.lists(st.integers(0, 4), min_size=3, max_size=200).map(np.array)


@given(y=labels, seed=st.integers(0, 100), data=st.data())
def test_subsets_are_disjoint_and_as_large_as_asked(y, seed, data):
    first = data.draw(st.integers(1, len(y) - 2))
    second = data.draw(st.integers(1, len(y) - first - 1))
    subsets = stratified_split(y, (first, second, 1), seed=seed)
    joined = np.concatenate(subsets)
    assert [len(subset) for subset in subsets] == [first, second, 1]
    assert len(set(joined.tolist())) == len(joined)
    assert joined.min() >= 0
    assert joined.max() < len(y)


@given(y=labels, seed=st.integers(0, 100))
def test_each_class_keeps_its_share_to_within_one_example(y, seed):
    size = len(y) // 2
    (subset,) = stratified_split(y, (size,), seed=seed)
    for label in np.unique(y):
        share = size * np.mean(y == label)
        assert abs(np.sum(y[subset] == label) - share) < 1


def test_the_same_seed_gives_the_same_subsets_and_another_seed_others():
    y = np.arange(100) % 3
    again = [stratified_split(y, (20, 30), seed=seed) for seed in (1, 1, 2)]
    assert all(np.array_equal(a, b) for a, b in zip(again[0], again[1], strict=True))
    assert not np.array_equal(again[0][0], again[2][0])


def test_a_later_size_does_not_change_earlier_subsets():
    y = np.arange(100) % 4
    small = stratified_split(y, (20, 20, 10), seed=0)
    large = stratified_split(y, (20, 20, 60), seed=0)
    assert np.array_equal(small[0], large[0])
    assert np.array_equal(small[1], large[1])


def test_shares_count_all_examples():
    assert [len(subset) for subset in stratified_split(np.zeros(50), (0.2, 0.5))] == [10, 25]


@pytest.mark.parametrize("sizes", [(0,), (-3,), (0.0,), (1.5,)])
def test_a_size_that_is_no_size_is_refused(sizes):
    with pytest.raises(DatasetSizeError, match="positive number of examples"):
        stratified_split(np.zeros(5), sizes)


def test_more_than_there_are_is_refused_with_the_numbers():
    with pytest.raises(DatasetSizeError, match=r"subsets of 4 \+ 2 examples .* only 5"):
        stratified_split(np.zeros(5), (4, 2))
