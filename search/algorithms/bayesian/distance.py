"""OTMANN distances of one network to many: exact, and a bound that costs a tenth.

The distance is the cost of the best plan that takes the mass of one network's layers for the mass of another's. A layer
may be left out at 1 for each unit of its mass, and layers of different kinds are never matched. So the plan falls
apart into one for each kind of layer, of which the exact solver needs a fraction of the time, with the same result.

Source: Kandasamy et al., "Neural Architecture Search with Bayesian Optimisation and Optimal Transport", NeurIPS 2018.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.algorithms.bayesian.dragonfly_compat import Transport
from search.algorithms.bayesian.network import Label, LayeredNetwork

Array = NDArray[np.float64]

STRUCTURAL = (0.1, 0.25, 0.61, 0.2, 1.5)
"""Weights of the layers' places against their labels; there is a distance for each (Liberis et al., 2020)."""
MISLABEL = 1.0
LEFT_OUT = 1.0
"""Cost of leaving a unit of mass out, in either network."""


class Otmann:
    """Distances to the networks that were added, in their order."""

    def __init__(self) -> None:
        self._transport = Transport()
        self._labels = _Labels()
        self._stacks: dict[str, _Stack] = {}
        self._totals: list[float] = []

    def __len__(self) -> int:
        return len(self._totals)

    def add(self, network: LayeredNetwork) -> None:
        """From now on, distances to `network` are given as well."""
        parts = self._parts(network)
        for kind in parts.keys() | self._stacks.keys():
            stack = self._stacks.setdefault(kind, _Stack(network.paths.shape[1], len(self)))
            stack.append(parts.get(kind, _Part.empty(network.paths.shape[1])))
        self._totals.append(float(network.masses.sum()))

    def exact(self, network: LayeredNetwork) -> Array:
        """The distances, (2, 5, n): for each of `STRUCTURAL` as least cost, and as that cost per unit of mass."""
        return self._distances(network, exact=True)

    def bound(self, network: LayeredNetwork) -> Array:
        """What the distances are at least, in the same form: each layer goes where it likes best, full or not."""
        return self._distances(network, exact=False)

    def _distances(self, network: LayeredNetwork, *, exact: bool) -> Array:
        total = float(network.masses.sum()) + np.array(self._totals)
        shares = np.zeros((len(STRUCTURAL), len(self)))
        parts = self._parts(network)
        for kind, stack in self._stacks.items():
            part = parts.get(kind)
            if part is None:
                shares += LEFT_OUT * stack.sums() / total
                continue
            costs = self._costs(stack, part)
            if exact and kind not in ("input", "output"):
                shares += self._solved(stack, part, costs, total)
            else:  # of one layer against one, the bound is the cost
                shares += _relaxed(stack, part, costs, total)
        for kind in parts.keys() - self._stacks.keys():
            shares += LEFT_OUT * parts[kind].masses.sum() / total
        return np.stack([shares * total, shares])

    def _costs(self, stack: _Stack, part: _Part) -> Array:
        """(5, rows, layers): of matching each layer of the networks with each of `part`; no saving in the last rows."""
        paths, places = stack.paths()
        apart = _city_block(paths, part.paths)[places] / part.paths.shape[1]
        costs: Array = np.array(STRUCTURAL)[:, None, None] * apart
        costs += MISLABEL * self._labels.table()[np.ix_(stack.labels(), part.labels)]
        costs[:, stack.out_rows()] = 2 * LEFT_OUT
        return costs

    def _solved(self, stack: _Stack, part: _Part, costs: Array, total: Array) -> Array:
        """Each network's part of the cost per unit of mass, (5, n), by the best plan."""
        sums, mass = stack.sums(), float(part.masses.sum())
        costs = np.pad(costs, ((0, 0), (0, 0), (0, 1)), constant_values=LEFT_OUT)
        costs[:, stack.out_rows()] = LEFT_OUT
        costs[:, stack.out_rows(), -1] = 0.0
        shares = np.repeat((LEFT_OUT * (sums + mass) / total)[None], len(STRUCTURAL), axis=0)
        for index in np.flatnonzero(sums):
            rows = stack.rows(index)
            supply = stack.masses()[rows] / total[index]
            supply[-1] = mass / total[index]
            demand = np.append(part.masses, sums[index]) / total[index]
            for number, plane in enumerate(costs[:, rows]):
                shares[number, index] = self._transport.cost(supply, demand, plane)
        return shares

    def _parts(self, network: LayeredNetwork) -> dict[str, _Part]:
        members: dict[str, list[int]] = {}
        for index, label in enumerate(network.labels):
            members.setdefault(label.kind, []).append(index)
        numbers = self._labels.numbers(network.labels)
        return {kind: _Part(numbers[rows], network.masses[rows], network.paths[rows]) for kind, rows in members.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The layers of one kind of one network: numbers of their labels, their masses and path lengths."""

    labels: NDArray[np.intp]
    masses: Array
    paths: Array

    @classmethod
    def empty(cls, width: int) -> _Part:
        return cls(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros((0, width)))


class _Stack:
    """The layers of one kind of all networks, one network after the other, each with one more row at its end."""

    def __init__(self, width: int, networks: int) -> None:
        self._width = width
        self._parts = [_Part.empty(width)] * networks
        self._joined: _Joined | None = None

    def append(self, part: _Part) -> None:
        self._parts.append(part)
        self._joined = None

    def labels(self) -> NDArray[np.intp]:
        return self._join().labels

    def masses(self) -> Array:
        return self._join().masses

    def paths(self) -> tuple[Array, NDArray[np.intp]]:
        """The path lengths that there are, each once, and for each row which of them it has."""
        joined = self._join()
        return joined.paths, joined.places

    def sums(self) -> Array:
        """Mass of the kind in each network."""
        return self._join().sums

    def starts(self) -> NDArray[np.intp]:
        """First row of each network."""
        return self._join().ends[:-1]

    def out_rows(self) -> NDArray[np.intp]:
        """The row of each network that stands for leaving out."""
        return self._join().ends[1:] - 1

    def rows(self, index: int) -> slice:
        ends = self._join().ends
        return slice(int(ends[index]), int(ends[index + 1]))

    def _join(self) -> _Joined:
        if self._joined is None:
            no_path = np.zeros((1, self._width))
            rows = np.concatenate([array for part in self._parts for array in (part.paths, no_path)])
            paths, places = np.unique(rows, axis=0, return_inverse=True)  # networks of one search share most of them
            self._joined = _Joined(
                np.concatenate([np.append(part.labels, 0) for part in self._parts]),
                np.concatenate([np.append(part.masses, 0.0) for part in self._parts]),
                paths,
                places.ravel(),
                np.array([part.masses.sum() for part in self._parts]),
                np.cumsum([0, *(len(part.masses) + 1 for part in self._parts)]),
            )
        return self._joined


@dataclass(frozen=True, slots=True, eq=False)
class _Joined:
    labels: NDArray[np.intp]
    masses: Array
    paths: Array
    places: NDArray[np.intp]
    sums: Array
    ends: NDArray[np.intp]


@dataclass(slots=True)
class _Labels:
    """Numbers for labels, and what it costs to take one for the other."""

    _numbers: dict[Label, int] = field(default_factory=dict)
    _table: Array | None = None

    def numbers(self, labels: tuple[Label, ...]) -> NDArray[np.intp]:
        for label in labels:
            if label not in self._numbers:
                self._numbers[label] = len(self._numbers)
                self._table = None
        return np.array([self._numbers[label] for label in labels])

    def table(self) -> Array:
        if self._table is None:
            self._table = np.array([[a.mismatch(b) for b in self._numbers] for a in self._numbers])
        return self._table


def _relaxed(stack: _Stack, part: _Part, costs: Array, total: Array) -> Array:
    """What each network's part costs at least: the mass of both, less the most that can be saved by matching layers."""
    saved = np.subtract(2 * LEFT_OUT, costs, out=costs)
    np.maximum(saved, 0.0, out=saved)
    theirs = np.add.reduceat(saved.max(axis=2) * stack.masses(), stack.starts(), axis=1)
    ours = np.maximum.reduceat(saved, stack.starts(), axis=1) @ part.masses
    everything = LEFT_OUT * (stack.sums() + part.masses.sum())
    return np.asarray((everything - np.minimum(theirs, ours)) / total, dtype=np.float64)


def _city_block(first: Array, second: Array) -> Array:
    """Sum of absolute differences of each row of `first` (n × d) and each of `second` (m × d), as n × m."""
    total = np.zeros((len(first), len(second)))
    difference = np.empty_like(total)
    for ours, theirs in zip(first.T, second.T, strict=True):
        np.subtract(ours[:, None], theirs, out=difference)
        np.abs(difference, out=difference)
        total += difference
    return total
