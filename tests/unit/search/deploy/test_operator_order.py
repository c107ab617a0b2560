"""Operators of a file in another order: a smaller arena, the same outputs."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import plan_arena, read_tflite
from resource_models.model_file.tflite_file import read_file
from search.deploy.integer.model_file import read_network
from search.deploy.project.operator_order import RUNTIME, in_best_order, operator_versions, reordered
from search.deploy.proof.tflm import run_on_tflm, tflm_version
from tests.support.integer_operators import NONE, SAME, RandomWriter, branchy


def two_branches() -> bytes:
    """Two branches whose wide tensors are all made first, as no order should have it."""
    w = RandomWriter(3)
    same = {"Padding": SAME, "StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    x, total = w.codes((1, 8, 8, 2)), w.codes((1, 8, 8, 2))
    wide = [w.codes((1, 8, 8, 24)) for _ in range(3)]
    narrow = [w.codes((1, 8, 8, 2)) for _ in range(3)]
    for y in wide:
        kernel = [x, w.kernel((24, 1, 1, 2), channels=24, axis=0), w.biases(24)]
        w.operator("CONV_2D", kernel, [y], "Conv2DOptions", **same)
    for y, z in zip(wide, narrow, strict=True):
        kernel = [y, w.kernel((2, 1, 1, 24), channels=2, axis=0), w.biases(2)]
        w.operator("CONV_2D", kernel, [z], "Conv2DOptions", **same)
    part = w.codes((1, 8, 8, 2))
    w.operator("ADD", narrow[:2], [part], "AddOptions", FusedActivationFunction=NONE)
    w.operator("ADD", [part, narrow[2]], [total], "AddOptions", FusedActivationFunction=NONE)
    return w.file([x], [total])


def test_the_arena_becomes_smaller_and_nothing_else_changes() -> None:
    model = two_branches()
    found = in_best_order(model)
    assert found.before_bytes == plan_arena(read_tflite(model), runtime=RUNTIME).arena_bytes
    assert found.arena_bytes == plan_arena(read_tflite(found.model), runtime=RUNTIME).arena_bytes
    assert found.before_bytes - found.arena_bytes == 8 * 8 * (2 * 24 - 6)
    assert len(found.model) == len(model)
    before, after = read_network(model), read_network(found.model)
    assert [layer.kind for layer in after.layers].count("CONV_2D") == 6
    assert after.layers != before.layers
    inputs = np.random.default_rng(1).integers(-128, 128, (50, before.source.size), np.int8)
    assert np.array_equal(before.outputs(inputs), after.outputs(inputs))
    assert in_best_order(found.model) == type(found)(found.model, found.arena_bytes, found.arena_bytes)


@pytest.mark.skipif(tflm_version() is None, reason="the real TFLM is not installed here")
def test_tflm_gives_the_same_outputs_and_takes_less() -> None:
    model = two_branches()
    better = in_best_order(model).model
    network = read_network(model)
    inputs = np.random.default_rng(1).integers(-128, 128, (20, network.source.size), np.int8)
    outputs = [run_on_tflm(read_network(data), data, inputs)[read_network(data).output] for data in (model, better)]
    assert np.array_equal(*outputs)


def test_a_file_in_its_best_order_stays_as_it_is() -> None:
    assert in_best_order(branchy()).model == branchy()


def test_every_order_that_can_be_executed_is_taken_and_no_other() -> None:
    model = branchy()
    operators = read_file(model)[0].operators
    for order in ((0, 1, 2, 3, 4, 5, 6), (0, 2, 1, 3, 4, 5, 6)):
        found = read_file(reordered(model, order))[0].operators
        assert [o.inputs for o in found] == [operators[number].inputs for number in order]
    assert reordered(reordered(model, (0, 2, 1, 3, 4, 5, 6)), (0, 2, 1, 3, 4, 5, 6)) == model
    for order in ((1, 0, 2, 3, 4, 5, 6), (0, 1, 3, 2, 4, 5, 6), (6, 5, 4, 3, 2, 1, 0)):
        with pytest.raises(ValueError, match="before it is written"):
            reordered(model, order)
    for order in ((0,), (0, 0, 1, 2, 3, 4, 5), tuple(range(1, 8))):
        with pytest.raises(ValueError, match="once"):
            reordered(model, order)


def test_versions_of_operators() -> None:
    versions = operator_versions(branchy())
    assert versions.keys() == {operator.name for operator in read_file(branchy())[0].operators}
    assert all(version >= 1 for version in versions.values())
