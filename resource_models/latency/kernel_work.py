"""What an operator costs in the units of a kernel library: the terms of the latency model, per kind of kernel.

A kernel's cycles are a sum of terms, each with a physical meaning, times coefficients of the core and runtime (see
`runtimes.latency_fit`):

- ``call``: once per call (interpreter, argument checks);
- ``macs``: multiply-accumulates of the inner loop;
- ``outputs``: output elements (requantisation, activation, store);
- ``columns``: bytes that im2col widens and copies, ``patches`` the copies (one per kernel position), ``positions``
  the output pixels;
- ``macs_tail``, ``columns_tail``: what is left when channels are not a multiple of 4 (or 16) and SIMD falls back to
  scalar code, ``macs_unaligned`` all MACs of such a layer for kernels that give up SIMD altogether. With few input
  channels ``patches`` and these outweigh the MACs.

Source of the shape: the CMSIS-NN kernels (arXiv:1801.06601) as TFLM calls them; a 1x1 convolution of stride 1 whose
input channels are a multiple of 4 needs no im2col and is a kernel of its own, ``pointwise``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from resource_models.errors import UnknownOperatorError
from resource_models.graph import operators as ops

Shape = tuple[int, ...]


class Work(NamedTuple):
    """The terms of one kernel call; ``macs`` counts its multiply-accumulates as TFLM does."""

    kind: str
    terms: tuple[float, ...]
    macs: int


def convolution(kernel: tuple[int, int], strides: tuple[int, int], channels: int, output: Shape) -> Work:
    """A convolution of ``channels`` input channels to ``output`` (1, height, width, filters)."""
    positions = output[1] * output[2]
    outputs = positions * output[3]
    patches = positions * kernel[0] * kernel[1]
    depth = kernel[0] * kernel[1] * channels
    macs = outputs * depth
    if kernel == (1, 1) and strides == (1, 1) and channels % 4 == 0:
        return Work("pointwise", (1.0, macs, outputs, outputs * (channels % 16)), macs)
    tail = channels % 4
    terms = (
        1.0,
        macs,
        outputs,
        positions * depth,
        patches,
        positions,
        outputs * (depth % 4),
        patches * tail,
        macs if tail else 0,
    )
    return Work("conv", terms, macs)


def depthwise(kernel: tuple[int, int], output: Shape) -> Work:
    """A depthwise convolution to ``output`` (1, height, width, channels)."""
    window = kernel[0] * kernel[1]
    positions = output[1] * output[2]
    outputs = positions * output[3]
    return Work("depthwise", (1.0, outputs * window, outputs, positions * window), outputs * window)


def dense(inputs: int, outputs: int) -> Work:
    """A fully connected layer of ``inputs`` x ``outputs`` weights."""
    return Work("dense", (1.0, inputs * outputs, outputs), inputs * outputs)


def pool(size: tuple[int, int], output: Shape) -> Work:
    """A pooling with windows of ``size`` to ``output``."""
    outputs = math.prod(output)
    return Work("pool", (1.0, outputs * size[0] * size[1], outputs), 0)


def elementwise(kind: str, elements: int) -> Work:
    """A kernel whose cost follows one number of elements: add, binary, unary, softmax, mean, pad, copy, reshape."""
    return Work(kind, (1.0, elements), 0)


def operator_work(spec: ops.OperatorSpec, inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    """The kernel calls of one operator on inputs of these shapes.

    Raises:
        UnknownOperatorError: There is no cost rule for this operator; it is never costed as zero.
    """
    rule = _RULES.get(type(spec))
    if rule is None:
        name = type(spec).__name__
        raise UnknownOperatorError(f"There is no latency rule for the operator {name}.", operator=name)
    return rule(spec, inputs, output)


def _conv(spec: ops.Conv2D, inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    return (convolution(spec.kernel, spec.strides, inputs[0][3], output),)


def _depthwise(spec: ops.DepthwiseConv2D, _inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    return (depthwise(spec.kernel, output),)


def _dense(_spec: ops.Dense, inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    outputs = output[-1]
    rows = math.prod(output) // outputs
    return (dense(inputs[0][-1] if rows > 1 else math.prod(inputs[0]), outputs),) * rows


def _pool(spec: ops.MaxPool2D | ops.AveragePool2D, _inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    return (pool(spec.size, output),)


def _add(_spec: ops.Add, inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
    return (elementwise("add", math.prod(output)),) * (len(inputs) - 1)


def _by_inputs(kind: str) -> Callable[..., tuple[Work, ...]]:
    def rule(_spec: ops.OperatorSpec, inputs: Sequence[Shape], _output: Shape) -> tuple[Work, ...]:
        return (elementwise(kind, sum(math.prod(shape) for shape in inputs)),)

    return rule


def _by_output(kind: str) -> Callable[..., tuple[Work, ...]]:
    def rule(_spec: ops.OperatorSpec, _inputs: Sequence[Shape], output: Shape) -> tuple[Work, ...]:
        return (elementwise(kind, math.prod(output)),)

    return rule


_RULES: dict[type[ops.OperatorSpec], Callable[..., tuple[Work, ...]]] = {
    ops.Conv2D: _conv,
    ops.DepthwiseConv2D: _depthwise,
    ops.Dense: _dense,
    ops.MaxPool2D: _pool,
    ops.AveragePool2D: _pool,
    ops.Add: _add,
    ops.Binary: _by_output("binary"),
    ops.Unary: _by_output("unary"),
    ops.Softmax: _by_output("softmax"),
    ops.Reduce: _by_inputs("mean"),
    ops.Pad: _by_output("pad"),
    ops.PadAxes: _by_output("pad"),
    ops.Reshape: _by_output("reshape"),
    ops.Flatten: _by_output("reshape"),
    ops.Transpose: _by_output("copy"),
    ops.Concatenate: _by_output("copy"),
    ops.Shape: _by_output("reshape"),
    ops.Stack: _by_output("copy"),
    ops.Split: _by_inputs("copy"),
    ops.Slice: _by_output("copy"),
    ops.Resize: _by_output("unary"),
}
