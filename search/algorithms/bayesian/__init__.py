"""Bayesian optimisation over networks, on Dragonfly."""

from search.algorithms.bayesian.bayesian import Bayesian

__all__ = ["Bayesian"]
