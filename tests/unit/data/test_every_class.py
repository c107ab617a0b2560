"""Each class in each part, or one sentence that names the class and its count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import DataError, DatasetSizeError, stratified_split
from data.every_class import check_every_class, split_every_class

counts = st.lists(st.integers(1, 60), min_size=2, max_size=8)


def labels_of(*numbers):
    return np.repeat(np.arange(len(numbers)), numbers)


def parts_of(train, validation, test):
    return {"train": labels_of(*train), "validation": labels_of(*validation), "test": labels_of(*test)}


def test_a_class_in_each_part_passes():
    check_every_class(parts_of((3, 1), (1, 1), (1, 2)), ("a", "b"), "x.zip")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            parts_of((3, 1), (1,), (1,)),
            "^class 'b' of x has 1 example; 3 are needed, to train, validate and test; add some, or leave it out$",
        ),
        (parts_of((3, 1), (1, 1), (1,)), "^class 'b' of x has 2 examples; 3 are needed"),
        (parts_of((3, 9), (1,), (1, 2)), "^class 'b' of x has 11 examples, but none to validate; move some there"),
        (parts_of((3, 9), (1,), (1,)), "^class 'b' of x has 9 examples, but none to validate and test;"),
        (parts_of((0, 9), (0, 3), (0, 3)), "^class 'a' of x has 0 examples; 3 are needed"),
        (parts_of((1, 2, 9), (0, 0, 2), (0, 0, 2)), r"^class 'a' of x has 1 example; .* \(1 more lack some too\);"),
    ],
)
def test_a_class_that_lacks_a_part_is_named_with_its_count(parts, message):
    names = ("a", "b", "c")[: max(int(y.max()) + 1 for y in parts.values())]
    with pytest.raises(DataError, match=message):
        check_every_class(parts, names, "x")


@given(counts=counts, seed=st.integers(0, 100), data=st.data())
def test_each_class_that_has_enough_is_in_each_subset(counts, seed, data):
    y = labels_of(*counts)
    classes, enough = len(counts), [c for c, number in enumerate(counts) if number >= 3]
    size = st.integers(classes, max(classes, len(y) // 3))
    sizes = (data.draw(size), data.draw(size))
    left = len(y) - sum(sizes)
    few = sum(number for number in counts if number < 3)
    if left < classes or max(sizes) > len(y) - 2 * classes - few:
        return
    subsets = split_every_class(y, (*sizes, left), seed=seed)
    joined = np.concatenate(subsets)
    assert [len(subset) for subset in subsets] == [*sizes, left]
    assert sorted(joined.tolist()) == list(range(len(y)))
    assert all(set(enough) <= set(y[subset].tolist()) for subset in subsets)


@given(counts=counts, seed=st.integers(0, 100), share=st.floats(0.1, 0.3))
def test_where_shares_suffice_the_subsets_are_the_plain_ones(counts, seed, share):
    y = labels_of(*(number + 20 for number in counts))
    size = round(share * len(y))
    sizes = (size, size, len(y) - 2 * size)
    for mine, plain in zip(split_every_class(y, sizes, seed=seed), stratified_split(y, sizes, seed=seed), strict=True):
        assert np.array_equal(mine, plain)


def test_a_later_size_does_not_change_an_earlier_subset():
    y = labels_of(100, 3, 4)
    small, large = (split_every_class(y, (10, 10, size), seed=1) for size in (20, 87))
    assert np.array_equal(small[0], large[0])
    assert np.array_equal(small[1], large[1])
    assert all(len(np.unique(y[subset])) == 3 for subset in (*small, *large))


def test_more_than_there_are_is_refused():
    with pytest.raises(DatasetSizeError, match="only 5"):
        split_every_class(np.zeros(5), (4, 2))
