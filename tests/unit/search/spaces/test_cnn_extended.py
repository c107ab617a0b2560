"""The extended CNN space: what it draws and holds, and how its blocks lower."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from resource_models import (
    Add,
    AveragePool2D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    costs,
)
from search.pruning.channels import channel_groups, kept_evenly, with_channels
from search.spaces import SpaceError
from search.spaces.cnn import CnnSpace, ConvBlock, ConvLayer, FinalPooling, LayerType, PoolingType
from search.spaces.cnn_extended import (
    BlockKind,
    CnnExtendedSpace,
    ExtendedArchitecture,
    GlobalPooling,
    MobileBlock,
    from_cnn,
)

SPACE = CnnExtendedSpace((28, 28, 1), 10)
CONV = MobileBlock(BlockKind.CONV, 3, 16, 2, 1, False)
SEPARABLE = MobileBlock(BlockKind.SEPARABLE, 5, 24, 1, 1, False)
INVERTED = MobileBlock(BlockKind.INVERTED_RESIDUAL, 3, 16, 1, 4, True)
BRANCH = ConvBlock((ConvLayer(LayerType.CONV, 3, 8, 1, False, True, False),), True)
MEAN = GlobalPooling()


def network(*blocks, input_pooling=1, pooling=MEAN, dense=()):
    return ExtendedArchitecture(input_pooling, tuple(blocks), pooling, dense)


def kinds(graph):
    return [type(operator.spec) for operator in graph.operators]


def maps(graph):
    return [graph.tensors[operator.outputs[0]].shape[1:] for operator in graph.operators]


@pytest.fixture(scope="module")
def drawn():
    return [SPACE.sample(np.random.default_rng((0, i))) for i in range(3000)]


def test_every_variable_reaches_both_ends(drawn):
    mobile = [b for a in drawn for b in a.blocks if isinstance(b, MobileBlock)]
    assert {len(a.blocks) for a in drawn} == set(range(1, 11))
    assert {a.input_pooling for a in drawn} == {1, 2, 4}
    assert {b.kind for b in mobile} == set(BlockKind)
    assert {b.kernel for b in mobile} == {3, 5, 7}
    assert {b.stride for b in mobile} == {1, 2}
    assert {b.filters for b in mobile} == set(range(2, 129))
    assert {b.expansion for b in mobile if b.kind == BlockKind.INVERTED_RESIDUAL} == set(range(1, 7))
    assert {b.skip for b in mobile} == {False, True}
    assert {len(a.dense) for a in drawn} == set(range(4))
    units = [u for a in drawn for u in a.dense]
    assert (min(units), max(units)) == (10, 256)
    assert {type(a.pooling) for a in drawn} == {type(None), GlobalPooling, FinalPooling}
    assert any(isinstance(b, ConvBlock) and b.branch for a in drawn for b in a.blocks)


def test_a_sensible_share_of_random_networks_is_small(drawn):
    """Of the first 300: a fifth within the MNIST bounds of μNAS, and half in 16 KiB of RAM and 64 KiB of flash."""
    graphs = [SPACE.lower(architecture) for architecture in drawn[:300]]
    paper = [costs(graph, accounting="unas") for graph in graphs]
    assert sum(c.ram_bytes <= 2500 and c.model_bytes <= 4500 for c in paper) > 60
    board = [costs(graph) for graph in graphs]
    assert sum(c.ram_bytes <= 16 * 1024 and c.model_bytes <= 64 * 1024 for c in board) > 150


def test_an_inverted_residual_expands_filters_and_projects():
    graph = SPACE.lower(network(CONV, INVERTED)).verify()
    assert kinds(graph) == [Conv2D, Conv2D, DepthwiseConv2D, Conv2D, Add, AveragePool2D, Flatten, Dense]
    assert maps(graph) == [
        (14, 14, 16),
        (14, 14, 64),
        (14, 14, 64),
        (14, 14, 16),
        (14, 14, 16),
        (1, 1, 16),
        (16,),
        (10,),
    ]
    assert [o.spec.activation for o in graph.operators[:4]] == ["relu", "relu", "relu", "none"]
    assert all(o.spec.batch_norm for o in graph.operators[:4])
    assert graph.operators[0].spec.padding == graph.operators[2].spec.padding == "same"


def test_an_expansion_of_one_has_no_first_convolution():
    graph = SPACE.lower(network(CONV, replace(INVERTED, expansion=1)))
    assert kinds(graph)[:4] == [Conv2D, DepthwiseConv2D, Conv2D, Add]


def test_a_skip_is_left_out_where_shapes_differ():
    for other in (replace(INVERTED, stride=2), replace(INVERTED, filters=17), replace(INVERTED, skip=False)):
        assert Add not in kinds(SPACE.lower(network(CONV, other)))


def test_a_separable_block_is_depthwise_and_pointwise_with_relus():
    graph = SPACE.lower(network(CONV, SEPARABLE))
    assert kinds(graph)[:3] == [Conv2D, DepthwiseConv2D, Conv2D]
    assert [o.spec.activation for o in graph.operators[:3]] == ["relu"] * 3
    assert maps(graph)[1:3] == [(14, 14, 16), (14, 14, 24)]


def test_the_input_is_pooled_first():
    graph = SPACE.lower(network(CONV, input_pooling=4))
    assert kinds(graph)[:2] == [AveragePool2D, Conv2D]
    assert maps(graph)[:2] == [(7, 7, 1), (4, 4, 16)]


@pytest.mark.parametrize(
    ("pooling", "dense", "expected"),
    [
        (GlobalPooling(), (), [AveragePool2D, Flatten, Dense]),
        (GlobalPooling(), (20,), [AveragePool2D, Flatten, Dense, Dense]),
        (FinalPooling(PoolingType.AVERAGE, 4), (), [AveragePool2D, Flatten, Dense]),
        (None, (20, 30), [Flatten, Dense, Dense, Dense]),
    ],
)
def test_heads(pooling, dense, expected):
    assert kinds(SPACE.lower(network(CONV, pooling=pooling, dense=dense)))[1:] == expected


def test_a_branch_runs_beside_a_mobile_block():
    graph = SPACE.lower(network(CONV, SEPARABLE, BRANCH)).verify()
    (add,) = (operator for operator in graph.operators if isinstance(operator.spec, Add))
    assert graph.tensors[add.outputs[0]].shape == (1, 14, 14, 24)
    branch = graph.producer_of(graph.producer_of(add.inputs[1]).inputs[0])
    assert branch.inputs == graph.producer_of(graph.producer_of(add.inputs[0]).inputs[0]).inputs


@pytest.mark.parametrize(
    ("shape", "kernel", "strides", "pooled"),
    [
        ((128, 1, 3), (5, 1), (2, 1), (64, 1, 3)),
        ((1, 128, 3), (1, 5), (1, 2), (1, 64, 3)),
        ((128, 6, 1), (5, 1), (2, 1), (64, 6, 1)),
        ((49, 40, 1), (5, 5), (2, 2), (24, 20, 1)),
        ((8, 1, 3), (5, 1), (2, 1), (4, 1, 3)),
    ],
)
def test_long_inputs_are_read_along_their_length(shape, kernel, strides, pooled):
    graph = CnnExtendedSpace(shape, 4).lower(network(replace(CONV, kernel=5), input_pooling=2)).verify()
    convolution = graph.operators[1].spec
    assert maps(graph)[0] == pooled
    assert (convolution.kernel, convolution.strides) == (kernel, strides)


def test_a_kernel_loses_what_could_only_meet_padding():
    graph = SPACE.lower(network(*[replace(CONV, kernel=7)] * 6))
    assert [o.spec.kernel[0] for o in graph.operators[:6]] == [7, 7, 7, 7, 3, 1]
    assert [o.spec.strides for o in graph.operators[4:6]] == [(2, 2), (1, 1)]


def test_every_network_of_the_cnn_space_has_its_equal_here():
    for shape, count in (((28, 28, 1), 200), ((128, 1, 3), 30), ((128, 6, 1), 30)):
        cnn, extended = CnnSpace(shape, 10), CnnExtendedSpace(shape, 10)
        for seed in range(count):
            architecture = cnn.sample(np.random.default_rng(seed))
            embedded = from_cnn(architecture)
            assert extended.contains(embedded)
            assert extended.from_json(json.loads(json.dumps(extended.to_json(embedded)))) == embedded
            assert replace(extended.lower(embedded), name="cnn") == cnn.lower(architecture)


@pytest.mark.parametrize(
    "architecture",
    [
        network(),
        network(*[CONV] * 11),
        network(BRANCH),
        network(CONV, input_pooling=3),
        network(CONV, pooling=FinalPooling(PoolingType.MAX, 3)),
        network(CONV, dense=(9,)),
        network(CONV, dense=(10,) * 4),
        network(replace(CONV, filters=1)),
        network(replace(CONV, filters=129)),
        network(replace(CONV, kernel=4)),
        network(replace(CONV, stride=3)),
        network(replace(INVERTED, expansion=7)),
        network(CONV, replace(BRANCH, layers=())),
        "cnn-extended",
    ],
)
def test_what_is_outside_the_bounds_is_not_contained(architecture):
    assert not SPACE.contains(architecture)
    if not isinstance(architecture, str):
        with pytest.raises(SpaceError, match="outside its bounds"):
            SPACE.from_json(SPACE.to_json(architecture))


def test_an_expansion_that_does_nothing_is_not_contained():
    assert not SPACE.contains(network(replace(CONV, expansion=2)))


def changed(document, *place, to):
    """A deep copy with one part changed."""
    copy = json.loads(json.dumps(document))
    part = copy
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = to
    return copy


def test_malformed_documents_are_refused_in_words():
    document = SPACE.to_json(network(INVERTED, BRANCH, dense=(20,)))
    for place, value, words in (
        (("input_pooling",), "2", "'input_pooling' of the architecture cannot be '2'"),
        (("blocks", 0, "kind"), "mbconv", "the kind of block 0 cannot be 'mbconv'"),
        (("blocks", 0, "expansion"), None, "'expansion' of block 0 cannot be None"),
        (("blocks", 0), {}, "block 0 has no 'kind'"),
        (("blocks", 0), 7, "block 0 has no 'kind'"),
        (("blocks", 1, "layers", 0, "relu"), 1, "'relu' of layer 0 of block 1 cannot be 1"),
        (("pooling",), {"type": "local"}, "the type of the final pooling cannot be 'local'"),
        (("dense",), [True], "a dense layer's units cannot be True"),
    ):
        with pytest.raises(SpaceError, match="not an architecture of the cnn-extended space: ") as caught:
            SPACE.from_json(changed(document, *place, to=value))
        assert words in str(caught.value)


def test_channels_of_every_kind_of_block_can_go(drawn):
    pruned = 0
    for architecture in drawn[:200]:
        graph = SPACE.lower(architecture)
        for sparsity in (0.0, 0.5, 0.95):
            smaller = with_channels(graph, kept_evenly(graph, sparsity)).verify()
            assert (smaller == graph) == (
                kept_evenly(graph, sparsity) == {g.name: g.channels for g in channel_groups(graph)}
            )
            pruned += smaller != graph
    assert pruned > 200


def test_expanded_channels_go_with_their_depthwise_filters():
    groups = {g.name: g for g in channel_groups(SPACE.lower(network(CONV, SEPARABLE, replace(INVERTED, filters=24))))}
    # the first layer stays; the sum ties the separable block's output to that of the inverted residual
    assert [(g.channels, g.producers, g.carriers) for g in groups.values()] == [
        (24, ("conv2d_2", "conv2d_4"), ()),
        (96, ("conv2d_3",), ("depthwise_conv2d_2",)),
    ]
