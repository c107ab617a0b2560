"""A network as the OTMANN distance sees it: layers with a label, a mass, and how far they are from both ends.

Source: Kandasamy et al., "Neural Architecture Search with Bayesian Optimisation and Optimal Transport", NeurIPS 2018;
masses, labels and groups as in Liberis et al., "μNAS", 2020.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resource_models import Graph, Operator
from resource_models.graph import operators as op
from resource_models.macs import macs_by_operator

Array = NDArray[np.float64]

GROUPS = ("conv", "pool", "aggr", "dense")
"""Kinds of layers along which path lengths are counted, beside all layers."""
END_SHARE = 0.1
"""Mass of the input, and of the output, as a share of the mass of all layers."""
LEAST_END_MASS = 100.0

_KINDS: dict[type[op.OperatorSpec], str] = {
    op.Conv2D: "conv",
    op.DepthwiseConv2D: "conv",
    op.TransposeConv2D: "conv",
    op.MaxPool2D: "pool",
    op.AveragePool2D: "pool",
    op.Reduce: "pool",
    op.Add: "aggr",
    op.Dense: "dense",
}


@dataclass(frozen=True, slots=True)
class Label:
    """What layers are told apart by.

    Attributes:
        kind: "input", "output", one of `GROUPS`, or the name of another operator.
        type: of operator.
        kernel: the longer side of a convolution's kernel; 0 elsewhere.
        batch_norm: whether it is followed by batch normalisation.
        activation: what follows it.
    """

    kind: str
    type: str = ""
    kernel: int = 0
    batch_norm: bool = False
    activation: str = "none"

    def mismatch(self, other: Label) -> float:
        """The cost of taking one layer for the other, without their places; infinite between different kinds."""
        if self.kind != other.kind:
            return math.inf
        if self.kind == "conv":
            flags = (self.type != other.type, self.batch_norm != other.batch_norm, self.activation != other.activation)
            return math.sqrt(2 * abs(self.kernel - other.kernel)) / 10 + 0.1 * sum(flags)
        if self.kind == "pool":
            return 0.5 * (self.type != other.type)
        return 0.1 * (self.activation != other.activation)


@dataclass(frozen=True, slots=True, eq=False)
class LayeredNetwork:
    """The layers of a network that compute something, between its input and its output.

    Attributes:
        labels: of the n layers; the input is the first, the output the last.
        masses: (n,), MACs in the accounting `unas`; input and output have a share of all.
        parents: indices of the layers that each one reads.
        paths: (n, 30), for each layer the shortest, the longest and the mean number of layers on the way to the input,
            then to the output, each counted over all layers and over each of `GROUPS`.
    """

    labels: tuple[Label, ...]
    masses: Array
    parents: tuple[tuple[int, ...], ...]
    paths: Array

    @classmethod
    def of(cls, graph: Graph) -> LayeredNetwork:
        """The layers of `graph`; operators without MACs (padding, flattening) are left out."""
        before: dict[int, tuple[int, ...]] = {}
        before.update(dict.fromkeys(graph.inputs, (0,)))
        labels, masses = [Label("input")], [0.0]
        parents: list[tuple[int, ...]] = [()]
        for operator, count in zip(graph.operators, macs_by_operator(graph, "unas"), strict=True):
            sources = _union(before[tensor] for tensor in operator.inputs)
            if count:
                labels.append(_label(operator))
                masses.append(float(count))
                parents.append(sources)
                sources = (len(labels) - 1,)
            before.update(dict.fromkeys(operator.outputs, sources))
        labels.append(Label("output"))
        masses.append(0.0)
        parents.append(_union(before[tensor] for tensor in graph.outputs))
        masses[0] = masses[-1] = max(END_SHARE * sum(masses), LEAST_END_MASS)
        return cls(tuple(labels), np.array(masses), tuple(parents), _path_lengths(labels, parents))


def _union(groups: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(index for group in groups for index in group))


def _label(operator: Operator) -> Label:
    spec = operator.spec
    kind = _KINDS.get(type(spec), type(spec).__name__)
    kernel = max(getattr(spec, "kernel", (0,))) if kind == "conv" else 0
    return Label(
        kind,
        type(spec).__name__,
        kernel,
        bool(getattr(spec, "batch_norm", False)),
        str(getattr(spec, "activation", "none")),
    )


def _path_lengths(labels: Sequence[Label], parents: Sequence[tuple[int, ...]]) -> Array:
    children: list[list[int]] = [[] for _ in labels]
    for index, sources in enumerate(parents):
        for source in sources:
            children[source].append(index)
    steps = [[1.0, *(float(label.kind == group) for group in GROUPS)] for label in labels]
    to_input = _lengths(steps, parents, range(len(labels)))
    to_output = _lengths(steps, children, range(len(labels) - 1, -1, -1))
    return np.array([near + far for near, far in zip(to_input, to_output, strict=True)])


def _lengths(steps: Sequence[list[float]], nexts: Sequence[Sequence[int]], order: Iterable[int]) -> list[list[float]]:
    """Per layer the shortest, longest and mean lengths of its ways on; each step counts what the layer itself is."""
    width = len(steps[0])
    lengths: list[list[float]] = [[0.0] * (3 * width) for _ in steps]
    for index in order:
        ways = [lengths[other] for other in nexts[index]]
        if not ways:
            continue  # the end itself
        step = steps[index]
        for column in range(width):
            shortest = min([way[column] for way in ways])
            longest = max([way[width + column] for way in ways])
            mean = sum([way[2 * width + column] for way in ways]) / len(ways)
            lengths[index][column] = step[column] + shortest
            lengths[index][width + column] = step[column] + longest
            lengths[index][2 * width + column] = step[column] + mean
    return lengths
