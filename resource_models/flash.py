"""Flash: bytes of the `.tflite` before it exists, and bytes of the runtime's code.

A `.tflite` is a flatbuffer: the weights as int8, the biases as int32, one float32 scale and one int64 zero point per
quantised channel, and tables with names for tensors, buffers and operators.
"""

from __future__ import annotations

from resource_models.converted import as_converted
from resource_models.graph import Graph, TensorSpec

_FILE_BYTES = 1100
_OPERATOR_BYTES = 60
_TENSOR_BYTES = 190
_CHANNEL_BYTES = 12


def weight_bytes(graph: Graph) -> int:
    """Bytes of all constants in their element types: weights, biases, and the shapes and axes that a file holds."""
    return sum(constant.size_bytes for constant in constants_of(graph))


def constants_of(graph: Graph) -> frozenset[TensorSpec]:
    """All constants; one that several operators share counts once."""
    return frozenset(constant for operator in graph.operators for constant in operator.constants)


def parameters(graph: Graph) -> int:
    """Number of weights and biases; the model size of the `unas` accounting at 1 byte each."""
    return sum([constant.elements for operator in graph.operators for constant in operator.constants])


def model_bytes(graph: Graph) -> int:
    """Bytes of the int8 `.tflite` that our converter writes for `graph`."""
    return file_bytes(as_converted(graph))


def file_bytes(converted: Graph) -> int:
    """Bytes of the `.tflite` of a graph as `as_converted` gives it."""
    if converted.file_bytes is not None:
        return converted.file_bytes
    total = _FILE_BYTES + _TENSOR_BYTES * len(converted.tensors)
    for operator in converted.operators:
        total += _OPERATOR_BYTES
        for constant in operator.constants:
            total += constant.size_bytes + _TENSOR_BYTES + _CHANNEL_BYTES * constant.shape[0]
    return total
