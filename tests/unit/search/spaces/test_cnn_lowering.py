"""The operators of CNN architectures, against shapes worked out by hand."""

from __future__ import annotations

import copy

import pytest

from resource_models import Add, AveragePool2D, Conv2D, DepthwiseConv2D, MaxPool2D, Pad
from search.spaces.cnn import (
    CnnArchitecture,
    CnnSpace,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)
from search.spaces.cnn.lowering import _rounded_ratio


def conv(filters=4, kernel=3, stride=1, *, norm=False, relu=True, pool=False):
    return ConvLayer(LayerType.CONV, kernel, filters, stride, norm, relu, pool)


def pointwise(filters=4, *, pool=False):
    return ConvLayer(LayerType.POINTWISE, 1, filters, 1, False, True, pool)


def depthwise(kernel=3, stride=1, *, norm=False, pool=False):
    return ConvLayer(LayerType.DEPTHWISE, kernel, 0, stride, norm, True, pool)


def lower(*blocks, shape=(12, 12, 1), pooling=None, dense=(10,), classes=10):
    made = tuple(ConvBlock(tuple(layers), branch) for branch, *layers in blocks)
    return CnnSpace(shape, classes).lower(CnnArchitecture(made, pooling, dense)).verify()


def operators(graph, kind):
    return [operator for operator in graph.operators if isinstance(operator.spec, kind)]


def output_shape(graph, operator):
    return graph.tensors[operator.outputs[0]].shape[1:]


def test_one_layer_pooling_and_head():
    graph = lower([False, conv(4, kernel=5, stride=2)], pooling=FinalPooling(PoolingType.AVERAGE, 2), dense=(20, 30))
    assert [output_shape(graph, operator) for operator in graph.operators] == [
        (4, 4, 4),  # (12 - 5) // 2 + 1
        (2, 2, 4),
        (16,),
        (20,),
        (30,),
        (10,),
    ]
    assert [getattr(operator.spec, "activation", None) for operator in graph.operators] == [
        "relu", "none", None, "relu", "relu", "none",
    ]  # fmt: skip


def test_two_classes_share_one_logit():
    graph = lower([False, conv()], classes=2)
    assert graph.tensors[graph.outputs[0]].shape == (1, 1)


def test_flags_become_batch_norm_and_activation():
    graph = lower([False, conv(norm=True, relu=False), depthwise(norm=True)])
    first, second = graph.operators[0].spec, graph.operators[1].spec
    assert (first.batch_norm, first.activation) == (True, "none")
    assert (second.batch_norm, second.activation) == (True, "relu")


def test_kernels_and_pools_are_clipped_to_maps_that_are_not_square():
    graph = lower(
        [False, conv(2, kernel=7, pool=True), conv(3, kernel=3, pool=True)],
        shape=(3, 20, 1),
        pooling=FinalPooling(PoolingType.MAX, 6),
    )
    pools, convs = operators(graph, MaxPool2D), operators(graph, Conv2D)
    assert [pool.spec.size for pool in pools] == [(2, 2), (1, 2)]  # 3×20 to 1×10; 1×4 to 1×2
    assert [layer.spec.kernel for layer in convs] == [(1, 7), (1, 2)]
    assert [output_shape(graph, layer) for layer in convs] == [(1, 4, 2), (1, 1, 3)]
    assert len(graph.operators) == 4 + 3  # a pool of one element is left out


def test_final_pooling_is_clipped_to_the_map():
    graph = lower([False, conv()], shape=(5, 8, 1), pooling=FinalPooling(PoolingType.AVERAGE, 6))
    (pool,) = operators(graph, AveragePool2D)
    assert pool.spec.size == (3, 6)
    assert output_shape(graph, pool) == (1, 1, 4)


def test_a_branch_starts_where_the_serial_block_before_it_started():
    graph = lower([False, conv(2)], [False, conv(3)], [True, conv(9)], [True, pointwise(9)])
    first, second, branch, other = operators(graph, Conv2D)
    assert second.inputs == branch.inputs == other.inputs == first.outputs


def test_a_branch_ends_with_the_channels_of_the_path_beside_it():
    graph = lower([False, conv(6)], [True, conv(9), conv(99)], [True, pointwise(1)])
    assert [output_shape(graph, layer)[-1] for layer in operators(graph, Conv2D)] == [6, 9, 6, 6]


def test_a_branch_that_ends_depthwise_gets_a_linear_pointwise_convolution():
    graph = lower([False, conv(6)], [True, depthwise(norm=True)])
    _, joint = operators(graph, Conv2D)
    assert (joint.spec.kernel, joint.spec.activation, joint.spec.batch_norm) == ((1, 1), "none", True)
    assert output_shape(graph, joint) == (10, 10, 6)
    assert operators(graph, DepthwiseConv2D)[0].outputs == joint.inputs


def test_open_paths_are_summed_before_the_next_serial_block_and_at_the_end():
    graph = lower([False, conv(4)], [True, conv(4)], [False, conv(5)], [True, conv(5)], [True, conv(5)])
    first, second = operators(graph, Add)
    assert (len(first.inputs), len(second.inputs)) == (2, 3)
    convs = operators(graph, Conv2D)
    assert convs[2].inputs == convs[3].inputs == convs[4].inputs == first.outputs


def test_larger_maps_are_pooled_by_the_rounded_ratio_then_padded_to_the_largest():
    graph = lower([False, conv(4, kernel=3, stride=2)], [True, pointwise(4)], shape=(12, 11, 1))
    # 5×5 beside 12×11: 12/5 and 11/5 round to 2, so 6×5, to which 5×5 is padded at the bottom.
    (pool,), (pad,), (add,) = operators(graph, MaxPool2D), operators(graph, Pad), operators(graph, Add)
    assert pool.spec.size == pool.spec.strides == (2, 2)
    assert pad.spec.paddings == ((0, 1), (0, 0))
    assert output_shape(graph, add) == (6, 5, 4)


def test_a_map_may_become_smaller_than_the_smallest_and_is_then_padded():
    # 11 beside 4 is pooled by 3, to 3, and padded to 4 again.
    graph = lower([False, conv(2, kernel=5, stride=2, pool=False)], [True, pointwise(2)], shape=(11, 11, 1))
    (pool,), (pad,), (add,) = operators(graph, MaxPool2D), operators(graph, Pad), operators(graph, Add)
    assert pool.spec.size == (3, 3)
    assert pad.spec.paddings == ((0, 1), (0, 1))
    assert output_shape(graph, add) == (4, 4, 2)


@pytest.mark.parametrize(
    ("size", "smallest", "ratio"), [(5, 5, 1), (7, 5, 1), (8, 5, 2), (5, 2, 2), (7, 2, 3), (8, 3, 3), (9, 1, 9)]
)
def test_ratios_are_rounded_with_halves_down(size, smallest, ratio):
    assert _rounded_ratio(size, smallest) == ratio


def test_lowering_leaves_the_architecture_alone():
    blocks = (ConvBlock((conv(6),), False), ConvBlock((conv(99),), True), ConvBlock((depthwise(),), True))
    architecture = CnnArchitecture(blocks, None, (10,))
    before = copy.deepcopy(architecture)
    CnnSpace((12, 12, 1), 10).lower(architecture)
    assert architecture == before


@pytest.mark.parametrize("shape", [(1, 3, 1), (1, 9, 2), (3, 2, 3)])
def test_the_smallest_inputs_can_take_every_layer(shape):
    graph = lower(
        [False, conv(4, kernel=7, stride=2, pool=True), depthwise(7, 2, pool=True), pointwise(3, pool=True)],
        [True, conv(1, kernel=3)],
        shape=shape,
        pooling=FinalPooling(PoolingType.MAX, 6),
    )
    assert graph.tensors[graph.outputs[0]].shape == (1, 10)
