"""The size of the `.tflite` before it exists, and what of it is weights.

A `.tflite` is a flatbuffer. It holds int8 weights and int32 biases; for each quantised channel of either a
float32 scale and an int64 zero point; and for each tensor, buffer and operator a table and a name. The
sizes of the tables were fitted to 240 networks of the CNN space that `search.training.quantise` wrote with
TensorFlow 2.21; what the fit leaves over is below 140 bytes per file.
"""

from __future__ import annotations

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator, TensorSpec
from resource_models.model_file.converted import as_converted
from resource_models.model_file.tensor_names import NUMBERS_LENGTH, name_lengths

_FILE_BYTES = 466
_OPERATOR_CODE_BYTES = 47
_ACTIVATION_BYTES = 48
_CONSTANT_BYTES = 23
_QUANTIZED_TENSOR_BYTES = 52
_CHANNEL_BYTES = 12
"""A float32 scale and an int64 zero point."""
_OPERATOR_BYTES = 8 + _ACTIVATION_BYTES + _CHANNEL_BYTES + _QUANTIZED_TENSOR_BYTES + 4
"""An operator and its output, without what depends on how many tensors it has."""


def weight_bytes(graph: Graph) -> int:
    """Bytes of all constants in their element types: weights, biases, and the shapes and axes that a file holds."""
    return sum(constant.size_bytes for constant in constants_of(graph))


def constants_of(graph: Graph) -> frozenset[TensorSpec]:
    """All constants; one that several operators share counts once."""
    return frozenset(constant for operator in graph.operators for constant in operator.constants)


def parameters(graph: Graph) -> int:
    """Number of weights and biases; the model size of the `unas` accounting at 1 byte each."""
    weighted = (op.Conv2D, op.DepthwiseConv2D, op.TransposeConv2D, op.Dense, op.Svdf, op.Lstm)
    return sum(
        [
            constant.elements
            for operator in graph.operators
            if isinstance(operator.spec, weighted)
            for constant in operator.constants
        ]
    )


def model_bytes(graph: Graph) -> int:
    """Bytes of the int8 `.tflite` that our converter writes for `graph`, or of the file that it was read from."""
    return file_bytes(as_converted(graph))


def file_bytes(converted: Graph) -> int:
    """Bytes of the `.tflite` of a graph as `as_converted` gives it."""
    if converted.file_bytes is not None:
        return converted.file_bytes
    total = _FILE_BYTES
    for tensor in converted.inputs:
        total += _ACTIVATION_BYTES + _CHANNEL_BYTES + _QUANTIZED_TENSOR_BYTES
        total += 4 * len(converted.tensors[tensor].shape)
    known: set[str] = set()
    kinds = set()
    for operator in converted.operators:
        kinds.add(type(operator.spec))
        total += _operator_bytes(converted, operator, known)
    return total + _OPERATOR_CODE_BYTES * len(kinds)


def _operator_bytes(graph: Graph, operator: Operator, known: set[str]) -> int:
    """Bytes of an operator, of its output, and of those of its constants that are not `known` yet."""
    lengths = name_lengths(graph, operator)
    output = operator.outputs[0]
    constants = operator.constants
    name = len("Identity") if output in graph.outputs else lengths[-1]
    links = len(operator.inputs) + len(constants) + len(operator.outputs)
    total = _OPERATOR_BYTES + 4 * (links + len(graph.tensors[output].shape)) + _text_bytes(name)
    for constant, length in zip(constants, lengths, strict=False):
        if constant.name in known:
            continue
        known.add(constant.name)
        shape = constant.shape
        total += constant.size_bytes + _CONSTANT_BYTES + _text_bytes(length) + 4 + 4 * len(shape)
        if length != NUMBERS_LENGTH:
            channels = shape[-1] if type(operator.spec) is op.DepthwiseConv2D else shape[0]
            total += _CHANNEL_BYTES * channels + _QUANTIZED_TENSOR_BYTES
    return total


def _text_bytes(length: int) -> int:
    """A string in a flatbuffer: its length, its bytes and a zero, in steps of four."""
    return 4 + (length + 4) // 4 * 4
