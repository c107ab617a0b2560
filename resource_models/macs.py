"""Multiply-accumulates of a graph, in one of two accountings.

`tflm` counts what dominates the time: convolutions, depthwise convolutions and dense layers (and the matrix
products of recurrent operators). `unas` also counts pooling and additions, as the tables of the μNAS paper
do (arXiv:2010.14246): conv oh·ow·oc·kh·kw·ic, depthwise oh·ow·c·kh·kw, dense in·out, pooling oh·ow·c·ph·pw,
add (terms − 1)·elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

from resource_models.errors import ResourceModelError, UnknownOperatorError
from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator

Accounting = Literal["tflm", "unas"]
ACCOUNTINGS: tuple[Accounting, ...] = ("tflm", "unas")


def macs(graph: Graph, accounting: Accounting = "tflm") -> int:
    """Multiply-accumulates of one inference.

    Raises:
        UnknownOperatorError: an operator has no rule.
        ResourceModelError: `accounting` is not one of `ACCOUNTINGS`.
    """
    return sum(macs_by_operator(graph, accounting))


def macs_by_operator(graph: Graph, accounting: Accounting = "tflm") -> tuple[int, ...]:
    """Multiply-accumulates of each operator, in the graph's order. Raises as `macs`."""
    check_accounting(accounting)
    every = accounting == "unas"
    return tuple([_operator_macs(graph, operator, every) for operator in graph.operators])


def counted_macs(graph: Graph, accounting: Accounting = "tflm") -> tuple[int | None, ...]:
    """As `macs_by_operator`, with None for the operators of a file that have no rule."""
    check_accounting(accounting)
    every = accounting == "unas"
    return tuple(
        [
            None if isinstance(o.spec, op.Other) and o.spec.macs is None else _operator_macs(graph, o, every)
            for o in graph.operators
        ]
    )


def unknown_macs(graph: Graph) -> str:
    """Why the multiply-accumulates of a graph are not known, naming the operators; empty where they are."""
    specs = [operator.spec for operator in graph.operators]
    names = sorted({spec.name for spec in specs if isinstance(spec, op.Other) and spec.macs is None})
    return f"there is no rule for the multiply-accumulates of {', '.join(names)}" if names else ""


def check_accounting(accounting: str) -> None:
    """Raise `ResourceModelError` unless `accounting` is one of `ACCOUNTINGS`."""
    if accounting not in ACCOUNTINGS:
        raise ResourceModelError(f"there is no accounting {accounting!r}; choose {' or '.join(ACCOUNTINGS)}")


def _operator_macs(graph: Graph, operator: Operator, every: bool) -> int:
    spec = type(operator.spec)
    rule = _RULES.get(spec)
    if rule is not None:
        return rule(graph, operator)
    if isinstance(operator.spec, op.Other):
        return _other(operator.spec)
    if spec in _LIGHT:
        return _LIGHT[spec](graph, operator) if every else 0
    if spec in _WITHOUT_PRODUCTS:
        return 0
    raise UnknownOperatorError(f"no MAC rule for operator {spec.__name__}", operator=spec.__name__)


def _other(spec: op.Other) -> int:
    if spec.macs is None:
        raise UnknownOperatorError(
            f"the multiply-accumulates of {spec.name} are not known: there is no rule for it", operator=spec.name
        )
    return spec.macs


def _conv(graph: Graph, operator: Operator) -> int:
    batch, rows, columns, _ = graph.tensors[operator.outputs[0]].shape
    return batch * rows * columns * operator.constants[0].elements


def _transpose_conv(graph: Graph, operator: Operator) -> int:
    batch, rows, columns, _ = graph.tensors[operator.inputs[0]].shape
    return batch * rows * columns * operator.constants[0].elements


def _dense(graph: Graph, operator: Operator) -> int:
    units, depth = operator.constants[0].shape
    return graph.tensors[operator.inputs[0]].elements // depth * units * depth


def _svdf(graph: Graph, operator: Operator) -> int:
    return graph.tensors[operator.inputs[0]].shape[0] * sum(constant.elements for constant in operator.constants[:2])


def _lstm(graph: Graph, operator: Operator) -> int:
    *steps, _ = graph.tensors[operator.inputs[0]].shape
    matrices = sum(constant.elements for constant in operator.constants if len(constant.shape) == 2)
    return math.prod(steps) * matrices


def _pool(graph: Graph, operator: Operator) -> int:
    window: op.Pair = operator.spec.size  # type: ignore[attr-defined]  # the table gives pools only
    return graph.tensors[operator.outputs[0]].elements * window[0] * window[1]


def _mean(graph: Graph, operator: Operator) -> int:
    return graph.tensors[operator.inputs[0]].elements


def _add(graph: Graph, operator: Operator) -> int:
    terms = len(operator.inputs) + len(operator.constants)
    return (terms - 1) * graph.tensors[operator.outputs[0]].elements


_RULES: dict[type[Any], Callable[[Graph, Operator], int]] = {
    op.Conv2D: _conv,
    op.DepthwiseConv2D: _conv,
    op.TransposeConv2D: _transpose_conv,
    op.Dense: _dense,
    op.Svdf: _svdf,
    op.Lstm: _lstm,
}
_LIGHT: dict[type[Any], Callable[[Graph, Operator], int]] = {
    op.MaxPool2D: _pool,
    op.AveragePool2D: _pool,
    op.Reduce: _mean,
    op.Add: _add,
}
_WITHOUT_PRODUCTS = frozenset(
    {
        op.Binary, op.Unary, op.Softmax, op.Pad, op.PadAxes, op.Reshape, op.Flatten, op.Transpose, op.Concatenate,
        op.Split, op.Slice, op.Resize, op.Stack, op.Shape,
    }
)  # fmt: skip
