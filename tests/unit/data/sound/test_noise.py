"""Noise is mixed as asked: into how many recordings, how loud, and alike for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from data.sound.noise import BackgroundNoise, cut

NAMES = [f"{i}.wav" for i in range(400)]
RNG = np.random.default_rng(0)
NOISES = [RNG.uniform(-1, 1, length).astype(np.float32) for length in (5000, 100)]  # the second is short
SILENCE = np.zeros(800, np.float32)


def mixed(share=1.0, volume=0.1, seed=0):
    """What each of the recordings becomes, all silent before."""
    noise = BackgroundNoise(NOISES, NAMES, share=share, volume=volume, seed=seed)
    return {name: noise(name, SILENCE) for name in NAMES}


def noisy(recordings):
    return {name for name, signal in recordings.items() if signal.any()}


@pytest.mark.parametrize(("share", "low", "high"), [(0, 0, 0), (0.3, 90, 150), (0.8, 290, 350), (1, 400, 400)])
def test_the_share_of_recordings_is_as_asked(share, low, high):
    assert low <= len(noisy(mixed(share))) <= high


def test_volumes_are_spread_evenly_up_to_the_loudest():
    peaks = np.array([np.abs(signal).max() for signal in mixed(volume=0.1).values()])
    assert 0.09 < peaks.max() <= 0.1
    assert np.mean(peaks) == pytest.approx(0.05, abs=0.005)


def test_a_larger_share_keeps_what_had_noise_already():
    few, many = mixed(0.3), mixed(0.8)
    assert noisy(few) < noisy(many)
    assert all(np.array_equal(few[name], many[name]) for name in noisy(few))


def test_the_same_seed_mixes_alike_and_another_does_not():
    first, again, other = mixed(0.5), mixed(0.5), mixed(0.5, seed=1)
    assert all(np.array_equal(first[name], again[name]) for name in NAMES)
    assert noisy(first) != noisy(other)


def test_other_recordings_stay_as_they_are():
    noise = BackgroundNoise(NOISES, NAMES, share=1, volume=1, seed=0)
    assert noise("validation.wav", SILENCE) is SILENCE


def test_loud_sums_are_limited_and_stay_float32():
    noise = BackgroundNoise(NOISES, NAMES, share=1, volume=1, seed=0)
    loud = [noise(name, np.ones(800, np.float32)) for name in NAMES]
    assert {signal.dtype for signal in loud} == {np.dtype(np.float32)}
    assert max(signal.max() for signal in loud) == 1
    assert min(signal.min() for signal in loud) < 0.2


def test_pieces_reach_from_the_beginning_to_the_end():
    noise = np.arange(10, dtype=np.float32)
    assert cut(noise, 4, 0.0).tolist() == [0, 1, 2, 3]
    assert cut(noise, 4, 0.999).tolist() == [6, 7, 8, 9]
    assert cut(noise[:2], 4, 0.999).tolist() == [0, 1, 0, 0]
