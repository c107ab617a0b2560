"""What a trial inherits beside its architecture: numbers that are drawn, and changed a little in each generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.recipe import Recipe
from search.trial import Trial

SPARSITY = "sparsity"
MUTATION = 0.05
"""Standard deviation of the change of a sparsity from parent to child (Liberis et al., 2020)."""

_STREAM = 7  # sets the draws of genes apart from those of architectures


@dataclass(frozen=True, slots=True)
class Gene:
    """One number within [`lowest`, `highest`]."""

    name: str
    lowest: float
    highest: float
    mutation: float = MUTATION

    def sample(self, rng: np.random.Generator) -> float:
        """A fresh value, uniform."""
        return float(rng.uniform(self.lowest, self.highest))

    def mutate(self, value: float, rng: np.random.Generator) -> float:
        """A child's value: normally distributed about its parent's, clipped."""
        return float(np.clip(value + rng.normal(0.0, self.mutation), self.lowest, self.highest))


def genes_of(recipe: Recipe) -> tuple[Gene, ...]:
    """The genes that trials of a recipe have."""
    if recipe.pruning is None:
        return ()
    return (Gene(SPARSITY, recipe.pruning.lowest, recipe.pruning.highest),)


def inherited(genes: Sequence[Gene], parent: Mapping[str, float], rng: np.random.Generator) -> dict[str, float]:
    """A child's genes; what the parent lacks is drawn."""
    return {g.name: g.mutate(parent[g.name], rng) if g.name in parent else g.sample(rng) for g in genes}


def completed(trial: Trial, genes: Sequence[Gene], parent: Trial | None, seed: int) -> Trial:
    """The trial with those genes that the algorithm did not set, inherited from its parent where it has one."""
    missing = [gene for gene in genes if gene.name not in trial.genes]
    if not missing:
        return trial
    rng = np.random.default_rng((seed, trial.id, _STREAM))
    drawn = inherited(missing, {} if parent is None else parent.genes, rng)
    return replace(trial, genes={**trial.genes, **drawn})
