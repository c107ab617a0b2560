"""Building a `Graph` operator by operator; shapes are computed here once and never again.

>>> b = GraphBuilder("tiny")
>>> x = b.input((8, 8, 1))
>>> x = b.conv2d(x, 4, (3, 3), activation="relu")
>>> b.shape(x)
(1, 6, 6, 4)
>>> graph = b.build(b.dense(b.flatten(x), 10))
"""

from __future__ import annotations

from collections.abc import Sequence

from resource_models.errors import GraphError
from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator, TensorSpec
from resource_models.graph.operators import Activation, Padding, Pair
from resource_models.graph.shapes import Shape, output_shapes


class GraphBuilder:
    """Collects operators; every method returns the index of the tensor that the new operator writes.

    All convolutions and dense layers have a bias, which batch normalisation folds into. Tensors are int8,
    biases int32. A method raises `GraphError` when its operator cannot read its input.
    """

    def __init__(self, name: str = "network") -> None:
        self._name = name
        self._tensors: list[TensorSpec] = []
        self._operators: list[Operator] = []
        self._inputs: list[int] = []
        self._counts: dict[str, int] = {}

    def input(self, shape: Sequence[int], *, name: str = "input") -> int:
        """A new input of `shape` without the batch dimension: (height, width, channels) or (units,)."""
        self._tensors.append(TensorSpec(self._unique(name), (1, *shape)))
        self._inputs.append(len(self._tensors) - 1)
        return self._inputs[-1]

    def shape(self, tensor: int) -> Shape:
        """Shape of a tensor with its batch dimension."""
        return self._tensors[tensor].shape

    def conv2d(
        self,
        x: int,
        filters: int,
        kernel: Pair,
        *,
        strides: Pair = (1, 1),
        padding: Padding = "valid",
        activation: Activation = "none",
        batch_norm: bool = False,
        name: str = "conv2d",
    ) -> int:
        """Convolution with `filters` output channels."""
        spec = op.Conv2D(kernel, strides, padding, activation, batch_norm)
        weights = (filters, *kernel, self._channels(x, name))
        return self._layer(name, spec, x, weights, filters)

    def depthwise_conv2d(
        self,
        x: int,
        kernel: Pair,
        *,
        strides: Pair = (1, 1),
        padding: Padding = "valid",
        activation: Activation = "none",
        batch_norm: bool = False,
        multiplier: int = 1,
        name: str = "depthwise_conv2d",
    ) -> int:
        """Depthwise convolution: `multiplier` filters for each input channel."""
        spec = op.DepthwiseConv2D(kernel, strides, padding, activation, multiplier, batch_norm)
        filters = self._channels(x, name) * multiplier
        return self._layer(name, spec, x, (1, *kernel, filters), filters)

    def dense(self, x: int, units: int, *, activation: Activation = "none", name: str = "dense") -> int:
        """Fully connected layer on a tensor (1, inputs)."""
        if len(self.shape(x)) != 2:
            raise GraphError(f"{name!r} takes (1, inputs), not {self.shape(x)}; flatten it first", operator=name)
        return self._layer(name, op.Dense(activation), x, (units, self._channels(x, name)), units)

    def max_pool2d(
        self,
        x: int,
        size: Pair,
        *,
        strides: Pair | None = None,
        padding: Padding = "valid",
        name: str = "max_pool2d",
    ) -> int:
        """Max pooling; the stride is the window's size unless given."""
        return self._add(name, op.MaxPool2D(size, strides or size, padding), (x,))

    def average_pool2d(
        self,
        x: int,
        size: Pair,
        *,
        strides: Pair | None = None,
        padding: Padding = "valid",
        name: str = "average_pool2d",
    ) -> int:
        """Average pooling; the stride is the window's size unless given."""
        return self._add(name, op.AveragePool2D(size, strides or size, padding), (x,))

    def global_average_pool(self, x: int, *, name: str = "global_average_pool") -> int:
        """Mean over height and width: (1, height, width, channels) to (1, channels)."""
        return self._add(name, op.Reduce("mean", (1, 2)), (x,))

    def add(self, xs: Sequence[int], *, activation: Activation = "none", name: str = "add") -> int:
        """Sum of two or more tensors of one shape."""
        return self._add(name, op.Add(activation), tuple(xs))

    def concatenate(self, xs: Sequence[int], *, axis: int = -1, name: str = "concatenate") -> int:
        """Tensors side by side along `axis`."""
        return self._add(name, op.Concatenate(axis), tuple(xs))

    def pad(self, x: int, paddings: tuple[Pair, Pair], *, name: str = "pad") -> int:
        """Zero padding ((top, bottom), (left, right))."""
        return self._add(name, op.Pad(paddings), (x,))

    def flatten(self, x: int, *, name: str = "flatten") -> int:
        """All elements in one row: (1, elements)."""
        return self._add(name, op.Flatten(), (x,))

    def softmax(self, x: int, *, name: str = "softmax") -> int:
        """Softmax over the last axis."""
        return self._add(name, op.Softmax(), (x,))

    def operator(
        self,
        spec: op.OperatorSpec,
        inputs: Sequence[int],
        *,
        constants: Sequence[TensorSpec] = (),
        name: str = "",
    ) -> int:
        """Any other operator with one output."""
        return self._add(name or type(spec).__name__.lower(), spec, tuple(inputs), tuple(constants))

    def build(self, *outputs: int) -> Graph:
        """The finished graph.

        Raises:
            GraphError: when there is no output, an output that does not exist, or a tensor that is never
            used.
        """
        used = set(outputs).union(*(operator.inputs for operator in self._operators))
        if not outputs or not used <= set(range(len(self._tensors))):
            raise GraphError(f"graph {self._name!r} needs at least one output among its {len(self._tensors)} tensors")
        if len(used) < len(self._tensors):
            unused = next(tensor for tensor in range(len(self._tensors)) if tensor not in used)
            raise GraphError(f"tensor {self._tensors[unused].name!r} is never used; make it an output or remove it")
        return Graph(self._name, tuple(self._tensors), tuple(self._operators), tuple(self._inputs), outputs)

    def _layer(self, name: str, spec: op.OperatorSpec, x: int, weights: Shape, channels: int) -> int:
        if min(weights) < 1:
            raise GraphError(f"{name!r} cannot have weights of shape {weights}", operator=name)
        name = self._unique(name)
        constants = (TensorSpec(f"{name}/kernel", weights), TensorSpec(f"{name}/bias", (channels,), "int32"))
        return self._append(name, spec, (x,), constants)

    def _add(
        self,
        name: str,
        spec: op.OperatorSpec,
        inputs: tuple[int, ...],
        constants: tuple[TensorSpec, ...] = (),
    ) -> int:
        return self._append(self._unique(name), spec, inputs, constants)

    def _append(
        self, name: str, spec: op.OperatorSpec, inputs: tuple[int, ...], constants: tuple[TensorSpec, ...]
    ) -> int:
        if not inputs or min(inputs) < 0 or max(inputs) >= len(self._tensors):
            raise GraphError(f"{name!r} reads tensors {inputs}, but there are {len(self._tensors)}", operator=name)
        shapes = tuple([self._tensors[tensor].shape for tensor in inputs])
        (shape,) = output_shapes(name, spec, shapes, tuple([constant.shape for constant in constants]))
        self._tensors.append(TensorSpec(name, shape, self._tensors[inputs[0]].dtype))
        self._operators.append(Operator(name, spec, inputs, (len(self._tensors) - 1,), constants))
        return len(self._tensors) - 1

    def _channels(self, tensor: int, name: str) -> int:
        if not 0 <= tensor < len(self._tensors):
            raise GraphError(f"{name!r} reads tensor {tensor}, but there are {len(self._tensors)}", operator=name)
        return self._tensors[tensor].shape[-1]

    def _unique(self, name: str) -> str:
        """The name with a number: the converter orders and names tensors by it, so no name may begin another one's."""
        self._counts[name] = self._counts.get(name, 0) + 1
        return f"{name}_{self._counts[name]}"
