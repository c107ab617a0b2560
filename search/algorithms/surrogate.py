"""A cheap guess at a network's error from what can be read off it, learned from the networks trained so far.

Ridge regression of the error's logarithm on a few logarithms of sizes and their squares. It ranks candidates; its
values are never shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resource_models import Costs, Graph
from resource_models.graph import operators as op

RIDGE = 0.3
"""Weight of the penalty, in examples, once features have mean 0 and variance 1."""
LEAST_ERROR = 1e-4
"""Lower errors count as this one: the logarithm of no error at all is not finite."""
MOST_EXPONENT = 50.0
"""Predictions of the logarithm end here, far from any error, so that none becomes infinite."""

EVERY_OPERATOR = 10_000.0
"""Work of a training that no patch causes: the making of the graph, calls, updates."""
DEPTHWISE = 2.0
"""How much more a depthwise convolution makes of its patches."""
LEAST_SCALE = 1e-6
"""Added to every deviation: what never varied tells nothing."""

_DEPTH = 8  # where the number of convolutions stands among the descriptors

_CONVOLUTIONS = (op.Conv2D, op.DepthwiseConv2D)
_POOLS = (op.MaxPool2D, op.AveragePool2D)


def descriptors(graph: Graph, costs: Costs) -> NDArray[np.float64]:
    """What is read off a network: logarithms of its costs and of the sizes of its parts, and how many there are."""
    ends = [(type(o.spec), graph.tensors[o.inputs[0]], graph.tensors[o.outputs[0]]) for o in graph.operators]
    kinds = [kind for kind, _, _ in ends]
    sizes = [written.elements for _, _, written in ends]
    maps = [written for kind, _, written in ends if kind in _CONVOLUTIONS]
    widths = [written.shape[-1] for written in maps]
    readers = [read.elements for kind, read, _ in ends if kind is op.Dense]
    return np.array(
        [
            math.log(costs.ram_bytes + 1),
            math.log(max(costs.model_bytes, 0) + 1),
            math.log(costs.macs + 1),
            math.log(readers[0] if readers else 1),
            math.log(min(sizes[:-1], default=1)),
            math.log(maps[0].elements if maps else 1),
            math.log(max(widths, default=1)),
            math.log(min(widths, default=1)),
            float(len(maps)),
            float(kinds.count(op.DepthwiseConv2D)),
            float(len(readers)),
            float(kinds.count(op.Add)),
            float(sum(kind in _POOLS for kind in kinds)),
            float(sum(getattr(o.spec, "batch_norm", False) for o in graph.operators)),
            float(sum(getattr(o.spec, "activation", "") == "none" for o in graph.operators)),
        ]
    )


def promise(row: NDArray[np.float64]) -> float:
    """How well a network of these descriptors may learn, before anything was trained; only its order means anything.

    What errors went with most, over 87 networks on MNIST, was the smallest tensor between input and classifier (rank
    correlation −0.9), then MACs (−0.6) and the number of convolutions (0.5).
    """
    _, _, macs, _, narrowest, *_ = row
    return float(narrowest + 0.25 * macs - 0.1 * row[_DEPTH])


def training_work(graph: Graph) -> float:
    """How long training the network takes, roughly and in no unit; only ratios mean anything.

    What counts for networks this small is not the arithmetic but how many operators there are, and the patches that
    convolutions gather: positions × kernel × the root of the channels. Fitted to first epochs on one core (MNIST,
    28×28, 665 networks of the cnn space within 2,500 B of RAM): an operator takes 0.11 s, 10,000 patches as much, and
    the correlation of the logarithms is 0.76.
    """
    total = EVERY_OPERATOR * len(graph.operators)
    for operator in graph.operators:
        read, written = graph.tensors[operator.inputs[0]], graph.tensors[operator.outputs[0]]
        spec = operator.spec
        if isinstance(spec, _CONVOLUTIONS):
            height, width = spec.kernel
            patches = height * width * written.shape[1] * written.shape[2] * math.sqrt(read.shape[-1])
            total += DEPTHWISE * patches if isinstance(spec, op.DepthwiseConv2D) else patches
    return total


class ErrorModel:
    """Predicts the error of networks from their descriptors; learns from one network after the other.

    Only sums over the networks are kept, so neither learning nor predicting takes longer as they become more.
    """

    def __init__(self) -> None:
        self._count = 0
        self._sums = np.zeros(0)
        self._products = np.zeros((0, 0))
        self._fitted: _Fit | None = None

    def __len__(self) -> int:
        """Networks learned from."""
        return self._count

    def add(self, row: NDArray[np.float64], error: float) -> None:
        """Learn from a trained network: its descriptors and its validation error."""
        values = np.append(_with_squares(row[np.newaxis])[0], math.log(max(error, LEAST_ERROR)))
        if not self._count:
            self._sums, self._products = np.zeros(len(values)), np.zeros((len(values), len(values)))
        self._count += 1
        self._sums = self._sums + values
        self._products = self._products + np.outer(values, values)
        self._fitted = None

    def predict(self, rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """The expected error of each row."""
        fit = self._fit()
        scaled = (_with_squares(np.stack(rows)) - fit.mean) / fit.scale
        logarithms = np.clip(fit.level + scaled @ fit.weights, -MOST_EXPONENT, MOST_EXPONENT)
        return np.asarray(np.exp(logarithms), dtype=np.float64)

    def draw(self, rows: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> NDArray[np.float64]:
        """An error of each row that the model holds possible: expected, with its residuals' spread (Thompson, 1933)."""
        spread = self._fit().spread
        return np.asarray(self.predict(rows) * np.exp(spread * rng.standard_normal(len(rows))), dtype=np.float64)

    def _fit(self) -> _Fit:
        if self._fitted is None:
            mean = self._sums / self._count
            covariance = self._products / self._count - np.outer(mean, mean)
            scale = np.sqrt(np.maximum(covariance.diagonal(), 0.0))[:-1] + LEAST_SCALE
            inputs = covariance[:-1, :-1] / np.outer(scale, scale)
            along = covariance[:-1, -1] / scale
            penalty = RIDGE * len(scale) / self._count * np.eye(len(scale))
            weights = np.linalg.solve(inputs + penalty, along)
            left = covariance[-1, -1] - 2.0 * weights @ along + weights @ inputs @ weights
            self._fitted = _Fit(mean[:-1], scale, float(mean[-1]), weights, math.sqrt(max(float(left), 0.0)))
        return self._fitted


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Ridge regression: of standardised features, to the logarithm of the error, with its residuals' deviation."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    level: float
    weights: NDArray[np.float64]
    spread: float


def _with_squares(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([table, table**2], axis=1)
