"""Scalarisation as published, by hand."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest

from search.budget import Budget
from search.measures.objectives import (
    FEATURES,
    bounds,
    error_or_worst,
    features,
    known_error,
    random_weights,
    scalarise,
)
from tests.support.trained import observation


def test_score_is_the_worst_weighted_ratio() -> None:
    rows = np.stack([features(observation(0, 0.1, ram=100, flash=50, macs=10))])
    limits = bounds(Budget(ram_bytes=200, model_bytes=500, error=0.05), error_scale=1.0)
    weights = np.array([1.0, 0.1, *[0.5] * (len(FEATURES) - 2)])
    assert scalarise(rows, limits, weights) == pytest.approx([max(0.1 / 0.05 / 1.0, 0.5 / 0.1, 0.1 / 0.5)])


def test_ratios_are_cut_off_at_ten() -> None:
    rows = np.stack([features(observation(0, 0.9, ram=10**9)), features(observation(1, 0.1, ram=10**6))])
    limits = bounds(Budget(ram_bytes=1), error_scale=1.0)
    scores = scalarise(rows, limits, np.ones(len(FEATURES)))
    assert scores.tolist() == [10.0, 10.0]


def test_a_feature_without_bound_does_not_count() -> None:
    cheap, expensive = observation(0, 0.1, macs=1), observation(1, 0.1, macs=10**9)
    rows = np.stack([features(cheap), features(expensive)])
    scores = scalarise(rows, bounds(Budget(ram_bytes=10**6), error_scale=0.1), np.ones(len(FEATURES)))
    assert scores[0] == scores[1]


def test_the_error_counts_without_a_target() -> None:
    rows = np.stack([features(observation(0, 0.1)), features(observation(1, 0.2))])
    scores = scalarise(rows, bounds(Budget(), error_scale=0.1), np.ones(len(FEATURES)))
    assert scores[0] < scores[1]


def test_weights_are_above_zero() -> None:
    rng = np.random.default_rng(0)
    drawn = np.stack([random_weights(rng) for _ in range(1000)])
    assert (drawn > 0).all()
    assert (drawn <= 1).all()
    assert np.abs(drawn.mean(axis=0) - 0.5).max() < 0.05


def test_a_bound_of_nothing_and_a_row_of_nothing_known_score_without_a_warning() -> None:
    none, some = observation(0, 0.1, flash=0), observation(1, 0.1, flash=1)
    rows = np.stack([features(none), features(some), np.full(len(FEATURES), np.nan)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = scalarise(rows, bounds(Budget(model_bytes=0), error_scale=0.1), np.ones(len(FEATURES)))
    assert scores.tolist() == [1.0, 10.0, np.inf]


@pytest.mark.parametrize("error", [math.nan, math.inf, -math.inf, None])
def test_an_error_that_is_no_number_is_not_known(error: float | None) -> None:
    found = observation(0, error)
    assert known_error(found) is None
    assert error_or_worst(found) == 1.0
    assert error_or_worst(observation(0, 0.2)) == known_error(observation(0, 0.2)) == 0.2


def test_a_seed_draws_the_weights_that_it_drew_before_there_were_more_features() -> None:
    mine, earlier = np.random.default_rng((0, 7)), np.random.default_rng((0, 7))
    for _ in range(3):
        weights = random_weights(mine)
        assert weights[:5].tolist() == (1.0 - earlier.random(5)).tolist()
        assert len(set(weights.tolist())) == len(FEATURES)


def test_energy_counts_where_it_is_bounded() -> None:
    cheap, expensive = observation(0, 0.1), observation(1, 0.1)
    cheap, expensive = (
        replace(o, costs=replace(o.costs, latency_s=0.1, energy_j=joules))
        for o, joules in ((cheap, 0.001), (expensive, 0.002))
    )
    rows = np.stack([features(cheap), features(expensive)])
    ones = np.ones(len(FEATURES))
    scores = scalarise(rows, bounds(Budget(energy_j=0.001), error_scale=1.0), ones)
    assert scores.tolist() == [1.0, 2.0]
    assert scalarise(rows, bounds(Budget(), error_scale=1.0), ones).tolist() == [0.1, 0.1]
