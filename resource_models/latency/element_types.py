"""The element types that a network computes in, which decide the kernels that run and so the time that it takes."""

from __future__ import annotations

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator

_CONVERSIONS = frozenset({"quantize", "dequantize", "cast"})
_INDICES = frozenset({"int32", "int64", "uint32", "uint64", "bool"})
"""Element types in which shapes, places and conditions are computed."""
_WEIGHTED = (op.Conv2D, op.DepthwiseConv2D, op.TransposeConv2D, op.Dense, op.Svdf, op.Lstm)


def element_types(graph: Graph) -> str:
    """The element types of a network's operators in words: "int8", "float32", "int16 with int8 weights", ….

    Operators that convert between types, as at the ends of an int8 network, and the arithmetic of shapes do not count.
    Several are joined by "and".
    """
    found = dict.fromkeys(_type_of(graph, operator) for operator in graph.operators if _computes(graph, operator))
    return " and ".join(found) or graph.tensors[graph.inputs[0]].dtype


def _computes(graph: Graph, operator: Operator) -> bool:
    spec = operator.spec
    if type(spec) is op.Unary and spec.function in _CONVERSIONS:
        return False
    return graph.tensors[operator.outputs[0]].dtype not in _INDICES


def _type_of(graph: Graph, operator: Operator) -> str:
    activations = graph.tensors[operator.inputs[0] if operator.inputs else operator.outputs[0]].dtype
    if isinstance(operator.spec, _WEIGHTED) and operator.constants:
        weights = operator.constants[0].dtype
        if weights != activations:
            return f"{activations} with {weights} weights"
    return activations
