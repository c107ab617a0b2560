"""The operator graph of a Keras model, so that a network made elsewhere can be profiled before it is converted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras

from resource_models import (
    Add,
    AveragePool2D,
    Binary,
    Concatenate,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    Graph,
    MaxPool2D,
    Operator,
    OperatorSpec,
    Pad,
    Reduce,
    Reshape,
    Softmax,
    TensorSpec,
    Unary,
    UnknownOperatorError,
)

_ACTIVATIONS = {"linear": "none", "relu": "relu", "relu6": "relu6"}
_FOLDED = (Conv2D, DepthwiseConv2D)
_WITHOUT_EFFECT = frozenset(
    {"Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "ActivityRegularization"}
)


def graph_of(model: keras.Model) -> Graph:
    """The graph of a functional or sequential model as it runs after training, int8.

    Batch normalisation is folded into the convolution before it, activations into the operator before them;
    dropout disappears. Operators are named after their layers.

    Args:
        model: built, with inputs of fixed shape but for the batch.

    Raises:
        UnknownOperatorError: a layer has no counterpart; its class is named.
        GraphError: a shape differs from what the operator gives.
    """
    functional = model._functional if isinstance(model, keras.Sequential) else model
    nodes = [
        node for depth in sorted(functional._nodes_by_depth, reverse=True) for node in functional._nodes_by_depth[depth]
    ]
    reader = _Reader(Counter(id(tensor) for node in nodes for tensor in node.arguments.keras_tensors), functional)
    for node in nodes:
        reader.read(node)
    return reader.graph(model.name)


@dataclass
class _Draft:
    """An operator that may still take in what follows it."""

    name: str
    spec: OperatorSpec
    inputs: list[int]
    output: int
    constants: tuple[TensorSpec, ...]


class _Reader:
    """Collects drafts; tensors are known by the identity of Keras' own."""

    def __init__(self, readers: Counter[int], functional: Any) -> None:
        self._readers = readers
        self._functional = functional
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._same: dict[int, int] = {}
        self._drafts: list[_Draft] = []
        self._names: Counter[str] = Counter()
        outputs = {id(tensor) for tensor in functional.outputs}
        self._fixed = outputs

    def read(self, node: Any) -> None:
        """Take in one call of a layer."""
        layer, kind = node.operation, type(node.operation).__name__
        inputs = [self._same.get(id(tensor), id(tensor)) for tensor in node.arguments.keras_tensors]
        output = node.outputs[0]
        self._shapes[id(output)] = (1, *map(int, output.shape[1:]))
        if kind == "InputLayer":
            return
        if kind in _WITHOUT_EFFECT or self._fused(layer, kind, inputs):
            self._same[id(output)] = inputs[0]
            return
        rule = _RULES.get(kind)
        if rule is None:
            raise UnknownOperatorError(f"layer {layer.name!r} is a {kind}, which cannot be costed", operator=kind)
        spec, constants = rule(layer, [self._shapes[tensor] for tensor in inputs], self._shapes[id(output)])
        self._names[layer.name] += 1
        name = layer.name if self._names[layer.name] == 1 else f"{layer.name}_{self._names[layer.name]}"
        self._drafts.append(_Draft(name, spec, inputs, id(output), constants))

    def _fused(self, layer: Any, kind: str, inputs: list[int]) -> bool:
        """Whether the operator before could take in a normalisation or an activation that nothing else reads."""
        before = next((draft for draft in self._drafts if draft.output == inputs[0]), None)
        if before is None or self._readers[inputs[0]] > 1 or inputs[0] in self._fixed:
            return False
        if getattr(before.spec, "activation", None) != "none":
            return False
        if kind == "BatchNormalization" and isinstance(before.spec, _FOLDED):
            before.spec = replace(before.spec, batch_norm=True)
            return True
        activation = _activation_of(layer) if kind in ("ReLU", "Activation") else "none"
        if activation not in ("relu", "relu6"):
            return False
        before.spec = replace(before.spec, activation=activation)  # type: ignore[call-arg]  # it has one: see above
        return True

    def graph(self, name: str) -> Graph:
        """The verified graph."""
        sources = [id(tensor) for tensor in self._functional.inputs]
        titles = {source: f"input_{number}" for number, source in enumerate(sources, 1)}
        titles |= {draft.output: draft.name for draft in self._drafts}
        number = {tensor: index for index, tensor in enumerate(titles)}
        tensors = tuple(TensorSpec(title, self._shapes[tensor]) for tensor, title in titles.items())
        operators = tuple(
            Operator(d.name, d.spec, tuple(number[t] for t in d.inputs), (number[d.output],), d.constants)
            for d in self._drafts
        )
        outputs = (self._same.get(id(tensor), id(tensor)) for tensor in self._functional.outputs)
        inputs = tuple(number[source] for source in sources)
        return Graph(name, tensors, operators, inputs, tuple(number[t] for t in outputs)).verify()


_Shapes = list[tuple[int, ...]]
_Rule = Callable[[Any, _Shapes, tuple[int, ...]], tuple[OperatorSpec, tuple[TensorSpec, ...]]]


def _activation_of(layer: Any) -> str:
    """The name of a layer's activation, as operators call it; other functions keep Keras' name."""
    if isinstance(layer, keras.layers.ReLU):
        return {None: "relu", 6.0: "relu6"}.get(layer.max_value, "relu_n")
    name = getattr(layer.activation, "__name__", "linear")
    return _ACTIVATIONS.get(name, name)


def _fusable(layer: Any) -> Any:
    activation = _activation_of(layer)
    if activation not in ("none", "relu", "relu6"):
        raise UnknownOperatorError(
            f"layer {layer.name!r} has the activation {activation!r}; put it in a layer of its own", operator=activation
        )
    return activation


def _weights(layer: Any, shape: tuple[int, ...], channels: int) -> tuple[TensorSpec, ...]:
    return TensorSpec(f"{layer.name}/kernel", shape), TensorSpec(f"{layer.name}/bias", (channels,), "int32")


def _conv(layer: Any, inputs: _Shapes, output: tuple[int, ...]) -> tuple[OperatorSpec, tuple[TensorSpec, ...]]:
    spec = Conv2D(
        layer.kernel_size, layer.strides, layer.padding, _fusable(layer), dilations=tuple(layer.dilation_rate)
    )
    depth = inputs[0][-1] // layer.groups
    return spec, _weights(layer, (output[-1], *layer.kernel_size, depth), output[-1])


def _depthwise(layer: Any, _inputs: _Shapes, output: tuple[int, ...]) -> tuple[OperatorSpec, tuple[TensorSpec, ...]]:
    multiplier, dilations = layer.depth_multiplier, tuple(layer.dilation_rate)
    spec = DepthwiseConv2D(
        layer.kernel_size, layer.strides, layer.padding, _fusable(layer), multiplier, dilations=dilations
    )
    return spec, _weights(layer, (1, *layer.kernel_size, output[-1]), output[-1])


def _dense(layer: Any, inputs: _Shapes, _output: tuple[int, ...]) -> tuple[OperatorSpec, tuple[TensorSpec, ...]]:
    spec = Dense(_fusable(layer), keep_dims=len(inputs[0]) > 2)
    return spec, _weights(layer, (layer.units, inputs[0][-1]), layer.units)


def _normalisation(
    layer: Any, inputs: _Shapes, _output: tuple[int, ...]
) -> tuple[OperatorSpec, tuple[TensorSpec, ...]]:
    """What cannot be folded is a product and a sum; their cost is counted as one product."""
    return Binary("mul"), (TensorSpec(f"{layer.name}/scale", (inputs[0][-1],)),)


def _without_weights(make: Callable[[Any, _Shapes, tuple[int, ...]], OperatorSpec]) -> _Rule:
    return lambda layer, inputs, output: (make(layer, inputs, output), ())


def _unary(layer: Any, *_shapes: object) -> OperatorSpec:
    name = _activation_of(layer)
    return Softmax() if name == "softmax" else Unary(name)


_RULES: dict[str, _Rule] = {
    "Conv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "Dense": _dense,
    "BatchNormalization": _normalisation,
    "MaxPooling2D": _without_weights(lambda layer, *_: MaxPool2D(layer.pool_size, layer.strides, layer.padding)),
    "AveragePooling2D": _without_weights(
        lambda layer, *_: AveragePool2D(layer.pool_size, layer.strides, layer.padding)
    ),
    "GlobalAveragePooling2D": _without_weights(lambda layer, *_: Reduce("mean", (1, 2), layer.keepdims)),
    "GlobalMaxPooling2D": _without_weights(lambda layer, *_: Reduce("max", (1, 2), layer.keepdims)),
    "Add": _without_weights(lambda *_: Add()),
    "Multiply": _without_weights(lambda *_: Binary("mul")),
    "Subtract": _without_weights(lambda *_: Binary("sub")),
    "Maximum": _without_weights(lambda *_: Binary("maximum")),
    "Concatenate": _without_weights(lambda layer, *_: Concatenate(layer.axis)),
    "ZeroPadding2D": _without_weights(lambda layer, *_: Pad(layer.padding)),
    "Flatten": _without_weights(lambda *_: Flatten()),
    "Reshape": _without_weights(lambda _layer, _inputs, output: Reshape(output)),
    "Softmax": _without_weights(lambda *_: Softmax()),
    "ReLU": _without_weights(_unary),
    "Activation": _without_weights(_unary),
}
