"""The element types that a network computes in, which decide the kernels that run and so the time that it takes."""

from __future__ import annotations

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph

_CONVERSIONS = frozenset({"quantize", "dequantize", "cast"})
_INDICES = frozenset({"int32", "int64", "uint32", "uint64", "bool"})
"""Element types in which shapes, places and conditions are computed."""
_WEIGHTED = frozenset({op.Conv2D, op.DepthwiseConv2D, op.TransposeConv2D, op.Dense, op.Svdf, op.Lstm})


def element_types(graph: Graph) -> str:
    """The element types of a network's operators in words: "int8", "float32", "int16 with int8 weights", ….

    Operators that convert between types, as at the ends of an int8 network, and the arithmetic of shapes do not count.
    Several are joined by "and".
    """
    tensors, found = graph.tensors, dict[str, None]()
    for operator in graph.operators:  # one loop without calls, since every candidate of a search comes here
        spec = operator.spec
        written = tensors[operator.outputs[0]].dtype
        if written in _INDICES or (type(spec) is op.Unary and spec.function in _CONVERSIONS):
            continue
        kind = tensors[operator.inputs[0]].dtype if operator.inputs else written
        if type(spec) in _WEIGHTED and operator.constants and operator.constants[0].dtype != kind:
            kind = f"{kind} with {operator.constants[0].dtype} weights"
        found[kind] = None
    return " and ".join(found) or tensors[graph.inputs[0]].dtype
