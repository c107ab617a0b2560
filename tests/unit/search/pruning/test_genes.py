"""Genes: drawn within their range, inherited with a small change, the same for the same trial."""

import numpy as np

from search.pruning.genes import Gene, completed, genes_of
from search.recipe import Pruning, Recipe
from search.trial import Trial

GENE = Gene("sparsity", 0.1, 0.6)


def test_only_a_recipe_that_prunes_has_a_sparsity() -> None:
    assert genes_of(Recipe()) == ()
    assert genes_of(Recipe(pruning=Pruning(lowest=0.1, highest=0.6))) == (GENE,)


def test_fresh_values_fill_the_range() -> None:
    values = [completed(Trial(i, None, 1), (GENE,), None, 0).genes["sparsity"] for i in range(500)]
    assert 0.1 <= min(values) < 0.12
    assert 0.58 < max(values) <= 0.6


def test_children_are_close_to_their_parent_and_clipped() -> None:
    parent = Trial(0, None, 1, genes={"sparsity": 0.3})
    values = [completed(Trial(i, None, 1, parent=0), (GENE,), parent, 0).genes["sparsity"] for i in range(1, 2000)]
    assert abs(np.mean(values) - 0.3) < 0.01
    assert abs(np.std(values) - 0.05) < 0.005
    edge = Trial(0, None, 1, genes={"sparsity": 0.6})
    values = [completed(Trial(i, None, 1, parent=0), (GENE,), edge, 0).genes["sparsity"] for i in range(1, 200)]
    assert max(values) == 0.6


def test_the_same_trial_gets_the_same_genes_and_set_ones_stay() -> None:
    trial = Trial(7, None, 1)
    assert completed(trial, (GENE,), None, 3) == completed(trial, (GENE,), None, 3)
    assert completed(trial, (GENE,), None, 3) != completed(trial, (GENE,), None, 4)
    own = Trial(7, None, 1, genes={"sparsity": 0.5})
    assert completed(own, (GENE,), None, 3) is own
    assert completed(trial, (), None, 3) is trial
