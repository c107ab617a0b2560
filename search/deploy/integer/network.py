"""A network of integers: tensors, and layers that compute one from others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.convolution import Convolution, Dense
from search.deploy.integer.elementwise import Product, Sum
from search.deploy.integer.lookup import Codes, Lookup
from search.deploy.integer.pooling import Pool, Reduction
from search.deploy.integer.rounding import rounded
from search.deploy.integer.shaping import Concatenation, Pad, Reshape, Transpose
from search.deploy.integer.softmax import Softmax

Bytes = NDArray[np.int8]
Operation: TypeAlias = (
    Convolution
    | Dense
    | Pool
    | Reduction
    | Sum
    | Product
    | Lookup
    | Softmax
    | Pad
    | Concatenation
    | Transpose
    | Reshape
)
_CHUNK_BYTES = 1 << 25


@dataclass(frozen=True, eq=False)
class IntegerTensor:
    """A tensor of one byte per element, `number` in the file; `constant` holds the values of a constant."""

    number: int
    name: str
    shape: tuple[int, ...]
    codes: Codes
    constant: Bytes | None = None

    @property
    def size(self) -> int:
        """Elements, and bytes."""
        return int(np.prod(self.shape))


@dataclass(frozen=True, eq=False)
class Layer:
    """An operation with its tensors; `kind` is the file's name of the operator, `name` is unlike any other's."""

    name: str
    kind: str
    operation: Operation
    inputs: tuple[int, ...]
    output: int


@dataclass(frozen=True, eq=False)
class IntegerNetwork:
    """A network with one input and one output, its layers in an order that can be executed."""

    tensors: tuple[IntegerTensor, ...]
    layers: tuple[Layer, ...]
    input: int
    output: int

    @property
    def source(self) -> IntegerTensor:
        """The input."""
        return self.tensors[self.input]

    @property
    def target(self) -> IntegerTensor:
        """The output."""
        return self.tensors[self.output]

    @property
    def gives_shares(self) -> bool:
        """Whether the outputs are probabilities, as of a softmax or a logistic function, and not logits."""
        codes = self.target.codes
        return codes.signed and codes.zero == -128 and codes.scale == np.float32(1 / 256)

    @property
    def threshold(self) -> int:
        """The code that a single output is above when it is on: that of the logit 0, or of the probability 1/2."""
        return 0 if self.gives_shares else self.target.codes.zero

    def classes(self, outputs: Bytes) -> NDArray[np.int64]:
        """The class that each row of outputs stands for: the first of those that tie."""
        codes = outputs.view(np.int8 if self.target.codes.signed else np.uint8)
        if self.target.size == 1:
            return (codes[:, 0] > self.threshold).astype(np.int64)
        return np.asarray(codes.argmax(axis=1), np.int64)

    def quantise(self, values: NDArray[Any]) -> Bytes:
        """The bytes of the input for real values of shape (n, …): divided by the scale in float32, halves away from 0.

        Raises:
            ValueError: the values do not have the input's shape.
        """
        codes = self.source.codes
        low = -128 if codes.signed else 0
        found = rounded(np.asarray(values, np.float32) / codes.scale) + codes.zero
        return self._shaped(np.clip(found, low, low + 255).astype(np.int8 if codes.signed else np.uint8).view(np.int8))

    def trace(self, inputs: Bytes) -> dict[int, Bytes]:
        """Every tensor that is computed of inputs (n, …): by its index an array of (n, the tensor's shape)."""
        known = {self.input: self._shaped(inputs)}
        for layer in self.layers:
            known[layer.output] = self._computed(layer, known)
        return known

    def outputs(self, inputs: Bytes) -> Bytes:
        """The output for inputs (n, …): (n, elements)."""
        inputs = self._shaped(inputs)
        parts = [self._output(part) for part in self._chunks(inputs)]
        return np.concatenate(parts) if parts else np.zeros((0, self.target.size), np.int8)

    def _output(self, inputs: Bytes) -> Bytes:
        known = {self.input: inputs}
        left = [tensor for layer in self.layers for tensor in layer.inputs]
        for layer in self.layers:
            known[layer.output] = self._computed(layer, known)
            for tensor in layer.inputs:
                left.remove(tensor)
                if tensor not in left and tensor != self.output:
                    known.pop(tensor, None)
        return known[self.output].reshape(len(inputs), -1)

    def _computed(self, layer: Layer, known: dict[int, Bytes]) -> Bytes:
        arguments = [self._value(tensor, known) for tensor in layer.inputs]
        if isinstance(layer.operation, (Sum, Product)):
            arguments = _aligned(arguments)
        elif isinstance(layer.operation, (Convolution, Pool)):  # these take the file's batch of 1 as theirs
            arguments = [x.reshape(-1, *x.shape[2:]) for x in arguments]
        result = layer.operation.apply(*arguments)
        return result.reshape(-1, *self.tensors[layer.output].shape)

    def _value(self, tensor: int, known: dict[int, Bytes]) -> Bytes:
        constant = self.tensors[tensor].constant
        return known[tensor] if constant is None else constant[None]

    def _shaped(self, inputs: Bytes) -> Bytes:
        size = self.source.size
        if inputs[:1].size not in (0, size) or inputs.dtype.itemsize != 1:
            raise ValueError(f"the input has shape {inputs.shape[1:]}; the network reads {self.source.shape}")
        return np.ascontiguousarray(inputs).view(np.int8).reshape(len(inputs), *self.source.shape)

    def _chunks(self, inputs: Bytes) -> Iterator[Bytes]:
        """Parts whose windows fit into memory."""
        widest = max((_window_bytes(layer.operation) for layer in self.layers), default=0)
        widest = max(widest, *(8 * tensor.size for tensor in self.tensors))
        step = max(1, min(256, _CHUNK_BYTES // widest))
        for begin in range(0, len(inputs), step):
            yield inputs[begin : begin + step]


def _aligned(arrays: Sequence[Bytes]) -> list[Bytes]:
    """Arrays (n, …) with as many axes each, so that they broadcast from the last one."""
    most = max(array.ndim for array in arrays)
    return [a.reshape(a.shape[0], *[1] * (most - a.ndim), *a.shape[1:]) for a in arrays]


def _window_bytes(operation: Operation) -> int:
    if isinstance(operation, Convolution) and not operation.multiplier:
        rows, columns = operation.output_size
        return 4 * rows * columns * int(operation.weights[0].size)
    return 0
