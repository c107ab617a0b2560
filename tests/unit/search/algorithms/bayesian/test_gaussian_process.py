"""The Gaussian process: what Dragonfly's parts give is what the formulas say."""

import warnings

import numpy as np
import pytest

from search.algorithms.bayesian.dragonfly_compat import NetworkProcess, load
from search.algorithms.bayesian.gaussian_process import LEAST_ERROR, ErrorProcess, Fit, fit


@pytest.fixture(autouse=True)
def _numpy_as_it_was():
    """Dragonfly brings names back into NumPy; other tests are to see NumPy without them."""
    before = set(vars(np))
    yield
    for name in set(vars(np)) - before & {"int", "float", "object", "math", "asscalar"}:
        delattr(np, name)


def line(places: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distances of points on a line, as if each of the ten were the same."""
    apart = np.abs(places[:, None] - others)
    return np.broadcast_to(apart, (2, 5, *apart.shape)).copy()


def test_process_is_the_textbooks() -> None:
    rng = np.random.default_rng(0)
    known, asked, values = rng.random(12), rng.random(5), rng.normal(size=12)
    weights, rates, noise = (0.7, 0.3), (2.0, 5.0), 0.1

    def kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        apart = np.abs(first[:, None] - second)
        return weights[0] * np.exp(-rates[0] * apart) + weights[1] * np.exp(-rates[1] * apart**2)

    def both(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        apart = np.abs(first[:, None] - second)
        return apart, apart**2

    process = NetworkProcess(both(known, known), values, weights=weights, rates=rates, noise=noise)
    mean, variance = process.predict(both(asked, known))
    covariance = kernel(known, known) + noise * np.eye(12)
    centred = values - values.mean()
    inverse = np.linalg.inv(covariance)
    rows = kernel(asked, known)
    assert mean == pytest.approx(values.mean() + rows @ inverse @ centred)
    assert variance == pytest.approx(1.0 - np.einsum("ij,jk,ik->i", rows, inverse, rows))
    assert process.fit == pytest.approx(centred @ inverse @ centred)
    assert process.log_determinant == pytest.approx(np.linalg.slogdet(covariance)[1])


def test_a_kernel_that_is_no_covariance_is_mended() -> None:
    """OTMANN promises no positive matrix: of three points, two are close to the third and far from each other."""
    apart = np.array([[0.0, 0.01, 9.0], [0.01, 0.0, 0.01], [9.0, 0.01, 0.0]])
    values = np.array([1.0, 2.0, 3.0])
    process = NetworkProcess((apart, apart), values, weights=(0.5, 0.5), rates=(1.0, 1.0), noise=1e-3)
    mean, variance = process.predict((apart, apart))
    assert np.isfinite(mean).all()
    assert (variance >= 0).all()


def test_errors_are_learned_where_they_were_measured_and_unknown_far_away() -> None:
    known = np.linspace(0.0, 1.0, 9)
    errors = 0.05 + 0.9 * known**2
    fitted = fit(line(known, known), errors)
    process = ErrorProcess(line(known, known), errors, fitted)
    mean, deviation = process.predict(line(np.array([0.5, 1e3]), known))
    assert np.exp(mean[0]) == pytest.approx(errors[4], rel=0.2)
    assert mean[1] == pytest.approx(np.log(errors).mean(), abs=1e-6)
    assert deviation[0] < 0.3 * deviation[1]


def test_noise_is_told_from_a_trend() -> None:
    known = np.linspace(0.0, 1.0, 30)
    rng = np.random.default_rng(1)
    trend = fit(line(known, known), np.exp(-1 - known))
    noise = fit(line(known, known), np.exp(rng.normal(size=30)))
    assert trend.noise < noise.noise or noise.rates[0] > trend.rates[0]


def test_equal_errors_are_no_division_by_zero() -> None:
    known = np.linspace(0.0, 1.0, 4)
    errors = np.full(4, 0.5)
    process = ErrorProcess(line(known, known), errors, fit(line(known, known), errors))
    mean, deviation = process.predict(line(np.array([0.3]), known))
    assert mean[0] == pytest.approx(np.log(0.5))
    assert np.isfinite(deviation[0])


def test_one_observation_is_enough() -> None:
    fitted = Fit(np.ones((2, 5)), 0.5, (1.0, 1.0), 0.1)
    one = np.zeros((2, 5, 1, 1))
    mean, _ = ErrorProcess(one, np.array([0.2]), fitted).predict(one)
    assert np.exp(mean[0]) == pytest.approx(0.2)
    assert fit(one, np.array([0.2])).scales == pytest.approx(1.0)


def test_no_error_is_known_better_than_it_is_measured() -> None:
    known = np.linspace(0.0, 1.0, 5)
    errors = 0.1 + 0.5 * known
    fitted = Fit(np.ones((2, 5)), 0.5, (0.1, 0.1), 0.04)
    _, deviation = ErrorProcess(line(known, known), errors, fitted).predict(line(known, known))
    farther = ErrorProcess(line(known, known), errors, fitted).predict(line(np.array([1e6]), known))[1]
    assert deviation == pytest.approx(0.2 * farther[0])


@pytest.mark.parametrize("error", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("count", [1, 2, 12])
@pytest.mark.parametrize("apart", [0.0, 1.0])
def test_equal_errors_of_equal_networks_are_predicted_without_a_warning(error: float, count: int, apart: float) -> None:
    places = apart * np.linspace(0, 1, count)
    distances, errors = line(places, places), np.full(count, error)
    load()  # Dragonfly itself warns
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = fit(distances, errors)
        mean, deviation = ErrorProcess(distances, errors, fitted).predict(line(np.array([0.3]), places))
    assert np.exp(mean) == pytest.approx(max(error, LEAST_ERROR))
    assert (deviation > 0).all()
