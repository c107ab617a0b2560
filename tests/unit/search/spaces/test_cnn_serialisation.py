"""CNN architectures as JSON: exact both ways, and strict about what it reads."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spaces import SpaceError
from search.spaces.cnn import CnnSpace

SPACE = CnnSpace((28, 28, 1), 10)
DOCUMENT = {
    "blocks": [
        {
            "branch": False,
            "layers": [
                {
                    "type": "Conv2D",
                    "kernel": 3,
                    "stride": 1,
                    "filters": 8,
                    "batch_norm": True,
                    "relu": True,
                    "pre_pool": False,
                },
            ],
        },
    ],
    "pooling": {"type": "average", "size": 2},
    "dense": [32],
}


@given(st.integers(0, 100_000))
def test_a_round_trip_through_text_is_exact(seed):
    architecture = SPACE.sample(np.random.default_rng(seed))
    document = SPACE.to_json(architecture)
    copied = SPACE.from_json(json.loads(json.dumps(document)))
    assert copied == architecture
    assert hash(copied) == hash(architecture)
    assert SPACE.to_json(copied) == document


def test_the_form_of_the_document_is_stable():
    assert SPACE.to_json(SPACE.from_json(DOCUMENT)) == DOCUMENT


def changed(path, value):
    document = copy.deepcopy(DOCUMENT)
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return document


LAYER = ("blocks", 0, "layers", 0)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "the architecture has no"),
        (changed(("blocks",), []), "outside its bounds"),
        (changed(("blocks",), {}), "'blocks' of the architecture cannot be {}"),
        (changed(("blocks", 0), 3), "block 0 has no 'layers'"),
        (changed(("blocks", 0, "branch"), True), "outside its bounds"),
        (changed(("blocks", 0, "branch"), 0), "'branch' of block 0 cannot be 0"),
        (changed((*LAYER, "type"), "Conv3D"), "the type of layer 0 of block 0 cannot be 'Conv3D'"),
        (changed((*LAYER, "kernel"), 4), "outside its bounds"),
        (changed((*LAYER, "kernel"), "3"), "'kernel' of layer 0 of block 0 cannot be '3'"),
        (changed((*LAYER, "filters"), 129), "outside its bounds"),
        (changed((*LAYER, "filters"), True), "cannot be True"),
        (changed((*LAYER, "stride"), 3), "outside its bounds"),
        (changed(("pooling", "size"), 3), "outside its bounds"),
        (changed(("pooling", "type"), "sum"), "the type of the final pooling cannot be 'sum'"),
        (changed(("dense",), []), "outside its bounds"),
        (changed(("dense", 0), 9), "outside its bounds"),
        (changed(("dense", 0), 10.0), "a dense layer's units cannot be 10.0"),
    ],
)
def test_other_documents_are_refused_with_the_place(document, message):
    with pytest.raises(SpaceError, match=message):
        SPACE.from_json(document)
