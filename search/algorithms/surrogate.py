"""A cheap guess at a network's error from what can be read off it, learned from the networks trained so far.

Ridge regression of the error's logarithm on a few logarithms of sizes and their squares. It ranks candidates; its
values are never shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resource_models import Costs, Graph
from resource_models import operators as op

RIDGE = 0.3
"""Weight of the penalty, in examples, once features have mean 0 and variance 1."""
LEAST_ERROR = 1e-4

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


class ErrorModel:
    """Predicts the error of networks from their descriptors.

    Args:
        rows: descriptors of trained networks, one row each.
        errors: their validation errors.
    """

    def __init__(self, rows: Sequence[NDArray[np.float64]], errors: Sequence[float]) -> None:
        table = _with_squares(np.stack(rows))
        target = np.log(np.maximum(errors, LEAST_ERROR))
        self._mean, self._scale = table.mean(axis=0), table.std(axis=0) + 1e-9
        self._level = float(target.mean())
        scaled = (table - self._mean) / self._scale
        gram = scaled @ scaled.T + RIDGE * scaled.shape[1] * np.eye(len(scaled))
        self._weights = scaled.T @ np.linalg.solve(gram, target - self._level)
        self._spread = float(np.std(target - self._level - scaled @ self._weights))

    def predict(self, rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """The expected error of each row."""
        scaled = (_with_squares(np.stack(rows)) - self._mean) / self._scale
        return np.asarray(np.exp(self._level + scaled @ self._weights), dtype=np.float64)

    def draw(self, rows: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> NDArray[np.float64]:
        """An error of each row that the model holds possible: expected, with its residuals' spread (Thompson, 1933)."""
        return np.asarray(self.predict(rows) * np.exp(self._spread * rng.standard_normal(len(rows))), dtype=np.float64)


def _with_squares(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([table, table**2], axis=1)
