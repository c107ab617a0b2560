"""A network without its pruned channels: a smaller graph, and a model with the weights that are left."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
from numpy.typing import NDArray

from resource_models import Conv2D, Dense, DepthwiseConv2D, Graph, Operator
from search.pruning.channels import Mask, tensor_masks, with_channels
from search.training.build import build_keras

Arrays = list[NDArray[np.float32]]


def shrink(graph: Graph, model: keras.Model, kept: Mapping[str, Mask]) -> tuple[Graph, keras.Model]:
    """The smaller network; it computes what `model` does as long as its removed channels are zero everywhere.

    Args:
        graph: what `model` was built from.
        model: trained; biases and batch normalisation of the removed channels are zero too.
        kept: per group of channels, which remain; at least one each.
    """
    smaller = with_channels(graph, {name: int(mask.sum()) for name, mask in kept.items()})
    target = build_keras(smaller)
    masks = tensor_masks(graph, kept)
    for operator in graph.operators:
        if isinstance(operator.spec, Conv2D | DepthwiseConv2D | Dense):
            source, output = masks[operator.inputs[0]], masks[operator.outputs[0]]
            layer = model.get_layer(operator.name)
            target.get_layer(operator.name).set_weights(_cut(operator, layer.get_weights(), source, output))
            if getattr(operator.spec, "batch_norm", False):
                statistics = model.get_layer(f"{operator.name}_bn").get_weights()
                target.get_layer(f"{operator.name}_bn").set_weights([values[output] for values in statistics])
    return smaller, target


def _cut(operator: Operator, weights: Arrays, source: Mask, output: Mask) -> Arrays:
    kernel, *biases = weights
    depthwise = isinstance(operator.spec, DepthwiseConv2D)
    cut = kernel[:, :, source] if depthwise else kernel[..., source, :][..., output]
    return [cut, *(bias[output] for bias in biases)]
