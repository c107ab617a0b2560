"""A Keras model from an operator graph: the same operators, so that what is trained is what was profiled.

The graph is the plan: it names the layers, and the shape of every layer is checked against it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import keras

from resource_models import (
    Add,
    AveragePool2D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    Graph,
    MaxPool2D,
    Operator,
    Pad,
)
from search.errors import TrainingError

# Short trainings take a few hundred steps, over which Keras' default of 0.99 lags far behind the statistics.
BATCH_NORM_MOMENTUM = 0.9

KerasTensor: TypeAlias = Any


def build_keras(graph: Graph, *, dropout: float = 0.0, momentum: float = BATCH_NORM_MOMENTUM) -> keras.Model:
    """The model that computes the graph, with new random weights.

    The layers of an operator are named after it: `conv2d_1` with `conv2d_1_bn` and `conv2d_1_relu` where batch
    normalisation stands between the convolution and its activation.

    Args:
        graph: a verified graph; the leading 1 of its shapes becomes the batch.
        dropout: share of the inputs of each dense layer but the classifier that training drops at random.
        momentum: of the moving statistics of batch normalisation.

    Returns:
        A model from the graph's input to its output (a list of either where there are several).

    Raises:
        TrainingError: if an operator has no counterpart here, or a layer's shape differs from the plan.
    """
    tensors: dict[int, KerasTensor] = {}
    for index in graph.inputs:
        tensors[index] = keras.Input(graph.tensors[index].shape[1:], name=graph.tensors[index].name)
    for operator in graph.operators:
        inputs = [tensors[index] for index in operator.inputs]
        output = operator.outputs[0]
        if dropout and isinstance(operator.spec, Dense) and output not in graph.outputs:
            inputs = [keras.layers.Dropout(dropout, name=f"{operator.name}_dropout")(inputs[0])]
        tensors[output] = _apply(operator, inputs, graph.tensors[output].shape, momentum)
    return keras.Model(
        _one_or_list([tensors[index] for index in graph.inputs]),
        _one_or_list([tensors[index] for index in graph.outputs]),
        name=graph.name,
    )


def _one_or_list(tensors: list[KerasTensor]) -> KerasTensor | list[KerasTensor]:
    return tensors[0] if len(tensors) == 1 else tensors


def _apply(operator: Operator, inputs: list[KerasTensor], planned: tuple[int, ...], momentum: float) -> KerasTensor:
    """The operator's layers on its inputs, with the shape that was planned."""
    make = _LAYERS.get(type(operator.spec))
    if make is None:
        kind = type(operator.spec).__name__
        raise TrainingError(f"{operator.name} cannot be trained: {kind} has no Keras counterpart here")
    x = make(operator.spec, planned[-1], operator.name)(_one_or_list(inputs))
    if getattr(operator.spec, "batch_norm", False):
        x = keras.layers.BatchNormalization(momentum=momentum, name=f"{operator.name}_bn")(x)
    activation = getattr(operator.spec, "activation", "none")
    if activation != "none":
        x = keras.layers.Activation(activation, name=f"{operator.name}_{activation}")(x)
    if tuple(x.shape[1:]) != planned[1:]:
        raise TrainingError(f"{operator.name} gives {tuple(x.shape[1:])} in Keras, but the plan says {planned[1:]}")
    return x


def _conv2d(spec: Conv2D, filters: int, name: str) -> keras.Layer:
    return keras.layers.Conv2D(
        filters,
        spec.kernel,
        strides=spec.strides,
        padding=spec.padding,
        dilation_rate=spec.dilations,
        use_bias=not spec.batch_norm,  # batch normalisation brings its own
        name=name,
    )


def _depthwise_conv2d(spec: DepthwiseConv2D, _: int, name: str) -> keras.Layer:
    return keras.layers.DepthwiseConv2D(
        spec.kernel,
        strides=spec.strides,
        padding=spec.padding,
        depth_multiplier=spec.multiplier,
        dilation_rate=spec.dilations,
        use_bias=not spec.batch_norm,
        name=name,
    )


def _max_pool2d(spec: MaxPool2D, _: int, name: str) -> keras.Layer:
    return keras.layers.MaxPooling2D(spec.size, strides=spec.strides, padding=spec.padding, name=name)


def _average_pool2d(spec: AveragePool2D, _: int, name: str) -> keras.Layer:
    return keras.layers.AveragePooling2D(spec.size, strides=spec.strides, padding=spec.padding, name=name)


def _pad(spec: Pad, _: int, name: str) -> keras.Layer:
    return keras.layers.ZeroPadding2D(spec.paddings, name=name)


def _add(_: Add, __: int, name: str) -> keras.Layer:
    return keras.layers.Add(name=name)


def _flatten(_: Flatten, __: int, name: str) -> keras.Layer:
    return keras.layers.Flatten(name=name)


def _dense(_: Dense, units: int, name: str) -> keras.Layer:
    return keras.layers.Dense(units, name=name)


_LAYERS: dict[type, Callable[[Any, int, str], keras.Layer]] = {
    Add: _add,
    AveragePool2D: _average_pool2d,
    Conv2D: _conv2d,
    Dense: _dense,
    DepthwiseConv2D: _depthwise_conv2d,
    Flatten: _flatten,
    MaxPool2D: _max_pool2d,
    Pad: _pad,
}
