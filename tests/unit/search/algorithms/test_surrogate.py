"""The guess at a network's error: plain ridge regression, whatever the order of its examples."""

import numpy as np
import pytest

from search.algorithms.surrogate import LEAST_SCALE, RIDGE, ErrorModel

FEATURES = 4


def networks(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Descriptors, and errors that follow from the first of them but for a little noise."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, FEATURES))
    return rows, np.exp(-2 + 0.5 * rows[:, 0] + 0.01 * rng.normal(size=count))


def taught(rows: np.ndarray, errors: np.ndarray) -> ErrorModel:
    model = ErrorModel()
    for row, error in zip(rows, errors, strict=True):
        model.add(row, float(error))
    return model


def direct(rows: np.ndarray, errors: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Ridge regression written down at once."""
    table, target = np.hstack([rows, rows**2]), np.log(errors)
    mean, scale = table.mean(axis=0), table.std(axis=0) + LEAST_SCALE
    x = (table - mean) / scale
    weights = np.linalg.solve(x.T @ x + RIDGE * x.shape[1] * np.eye(x.shape[1]), x.T @ (target - target.mean()))
    return np.exp(target.mean() + (np.hstack([new, new**2]) - mean) / scale @ weights)


@pytest.mark.parametrize("count", [3, 10, 200])
def test_what_is_learned_one_by_one_is_ridge_regression(count: int) -> None:
    rows, errors = networks(count)
    new, _ = networks(20, seed=1)
    np.testing.assert_allclose(taught(rows, errors).predict(list(new)), direct(rows, errors, new), rtol=1e-6)


def test_the_order_of_what_is_learned_does_not_matter() -> None:
    rows, errors = networks(50)
    new, _ = networks(5, seed=1)
    forwards, backwards = taught(rows, errors), taught(rows[::-1], errors[::-1])
    np.testing.assert_allclose(forwards.predict(list(new)), backwards.predict(list(new)), rtol=1e-9)


def test_many_networks_teach_which_is_better() -> None:
    model = taught(*networks(200))
    worse, better = np.array([2.0, 0, 0, 0]), np.array([-2.0, 0, 0, 0])
    assert model.predict([better])[0] < 0.5 * model.predict([worse])[0]


def test_draws_spread_as_far_as_the_model_errs() -> None:
    rows, errors = networks(200)
    rng = np.random.default_rng(2)
    noisy = taught(rows, errors * np.exp(0.5 * rng.normal(size=len(errors))))
    spread = [float(np.std(np.log(m.draw([rows[0]] * 2000, rng)))) for m in (taught(rows, errors), noisy)]
    assert spread[0] < 0.1
    assert 0.4 < spread[1] < 0.6


def test_a_network_without_any_error_is_learned_from_too() -> None:
    rows, errors = networks(10)
    assert np.isfinite(taught(rows, np.where(np.arange(10) == 3, 0.0, errors)).predict(list(rows))).all()
