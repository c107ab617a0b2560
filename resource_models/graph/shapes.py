"""Shape of what each operator writes, from what it reads: the only place where shapes are computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from resource_models.errors import GraphError, UnknownOperatorError
from resource_models.graph import operators as op

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]


def output_shapes(name: str, spec: op.OperatorSpec, inputs: Shapes, constants: Shapes) -> Shapes:
    """Shapes of the outputs of the operator `name` that reads tensors of shapes `inputs`.

    Raises:
        GraphError: when the operator cannot read such inputs.
        UnknownOperatorError: when there is no rule for this class of operator.
    """
    rule = _RULES.get(type(spec))
    if rule is None:
        raise UnknownOperatorError(f"no shape rule for operator {type(spec).__name__}", operator=type(spec).__name__)
    try:
        shapes = rule(spec, inputs, constants)
    except _MisfitError as misfit:
        raise GraphError(f"{name!r} ({type(spec).__name__}): {misfit}", operator=name) from None
    except (IndexError, ValueError):
        described = f"inputs {list(inputs)} and constants {list(constants)}"
        raise GraphError(f"{name!r} ({type(spec).__name__}) cannot have {described}", operator=name) from None
    return shapes


def window_size(length: int, kernel: int, stride: int, padding: op.Padding) -> int:
    """Number of positions of a window of `kernel` elements along `length` elements; 0 or less when it does not fit."""
    if padding == "same":
        return -(-length // stride)
    return (length - kernel) // stride + 1


class _MisfitError(Exception):
    """Why a rule cannot apply."""


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _MisfitError(reason)


def _map_shape(inputs: Shapes, count: int = 1) -> tuple[int, int, int, int]:
    if len(inputs) != count:
        raise _MisfitError(f"it takes {count} input, not {len(inputs)}")
    if len(inputs[0]) != 4:
        raise _MisfitError(f"it takes a feature map (1, height, width, channels), not {inputs[0]}")
    batch, height, width, channels = inputs[0]
    return batch, height, width, channels


def _windows(height: int, width: int, kernel: op.Pair, strides: op.Pair, padding: op.Padding) -> op.Pair:
    if min(*kernel, *strides) < 1:
        raise _MisfitError(f"kernel {kernel} and strides {strides} must be at least 1")
    rows = window_size(height, kernel[0], strides[0], padding)
    columns = window_size(width, kernel[1], strides[1], padding)
    if rows < 1 or columns < 1:
        raise _MisfitError(f"a {kernel[0]}×{kernel[1]} window does not fit a {height}×{width} map")
    return rows, columns


def _dilated(kernel: op.Pair, dilations: op.Pair) -> op.Pair:
    return (kernel[0] - 1) * dilations[0] + 1, (kernel[1] - 1) * dilations[1] + 1


def _bias_fits(constants: Shapes, channels: int) -> None:
    for bias in constants[1:]:
        if bias != (channels,) and math.prod(bias) != channels:
            raise _MisfitError(f"the bias has shape {bias}, but there are {channels} channels")


def _conv(spec: op.Conv2D, inputs: Shapes, constants: Shapes) -> Shapes:
    batch, height, width, channels = _map_shape(inputs)
    filters, rows, columns, depth = constants[0]
    if (rows, columns) != spec.kernel:
        raise _MisfitError(f"weights {constants[0]} do not have the kernel {spec.kernel}")
    if depth < 1 or channels % depth:
        raise _MisfitError(f"weights read {depth} channels, but the map has {channels}")
    _bias_fits(constants, filters)
    size = _windows(height, width, _dilated(spec.kernel, spec.dilations), spec.strides, spec.padding)
    return ((batch, *size, filters),)


def _depthwise(spec: op.DepthwiseConv2D, inputs: Shapes, constants: Shapes) -> Shapes:
    batch, height, width, channels = _map_shape(inputs)
    one, rows, columns, filters = constants[0]
    if (one, rows, columns) != (1, *spec.kernel):
        raise _MisfitError(f"weights {constants[0]} do not have the kernel {spec.kernel}")
    if filters != channels * spec.multiplier:
        raise _MisfitError(f"weights have {filters} channels, not {channels} × {spec.multiplier}")
    _bias_fits(constants, filters)
    size = _windows(height, width, _dilated(spec.kernel, spec.dilations), spec.strides, spec.padding)
    return ((batch, *size, filters),)


def _transpose_conv(spec: op.TransposeConv2D, inputs: Shapes, constants: Shapes) -> Shapes:
    batch, height, width, channels = _map_shape(inputs)
    filters, rows, columns, depth = constants[0]
    if (rows, columns) != spec.kernel:
        raise _MisfitError(f"weights {constants[0]} do not have the kernel {spec.kernel}")
    _require(depth == channels, f"weights read {depth} channels, but the map has {channels}")
    _bias_fits(constants[:2], filters)
    size = _windows(*spec.output_size, spec.kernel, spec.strides, spec.padding)
    _require(size == (height, width), f"an output of {spec.output_size} does not come from a {height}×{width} map")
    return ((batch, *spec.output_size, filters),)


def _pool(spec: op.MaxPool2D | op.AveragePool2D, inputs: Shapes, _constants: Shapes) -> Shapes:
    batch, height, width, channels = _map_shape(inputs)
    return ((batch, *_windows(height, width, spec.size, spec.strides, spec.padding), channels),)


def _dense(spec: op.Dense, inputs: Shapes, constants: Shapes) -> Shapes:
    if len(inputs) != 1:
        raise _MisfitError(f"it takes 1 input, not {len(inputs)}")
    units, depth = constants[0]
    elements = math.prod(inputs[0])
    if depth < 1 or elements % depth:
        raise _MisfitError(f"weights read {depth} values, but the input has {elements}")
    _bias_fits(constants, units)
    if spec.keep_dims:
        _require(inputs[0][-1] == depth, f"weights read {depth} values, but the last axis has {inputs[0][-1]}")
        return ((*inputs[0][:-1], units),)
    return ((elements // depth, units),)


def _broadcast(inputs: Shapes) -> Shape:
    rank = max(map(len, inputs))
    padded = [(1,) * (rank - len(shape)) + shape for shape in inputs]
    result = tuple(map(max, zip(*padded, strict=True)))
    for shape in padded:
        fits = all(length in (1, target) for length, target in zip(shape, result, strict=True))
        _require(fits, f"shapes {', '.join(map(str, inputs))} do not go together")
    return result


def _add(_spec: op.Add, inputs: Shapes, constants: Shapes) -> Shapes:
    _require(len(inputs) + len(constants) >= 2, "it takes two or more inputs")
    if len(set(inputs)) == 1 and not constants:
        return inputs[:1]
    _require(len(inputs) + len(constants) == 2, f"inputs must have one shape, not {', '.join(map(str, inputs))}")
    return (_broadcast((*inputs, *constants)),)


def _binary(_spec: op.Binary, inputs: Shapes, constants: Shapes) -> Shapes:
    _require(len(inputs) + len(constants) == 2, "it takes two inputs")
    return (_broadcast((*inputs, *constants)),)


def _same_shape(_spec: op.OperatorSpec, inputs: Shapes, _constants: Shapes) -> Shapes:
    if len(inputs) != 1:
        raise _MisfitError(f"it takes 1 input, not {len(inputs)}")
    return inputs


def _pad(spec: op.Pad, inputs: Shapes, _constants: Shapes) -> Shapes:
    batch, height, width, channels = _map_shape(inputs)
    (top, bottom), (left, right) = spec.paddings
    _require(min(top, bottom, left, right) >= 0, f"paddings {spec.paddings} must not be negative")
    return ((batch, height + top + bottom, width + left + right, channels),)


def _pad_axes(spec: op.PadAxes, inputs: Shapes, _constants: Shapes) -> Shapes:
    _require(len(spec.paddings) == len(inputs[0]), f"{len(spec.paddings)} paddings do not fit {inputs[0]}")
    return (tuple(n + before + after for n, (before, after) in zip(inputs[0], spec.paddings, strict=True)),)


def _reshape(spec: op.Reshape, inputs: Shapes, _constants: Shapes) -> Shapes:
    same = math.prod(spec.shape) == math.prod(inputs[0])
    _require(same, f"{inputs[0]} has other elements than {spec.shape}")
    return (spec.shape,)


def _flatten(_spec: op.Flatten, inputs: Shapes, _constants: Shapes) -> Shapes:
    if len(inputs) != 1:
        raise _MisfitError(f"it takes 1 input, not {len(inputs)}")
    return ((inputs[0][0], math.prod(inputs[0][1:])),)


def _transpose(spec: op.Transpose, inputs: Shapes, _constants: Shapes) -> Shapes:
    whole = sorted(spec.permutation) == list(range(len(inputs[0])))
    _require(whole, f"{spec.permutation} is not an order of the axes of {inputs[0]}")
    return (tuple(inputs[0][axis] for axis in spec.permutation),)


def _concatenate(spec: op.Concatenate, inputs: Shapes, constants: Shapes) -> Shapes:
    shapes = (*inputs, *constants)
    axis = _axis(spec.axis, len(shapes[0]))
    others = {(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}
    _require(len(others) == 1, f"shapes {', '.join(map(str, shapes))} differ outside axis {spec.axis}")
    return ((*shapes[0][:axis], sum(shape[axis] for shape in shapes), *shapes[0][axis + 1 :]),)


def _split(spec: op.Split, inputs: Shapes, _constants: Shapes) -> Shapes:
    shape = inputs[0]
    axis = _axis(spec.axis, len(shape))
    _require(sum(spec.sizes) == shape[axis], f"parts {spec.sizes} do not make up axis {axis} of {shape}")
    return tuple((*shape[:axis], size, *shape[axis + 1 :]) for size in spec.sizes)


def _slice(spec: op.Slice, inputs: Shapes, _constants: Shapes) -> Shapes:
    _require(math.prod(spec.shape) <= math.prod(inputs[0]), f"{spec.shape} is more than the input {inputs[0]}")
    return (spec.shape,)


def _stack(spec: op.Stack, inputs: Shapes, constants: Shapes) -> Shapes:
    shapes = (*inputs, *constants)
    _require(len(set(shapes)) == 1, f"shapes {', '.join(map(str, shapes))} differ")
    axis = _axis(spec.axis, len(shapes[0]) + 1)
    return ((*shapes[0][:axis], len(shapes), *shapes[0][axis:]),)


def _shape(_spec: op.Shape, inputs: Shapes, _constants: Shapes) -> Shapes:
    return ((len(inputs[0]),),)


def _reduce(spec: op.Reduce, inputs: Shapes, _constants: Shapes) -> Shapes:
    shape = inputs[0]
    axes = {_axis(axis, len(shape)) for axis in spec.axes}
    if spec.keep_dims:
        return (tuple(1 if axis in axes else length for axis, length in enumerate(shape)),)
    return (tuple(length for axis, length in enumerate(shape) if axis not in axes),)


def _resize(spec: op.Resize, inputs: Shapes, _constants: Shapes) -> Shapes:
    batch, _, _, channels = _map_shape(inputs)
    return ((batch, *spec.size, channels),)


def _svdf(spec: op.Svdf, inputs: Shapes, constants: Shapes) -> Shapes:
    filters = constants[0][0]
    _require(
        spec.rank >= 1 and filters % spec.rank == 0,
        f"{filters} filters are not a multiple of rank {spec.rank}",
    )
    return ((inputs[0][0], filters // spec.rank),)


def _lstm(spec: op.Lstm, inputs: Shapes, _constants: Shapes) -> Shapes:
    return ((*inputs[0][:-1], spec.units),)


def _other(spec: op.Other, _inputs: Shapes, _constants: Shapes) -> Shapes:
    return spec.shapes


def _axis(axis: int, rank: int) -> int:
    _require(-rank <= axis < rank, f"there is no axis {axis} in a tensor of {rank} axes")
    return axis % rank


_RULES: dict[type[op.OperatorSpec], Callable[[Any, Shapes, Shapes], Shapes]] = {
    op.Conv2D: _conv,
    op.DepthwiseConv2D: _depthwise,
    op.TransposeConv2D: _transpose_conv,
    op.MaxPool2D: _pool,
    op.AveragePool2D: _pool,
    op.Dense: _dense,
    op.Add: _add,
    op.Binary: _binary,
    op.Unary: _same_shape,
    op.Softmax: _same_shape,
    op.Pad: _pad,
    op.PadAxes: _pad_axes,
    op.Reshape: _reshape,
    op.Flatten: _flatten,
    op.Transpose: _transpose,
    op.Concatenate: _concatenate,
    op.Split: _split,
    op.Slice: _slice,
    op.Stack: _stack,
    op.Shape: _shape,
    op.Reduce: _reduce,
    op.Resize: _resize,
    op.Svdf: _svdf,
    op.Lstm: _lstm,
    op.Other: _other,
}
