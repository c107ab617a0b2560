"""What changed between two architectures, in words."""

import json

import numpy as np
import pytest

from search.spaces import space
from search.spaces.difference import difference_words, differences

LAYER = {"type": "Conv2D", "kernel": 3, "stride": 1, "filters": 12, "batch_norm": True, "relu": True, "pre_pool": False}
DEPTHWISE = {"type": "DWConv2D", "kernel": 5, "stride": 2, "batch_norm": True, "relu": True, "pre_pool": False}


def document(*blocks, pooling=None, dense=(30,)):
    return {
        "blocks": [{"branch": branch, "layers": list(layers)} for branch, layers in blocks],
        "pooling": pooling,
        "dense": list(dense),
    }


ONE = document((False, [LAYER]))


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (ONE, "the same architecture"),
        (document((False, [LAYER | {"filters": 9}])), "block 1, layer 1: filters 12 → 9"),
        (document((False, [LAYER | {"relu": False}])), "block 1, layer 1: without ReLU"),
        (document((False, [LAYER | {"pre_pool": True}])), "block 1, layer 1: with 2×2 max pool before it"),
        (document((False, [DEPTHWISE])), "block 1, layer 1: conv 3×3, 12 filters → depthwise 5×5, stride 2"),
        (document((False, [LAYER, DEPTHWISE])), "block 1, layer 2 added: depthwise 5×5, stride 2"),
        (document((False, [LAYER]), (True, [DEPTHWISE])), "block 2 added: depthwise 5×5, stride 2"),
        (document((False, [LAYER]), dense=(30, 64)), "dense layer 2 added: 64 units"),
        (document((False, [LAYER]), dense=(35,)), "dense layer 1: 30 → 35 units"),
        (document((False, [LAYER]), pooling={"type": "max", "size": 2}), "final pooling added: max 2×2"),
    ],
)
def test_one_change_in_words(after, words):
    assert difference_words(differences(ONE, after)) == words


def test_a_block_that_goes_is_told_as_one_that_went_and_not_as_others_that_changed():
    three = document((False, [LAYER]), (True, [DEPTHWISE, LAYER]), (False, [LAYER | {"kernel": 7}]))
    two = document((False, [DEPTHWISE, LAYER]), (False, [LAYER | {"kernel": 7}]))
    assert difference_words(differences(three, two)) == (
        "block 1 removed: conv 3×3, 12 filters; block 2: after the block before it"
    )


def test_many_changes_are_counted():
    many = document((False, [LAYER | {"filters": 9, "relu": False, "batch_norm": False, "stride": 2}]))
    assert difference_words(differences(ONE, many), most=3).endswith("; 1 more change")
    assert difference_words(differences(ONE, many), most=2).endswith("; 2 more changes")


@pytest.mark.parametrize("name", ["cnn", "cnn-extended", "mlp"])
def test_every_neighbour_of_every_space_differs_in_words_that_name_no_python(name):
    where = space(name, (12, 12, 1), 10)
    rng = np.random.default_rng(3)
    for _ in range(4):
        here = where.sample(rng)
        for neighbour in where.neighbours(here, rng):
            found = differences(where.to_json(here), where.to_json(neighbour))
            assert found
            words = difference_words(found)
            assert not set("{}[]'_") & set(words), words
            assert "None" not in words
            assert "True" not in words


def test_a_document_of_an_unknown_space_is_told_by_its_own_names():
    before, after = {"cells": [{"op": "gru", "width": 4}]}, {"cells": [{"op": "gru", "width": 8}]}
    assert difference_words(differences(before, after)) == "cells 1: width 4 → 8"
    assert json.dumps(before) == '{"cells": [{"op": "gru", "width": 4}]}'
