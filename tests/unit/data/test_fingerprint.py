"""What tells one data set from another of the same name."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from data import Dataset, Split, load
from data.fingerprint import fingerprint


def small(**changed) -> Dataset:
    x = np.arange(6 * 4, dtype=np.float32).reshape(6, 2, 2, 1) / 24
    split = Split(x, np.array([0, 1, 0, 1, 0, 1]))
    whole = Dataset("small", (2, 2, 1), 2, ("a", "b"), split, split, split, "", "")
    return replace(whole, **changed)


def test_equal_for_equal_data_on_every_machine():
    assert fingerprint(small()) == fingerprint(small())
    assert fingerprint(small()).digest == "77f9e650d5cf9f0ab7be8ba14d2f6d46"
    assert fingerprint(small()).examples == (6, 6, 6)
    assert fingerprint(load("digits")) == fingerprint(load("digits"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"class_names": ("a", "c")}, "its classes were 'a', 'b' and are 'a', 'c'"),
        ({"test": Split(small().test.x[:4], small().test.y[:4])}, r"had 6 \+ 6 \+ 6 examples and have 6 \+ 6 \+ 4"),
        ({"train": Split(small().train.x[::-1], small().train.y)}, "values, labels or their order are not"),
        ({"validation": Split(small().train.x, small().train.y[::-1])}, "values, labels or their order are not"),
    ],
)
def test_what_differs_is_said(changed, words):
    said = fingerprint(small()).difference(fingerprint(small(**changed)))
    assert said is not None
    assert re.search(words, said)


def test_other_types_differ():
    split = Split((small().train.x * 255).astype(np.uint8), small().train.y)
    other = fingerprint(small(train=split, validation=split, test=split))
    assert fingerprint(small()).difference(other) == "its values were float32 and are uint8"
    assert fingerprint(small()).difference(fingerprint(small())) is None
