"""The score of candidates in Bayesian optimisation: errors drawn from a Gaussian process, costs as they are.

All candidates are scored with a guess at their distances to the networks observed, which costs a fifth of them and
ranks nearly as they do; then the best few are scored again with the distances themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from resource_models import Costs
from search.algorithms.bayesian.distance import STRUCTURAL, Otmann
from search.algorithms.bayesian.gaussian_process import LEAST_ERROR, ErrorProcess, Fit, fit
from search.algorithms.bayesian.network import LayeredNetwork
from search.budget import Budget
from search.measures.objectives import bounds, features, random_weights, scalarise
from search.spaces import Architecture
from search.trial import Observation, Trial

Array = NDArray[np.float64]

REFIT_EVERY = 10
"""Observations after which the process's parameters are chosen anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A network that can be scored and varied.

    Attributes:
        architecture: of the space.
        network: the same, for distances.
        costs: what it needs.
        parent: the trained trial that it comes from; a trained network's own.
        score: lower is better.
        luck: where its error was drawn, in standard deviations from what is expected.
    """

    architecture: Architecture
    network: LayeredNetwork
    costs: Costs
    parent: int | None
    score: float = float("inf")
    luck: float = 0.0


class Learned:
    """The networks observed: distances among them, each computed once, and the process on these."""

    def __init__(self) -> None:
        self.otmann = Otmann()
        self._distances = np.zeros((2, len(STRUCTURAL), 0, 0))
        self._bounds = self._distances
        self._rows: dict[int | None, int] = {}
        self._errors: list[float] = []
        self._fits: dict[int, Fit] = {}

    @property
    def errors(self) -> Array:
        """Validation errors, in the order of the networks."""
        return np.array(self._errors)

    def add(self, network: LayeredNetwork, error: float, trial: int) -> None:
        """One more network was trained, in the trial of that number."""
        self._distances = _bordered(self._distances, self.otmann.exact(network))
        self._bounds = _bordered(self._bounds, self.otmann.bound(network))
        self._rows[trial] = len(self.otmann)
        self.otmann.add(network)
        self._errors.append(error)

    def guess(self, candidate: Candidate) -> Array:
        """Roughly the distances of a candidate: their bounds, corrected as they are for the network it comes from."""
        bounds = self.otmann.bound(candidate.network)
        row = self._rows.get(candidate.parent)
        return bounds if row is None else bounds + self._distances[:, :, row] - self._bounds[:, :, row]

    def process(self) -> ErrorProcess:
        """What is known of errors; its parameters were chosen when the last ten observations were full."""
        distances, errors = self._distances, self.errors
        count = len(errors) - len(errors) % REFIT_EVERY or len(errors)
        if count not in self._fits:
            self._fits[count] = fit(distances[..., :count, :count], errors[:count])
        return ErrorProcess(distances, errors, self._fits[count])


class Acquisition:
    """Scores for one proposal, under random weights of its own.

    Args:
        learned: at least one network.
        budget: scales the features; without an error target, errors count against their median.
        rng: of the weights, and of the draws from the process.
    """

    def __init__(self, learned: Learned, budget: Budget, rng: np.random.Generator) -> None:
        self._learned = learned
        self._limits = bounds(budget, error_scale=max(float(np.median(learned.errors)), LEAST_ERROR))
        self._weights = random_weights(rng)
        self._rng = rng
        self._process = learned.process()

    def trained(self, members: Sequence[Candidate]) -> list[Candidate]:
        """The networks observed, scored by the errors that were measured."""
        errors = self._learned.errors
        return [replace(m, score=self._score(float(e), m.costs)) for m, e in zip(members, errors, strict=True)]

    def scored(self, candidate: Candidate) -> Candidate:
        """A candidate with a score from a guess at its distances."""
        luck = float(self._rng.standard_normal())
        rows = self._learned.guess(candidate)
        return replace(candidate, luck=luck, score=self._drawn(candidate.costs, luck, rows))

    def best(self, candidates: Sequence[Candidate], few: int) -> Candidate | None:
        """Of the `few` best candidates, the best by its distances; None where there is none."""
        if not candidates:
            return None
        exact = self._learned.otmann.exact
        likely = sorted(candidates, key=lambda candidate: candidate.score)[:few]
        return min(likely, key=lambda c: self._drawn(c.costs, c.luck, exact(c.network)))

    def _drawn(self, costs: Costs, luck: float, rows: Array) -> float:
        mean, deviation = self._process.predict(rows[:, :, None])
        return self._score(float(np.exp(mean[0] + luck * deviation[0])), costs)

    def _score(self, error: float, costs: Costs) -> float:
        known = Observation(Trial(0, None, 1), "trained", costs, val_error=min(error, 1.0))
        return float(scalarise(features(known)[None], self._limits, self._weights)[0])


def _bordered(matrix: Array, row: Array) -> Array:
    """A symmetric matrix with one more row and column, zero where they meet."""
    return np.concatenate(
        [
            np.concatenate([matrix, row[..., None]], axis=-1),
            np.concatenate([row, np.zeros((*row.shape[:-1], 1))], axis=-1)[..., None, :],
        ],
        axis=-2,
    )
