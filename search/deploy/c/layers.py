"""Each operation as C: the constants it needs, a record of its numbers, and the call of its kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.deploy.c.arrays import Array
from search.deploy.c.steps import Loops, broadcast, contiguous, loops
from search.deploy.integer.convolution import Convolution, Dense, Weighted
from search.deploy.integer.elementwise import Product, Sum
from search.deploy.integer.lookup import Lookup
from search.deploy.integer.network import IntegerNetwork, IntegerTensor, Layer
from search.deploy.integer.pooling import Pool, Reduction
from search.deploy.integer.shaping import Concatenation, Pad, Transpose
from search.deploy.integer.softmax import Softmax
from search.errors import DeployError

MOST_PRODUCTS = 65_000
"""Products that one sum may have, so that it stays within 32 bits whatever the values are."""
_MOST_CLASSES = 511


@dataclass(frozen=True, slots=True)
class Place:
    """A layer among its tensors. `prefix` begins the names of its constants, `at` gives the C of a tensor."""

    layer: Layer
    network: IntegerNetwork
    prefix: str
    at: dict[int, str]

    @property
    def inputs(self) -> tuple[IntegerTensor, ...]:
        """The tensors that it reads."""
        return tuple(self.network.tensors[tensor] for tensor in self.layer.inputs)

    @property
    def output(self) -> IntegerTensor:
        """The tensor that it writes."""
        return self.network.tensors[self.layer.output]

    @property
    def pointers(self) -> list[str]:
        """The inputs, then the output, in C."""
        return [self.at[tensor] for tensor in (*self.layer.inputs, self.layer.output)]

    def record(self, kind: str, values: str, suffix: str = "") -> str:
        """The definition of the layer's record."""
        return f"static const FLASH {kind} {self.layer.name}{suffix} = {{{values}}};"

    def call(self, function: str, suffix: str = "", arguments: Sequence[str] | None = None) -> str:
        """The call of a kernel with the layer's record and tensors."""
        given = self.pointers if arguments is None else arguments
        return f"{function}(&{self.layer.name}{suffix}, {', '.join(given)});"


@dataclass(frozen=True, slots=True)
class LayerCode:
    """A layer in C: the fragments it is made of, constants, records, and statements."""

    fragments: tuple[str, ...]
    arrays: tuple[Array, ...] = ()
    records: tuple[str, ...] = ()
    calls: tuple[str, ...] = field(default=())


@singledispatch
def code_of(_operation: Any, place: Place) -> LayerCode:
    """The C of a layer.

    Raises:
        DeployError: it has numbers that the kernels cannot take.
    """
    raise DeployError(f"{place.layer.kind} cannot be written as C.")


@code_of.register
def _dense(operation: Dense, place: Place) -> LayerCode:
    rows = place.inputs[0].size // operation.weights.shape[1]
    arrays, record = _weights(operation, place, operation.weights, folded=True)
    values = f"{record}, {rows}, {operation.weights.shape[1]}, {operation.channels}"
    fragments = ("clamp", "rounding", "rescale", "weighted", "dot", "dense")
    return LayerCode(fragments, arrays, (place.record("Dense", values),), (place.call("fully_connect"),))


@code_of.register
def _convolution(operation: Convolution, place: Place) -> LayerCode:
    depthwise = operation.multiplier > 0
    arrays, record = _weights(operation, place, operation.weights, folded=not depthwise)
    window = _window(place, operation.kernel, operation.strides, operation.before, operation.dilations)
    shared = ("clamp", "rounding", "rescale", "weighted", "window")
    if depthwise:
        kind, function, last = "Depthwise", "convolve_depthwise", operation.multiplier
    else:
        kind, function, last = "Convolution", "convolve", operation.channels
    records = (place.record(kind, f"{record}, {window}, {last}"),)
    return LayerCode(
        (*shared, *(("depthwise",) if depthwise else ("dot", "convolution"))), arrays, records, (place.call(function),)
    )


def _weights(
    operation: Weighted, place: Place, weights: NDArray[np.int8], *, folded: bool
) -> tuple[tuple[Array, ...], str]:
    """The constants of a layer with weights and the beginning of its record."""
    products = weights.size // operation.channels
    if products > MOST_PRODUCTS:
        raise DeployError(f"{place.layer.name} sums {products} products; at most {MOST_PRODUCTS} stay within 32 bits.")
    bias = operation.bias.astype(np.int64)
    if folded:
        bias = bias - operation.input_zero * weights.reshape(operation.channels, -1).astype(np.int64).sum(axis=1)
    if np.abs(bias).max() > 2**31 - 1 - 128 * 255 * products:
        raise DeployError(f"{place.layer.name} has a bias so large that its sums do not stay within 32 bits.")
    shape = " x ".join(map(str, weights.shape))
    name = place.layer.name
    arrays = (
        Array(f"{place.prefix}{name}_weights", weights, f"{name}: weights, {shape}"),
        Array(f"{place.prefix}{name}_bias", bias.astype(np.int32), f"{name}: bias, {operation.channels}"),
        Array(f"{place.prefix}{name}_significand", operation.significand, f"{name}: scale / 2^31 * 2^shift"),
        Array(f"{place.prefix}{name}_shift", operation.shift, f"{name}: shift of the scale"),
    )
    zeros = f"{operation.input_zero}, {operation.output_zero}, {operation.low}, {operation.high}"
    return arrays, f"{{{', '.join(array.name for array in arrays)}, {zeros}}}"


def _window(
    place: Place,
    kernel: Sequence[int],
    strides: Sequence[int],
    before: Sequence[int],
    dilations: Sequence[int] = (1, 1),
) -> str:
    shape, out = place.inputs[0].shape, place.output.shape
    if shape[0] != 1:
        raise DeployError(f"{place.layer.name} works on a batch of {shape[0]}; only a batch of 1 can be exported.")
    numbers = (*shape[1:], out[1], out[2], *kernel, *strides, *dilations, *before)
    return f"{{{', '.join(map(str, numbers))}}}"


@code_of.register
def _pool(operation: Pool, place: Place) -> LayerCode:
    window = _window(place, operation.size, operation.strides, operation.before)
    values = f"{window}, {int(operation.largest)}, {operation.low}, {operation.high}"
    return LayerCode(("clamp", "window", "pool"), (), (place.record("Pool", values),), (place.call("pool_windows"),))


@code_of.register
def _reduction(operation: Reduction, place: Place) -> LayerCode:
    shape = place.inputs[0].shape
    steps = contiguous(shape)
    parts = []
    for gone in (False, True):
        axes = [axis for axis in range(len(shape)) if (axis in operation.axes) == gone]
        found = loops([shape[axis] for axis in axes], [steps[axis] for axis in axes]).filled(2)
        parts.append("{" + ", ".join(f"{{{n}, {s}}}" for n, s in zip(found.lengths, found.steps[0], strict=True)) + "}")
    m = operation.multiplier
    zeros = operation.count * operation.input_zero
    values = f"{parts[0]}, {parts[1]}, {zeros}, {m.significand}, {m.shift}, {operation.output_zero}"
    fragments = ("clamp", "rounding", "rescale", "reduction")
    return LayerCode(fragments, (), (place.record("Reduction", values),), (place.call("reduce"),))


def _both(place: Place) -> str:
    out = place.output.shape
    terms = [broadcast(tensor.shape, out) for tensor in place.inputs]
    return _loops(loops(out, *terms).filled())


def _loops(found: Loops) -> str:
    return ", ".join(f"{{{', '.join(map(str, part))}}}" for part in (found.lengths, *found.steps))


@code_of.register
def _sum(operation: Sum, place: Place) -> LayerCode:
    zeros = f"{operation.zeros[0]}, {operation.zeros[1]}, {operation.output_zero}"
    factors = (*operation.multipliers, operation.output)
    significands = ", ".join(str(factor.significand) for factor in factors)
    shifts = ", ".join(str(factor.shift) for factor in factors)
    sign = -1 if operation.subtract else 1
    values = f"{_both(place)}, {zeros}, {significands}, {shifts}, {sign}, {operation.low}, {operation.high}"
    fragments = ("clamp", "rounding", "rescale", "sum")
    return LayerCode(fragments, _constants(place), (place.record("Sum", values),), (place.call("add"),))


@code_of.register
def _product(operation: Product, place: Place) -> LayerCode:
    zeros = f"{operation.zeros[0]}, {operation.zeros[1]}, {operation.output_zero}"
    factor = f"{operation.output.significand}, {operation.output.shift}, {operation.low}, {operation.high}"
    values = f"{_both(place)}, {zeros}, {factor}"
    fragments = ("clamp", "rounding", "rescale", "product")
    return LayerCode(fragments, _constants(place), (place.record("Product", values),), (place.call("multiply"),))


def _constants(place: Place) -> tuple[Array, ...]:
    """Terms that are constant; they are read as the tensors are, so not from flash where that is apart."""
    return tuple(
        Array(place.at[tensor], known.constant, f"{place.layer.name}: constant term", in_flash=False)
        for tensor, known in zip(place.layer.inputs, place.inputs, strict=True)
        if known.constant is not None
    )


@code_of.register
def _lookup(operation: Lookup, place: Place) -> LayerCode:
    name = f"{place.prefix}{place.layer.name}_table"
    array = Array(name, operation.table, f"{place.layer.name}: the output's byte for each byte of the input")
    source, target = place.pointers
    return LayerCode(("lookup",), (array,), (), (f"look_up({name}, {source}, {target}, {place.output.size});",))


@code_of.register
def _softmax(operation: Softmax, place: Place) -> LayerCode:
    depth = place.output.shape[-1]
    if depth > _MOST_CLASSES:
        raise DeployError(f"{place.layer.name} has {depth} classes; a softmax of at most {_MOST_CLASSES} is exported.")
    name = f"{place.prefix}{place.layer.name}_powers"
    array = Array(name, operation.exponentials, f"{place.layer.name}: exp(-difference of codes * scale) * 2^31")
    values = f"{name}, {len(operation.exponentials)}, {place.output.size // depth}, {depth}"
    fragments = ("clamp", "rounding", "softmax")
    return LayerCode(fragments, (array,), (place.record("Softmax", values),), (place.call("soften"),))


@code_of.register
def _pad(operation: Pad, place: Place) -> LayerCode:
    shape, out = place.inputs[0].shape, contiguous(place.output.shape)
    begin = sum(before * step for (before, _), step in zip(operation.paddings, out, strict=True))
    values = _loops(loops(shape, contiguous(shape), out).filled())
    source, target = place.pointers
    calls = (
        f"fill({target}, {operation.value}, {place.output.size});",
        place.call("move", arguments=[source, f"{target} + {begin}"]),
    )
    return LayerCode(("fill", "move"), (), (place.record("Motion", values),), calls)


@code_of.register
def _transpose(operation: Transpose, place: Place) -> LayerCode:
    steps, out = contiguous(place.inputs[0].shape), place.output.shape
    values = _loops(loops(out, [steps[axis] for axis in operation.order], contiguous(out)).filled())
    return LayerCode(("move",), (), (place.record("Motion", values),), (place.call("move"),))


@code_of.register
def _concatenation(operation: Concatenation, place: Place) -> LayerCode:
    out = contiguous(place.output.shape)
    records, calls, begin = [], [], 0
    *sources, target = place.pointers
    for number, (tensor, source) in enumerate(zip(place.inputs, sources, strict=True)):
        values = _loops(loops(tensor.shape, contiguous(tensor.shape), out).filled())
        records.append(place.record("Motion", values, suffix=f"_{number}"))
        calls.append(place.call("move", suffix=f"_{number}", arguments=[source, f"{target} + {begin}"]))
        begin += tensor.shape[operation.axis] * out[operation.axis]
    return LayerCode(("move",), _constants(place), tuple(records), tuple(calls))
