"""Which channels may go, and the network without them."""

import numpy as np
import pytest

from resource_models import Graph, GraphBuilder, parameters
from search.pruning.channels import channel_groups, kept_evenly, tensor_masks, with_channels
from search.spaces import space


def branched() -> Graph:
    """Two paths into a sum behind a first layer, one through a depthwise convolution, then two dense layers."""
    b = GraphBuilder()
    x = b.conv2d(b.max_pool2d(b.input((12, 12, 2)), (2, 2)), 5, (3, 3))
    left = b.conv2d(x, 8, (3, 3))
    right = b.depthwise_conv2d(b.conv2d(x, 8, (1, 1)), (3, 3))
    x = b.conv2d(b.add([left, right]), 6, (1, 1))
    x = b.dense(b.flatten(x), 9)
    return b.build(b.dense(x, 3))


def test_groups_share_their_channels() -> None:
    groups = {g.name: g for g in channel_groups(branched())}
    assert groups.keys() == {"conv2d_2", "conv2d_4", "dense_1"}  # not the first layer, not the classifier
    assert groups["conv2d_2"].producers == ("conv2d_2", "conv2d_3")
    assert groups["conv2d_2"].carriers == ("depthwise_conv2d_1",)
    assert [g.channels for g in groups.values()] == [8, 6, 9]


def test_a_path_beside_the_first_layer_keeps_the_channels_of_both() -> None:
    b = GraphBuilder()
    x = b.input((6, 6, 1))
    side = b.conv2d(b.conv2d(x, 7, (1, 1)), 4, (1, 1))
    x = b.add([b.conv2d(x, 4, (1, 1)), side])
    assert channel_groups(b.build(b.dense(b.flatten(x), 2))) == ()


def test_a_dense_layer_on_the_input_is_a_first_layer() -> None:
    b = GraphBuilder()
    x = b.dense(b.dense(b.flatten(b.input((6, 6, 1))), 4), 5)
    assert [g.name for g in channel_groups(b.build(b.dense(x, 2)))] == ["dense_2"]


def test_the_smaller_graph() -> None:
    graph = with_channels(branched(), {"conv2d_2": 3, "conv2d_4": 2, "dense_1": 4}).verify()
    shapes = {t.name: t.shape for t in graph.tensors}
    assert shapes["add_1"] == shapes["depthwise_conv2d_1"] == (1, 2, 2, 3)
    assert shapes["flatten_1"] == (1, 8)
    sizes = [54 * 2 - 18 + 5, 9 * 5 * 3 + 3, 5 * 3 + 3, 9 * 3 + 3, 3 * 2 + 2, 8 * 4 + 4, 4 * 3 + 3]
    assert parameters(graph) == sum(sizes)


def test_masks_follow_the_channels() -> None:
    graph = branched()
    kept = np.array([True, False, True, False, False, True])
    masks = dict(zip((t.name for t in graph.tensors), tensor_masks(graph, {"conv2d_4": kept}), strict=True))
    assert masks["conv2d_4"].tolist() == kept.tolist()
    assert masks["flatten_1"].tolist() == kept.tolist() * 4
    assert masks["add_1"].all()


@pytest.mark.parametrize("sparsity", [0.0, 0.3, 0.9, 0.999])
def test_random_networks_stay_networks(sparsity: float) -> None:
    cnn = space("cnn", (28, 28, 1), 10)
    for seed in range(60):
        graph = cnn.lower(cnn.sample(np.random.default_rng(seed)))
        smaller = with_channels(graph, kept_evenly(graph, sparsity)).verify()
        assert parameters(smaller) <= parameters(graph)
        if sparsity == 0.0:
            assert smaller == graph
