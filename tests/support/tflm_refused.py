"""Models that TensorFlow Lite Micro does not run: ways to convert and operators without a kernel, and its limits."""

from __future__ import annotations

from collections.abc import Sequence

from tflite import ActivationFunctionType, TensorType

from tests.support.tflite_files import Shape, TfliteWriter
from tests.support.tflm_probes import TYPES


def _odd(
    name: str, kinds: Sequence[str], result: str, options: str = "", shapes: Sequence[Shape] = (), **fields: object
) -> bytes:
    """One operator whose first input is an activation and whose others are constants, in these element types."""
    w = TfliteWriter()
    tensors = []
    for place, kind in enumerate(kinds):
        number, size = TYPES[kind]
        shape = shapes[place] if place < len(shapes) else (1, 8, 8, 4)
        elements = 1
        for length in shape:
            elements *= max(length, 1)
        scales = [0.1] if kind in ("int8", "uint8", "int16", "int4") else []
        tensors.append(w.tensor(shape, bytes(elements * size) if place else b"", dtype=number, scales=scales))
    y = w.tensor(shapes[len(kinds)] if len(shapes) > len(kinds) else (1, 8, 8, 4), dtype=TYPES[result][0],
                 scales=[0.1] if result in ("int8", "uint8", "int16") else [])  # fmt: skip
    w.operator(name, tensors, [y], options, **fields)
    return w.file(tensors[:1], [y])


_CONV = {"options": "Conv2DOptions", "Padding": 0, "StrideW": 1, "StrideH": 1}
_CONV_SHAPES = [(1, 8, 8, 4), (4, 3, 3, 4), (4,)]
_DENSE_SHAPES = [(1, 8), (4, 8), (4,), (1, 4)]


def _float16() -> bytes:
    """Weights of float16, made float32 by DEQUANTIZE, as the converter does for `supported_types=[float16]`."""
    w = TfliteWriter()
    weights, wide = w.tensor((4, 8), bytes(64), dtype=TensorType.FLOAT16), w.tensor((4, 8), dtype=TensorType.FLOAT32)
    x, y = w.tensor((1, 8), dtype=TensorType.FLOAT32), w.tensor((1, 4), dtype=TensorType.FLOAT32)
    w.operator("DEQUANTIZE", [weights], [wide])
    w.operator("FULLY_CONNECTED", [x, wide, -1], [y], "FullyConnectedOptions")
    return w.file([x], [y])


def refused() -> dict[str, bytes]:
    """Ways to convert and operators that TFLM has no kernel for, and what it has limits for."""
    many = TfliteWriter()
    parts = [many.tensor((1, 2)) for _ in range(11)]
    joined = many.tensor((1, 22))
    many.operator("CONCATENATION", parts, [joined], "ConcatenationOptions", Axis=1)
    return {
        "hybrid convolution": _odd("CONV_2D", ("float32", "int8", "float32"), "float32", shapes=_CONV_SHAPES, **_CONV),
        "hybrid dense": _odd("FULLY_CONNECTED", ("float32", "int8", "float32"), "float32", "FullyConnectedOptions",
                             _DENSE_SHAPES),
        "uint8 convolution": _odd("CONV_2D", ("uint8", "uint8", "int32"), "uint8", shapes=_CONV_SHAPES, **_CONV),
        "uint8 dense": _odd("FULLY_CONNECTED", ("uint8", "uint8", "int32"), "uint8", "FullyConnectedOptions",
                            _DENSE_SHAPES),
        "uint8 softmax": _odd("SOFTMAX", ("uint8",), "uint8", "SoftmaxOptions", Beta=1.0),
        "float16 weights": _float16(),
        "float16 throughout": _odd("RELU", ("float16",), "float16"),
        "int64 numbers": _odd("ADD", ("int64", "int64"), "int64", "AddOptions"),
        "int32 softmax": _odd("SOFTMAX", ("int32",), "int32", "SoftmaxOptions"),
        "int16 hard swish": _odd("HARD_SWISH", ("int16",), "int16"),
        "eleven tensors joined": many.file(parts, [joined]),
        "parts that do not add up": _odd("CONCATENATION", ("float32", "float32"), "float32", "ConcatenationOptions",
                                         [(1, 2), (1, 2), (1, 9)], Axis=1),
        "shape at run time": _odd("RELU", ("float32",), "float32", shapes=[(1, 8), (-1, 8)]),
        "six axes turned": _odd("TRANSPOSE", ("float32", "int32"), "float32", "TransposeOptions",
                                [(1, 1, 1, 1, 2, 3), (6,), (1, 1, 1, 1, 2, 3)]),
        "softmax of another scale": _odd("SOFTMAX", ("int8",), "int8", "SoftmaxOptions", Beta=1.0),
        "joined with an activation": _odd("CONCATENATION", ("float32", "float32"), "float32", "ConcatenationOptions",
                                          [(1, 2), (1, 2), (1, 4)], Axis=1,
                                          FusedActivationFunction=ActivationFunctionType.RELU),
        **{f"no kernel: {name}": _odd(name, ("float32",), "float32")
           for name in ("GELU", "TILE", "POW", "RELU_N1_TO_1", "LOCAL_RESPONSE_NORMALIZATION", "SIGN")},
        "weights left out": _unassigned(),
        "Flex operator": _odd("FlexErf", ("float32",), "float32"),
        "custom operator": _odd("MyLayer", ("float32",), "float32"),
    }  # fmt: skip


def _unassigned() -> bytes:
    """A variable for weights that the file does not hold, as a converter writes it that was not given them."""
    w = TfliteWriter()
    x, y = w.tensor((1, 8), dtype=TensorType.FLOAT32), w.tensor((1, 4), dtype=TensorType.FLOAT32)
    handle, weights = w.tensor((), dtype=TensorType.RESOURCE), w.tensor((4, 8), dtype=TensorType.FLOAT32)
    w.operator("VAR_HANDLE", [], [handle], "VarHandleOptions", Container="", SharedName="dense/kernel")
    w.operator("READ_VARIABLE", [handle], [weights])
    w.operator("FULLY_CONNECTED", [x, weights, -1], [y], "FullyConnectedOptions")
    return w.file([x], [y])
