"""Log-mel spectrograms follow the arithmetic that their module documents."""

from __future__ import annotations

import math

import numpy as np
import pytest

from data.sound.log_mel import frame_count, log_mel, mel_weights
from tests.support.data_files import tone


def one_frame_by_hand(samples, rate):
    """The documented steps, one number at a time, with a plain Fourier sum."""
    count = round(0.040 * rate)
    size = 1
    while size < count:
        size *= 2
    window = [0.5 - 0.5 * math.cos(2 * math.pi * n / count) for n in range(count)]
    energy = sum(w * w for w in window)
    windowed = np.array(samples[:count]) * window
    power = []
    for k in range(size // 2 + 1):
        x = np.sum(windowed * np.exp(-2j * math.pi * k * np.arange(count) / size))
        power.append((1 if k in (0, size // 2) else 2) * abs(x) ** 2 / (size * energy))
    mel = lambda f: 2595 * math.log10(1 + f / 700)  # noqa: E731
    step = (mel(0.475 * rate) - mel(20)) / 41
    corners = [700 * (10 ** ((mel(20) + i * step) / 2595) - 1) for i in range(42)]
    values = []
    for a, b, c in zip(corners, corners[1:], corners[2:], strict=False):
        band = sum(
            p * max(0, min((f - a) / (b - a), (c - f) / (c - b)))
            for k, p in enumerate(power)
            for f in [k * rate / size]
        )
        values.append((max(10 * math.log10(max(band, 1e-300)), -100) + 100) / 100)
    return values


@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_frame_equals_the_documented_arithmetic(rate):
    rng = np.random.default_rng(0)
    signal = (tone(700, 0.05, rate) + 0.1 * rng.normal(size=round(0.05 * rate))).astype(np.float32)
    found = log_mel(signal[None], rate)
    assert found.shape == (1, 1, 40, 1)
    assert np.allclose(found[0, 0, :, 0], one_frame_by_hand(signal, rate), atol=1e-4)


@pytest.mark.parametrize(
    ("rate", "seconds", "frames"), [(16000, 1, 49), (8000, 1, 49), (16000, 0.04, 1), (8000, 0.5, 24)]
)
def test_the_number_of_frames(rate, seconds, frames):
    length = round(rate * seconds)
    assert frame_count(length, rate) == frames
    assert log_mel(np.zeros((2, length), np.float32), rate).shape == (2, frames, 40, 1)


def test_values_stay_between_silence_and_full_scale():
    square = np.sign(tone(100, rate=16000)).astype(np.float32)
    signals = np.stack([np.zeros(16000, np.float32), square, tone(1000, rate=16000, volume=1).astype(np.float32)])
    found = log_mel(signals, 16000)
    assert found[0].max() == 0
    assert found.min() >= 0
    assert 0.9 < found.max() <= 1


def test_a_tone_is_loudest_in_its_band_and_ten_decibels_are_a_tenth():
    found = log_mel(np.stack([tone(1000, volume=v) for v in (0.5, 0.5 / 10**0.5)]).astype(np.float32), 8000)
    weights = mel_weights(512, 8000)
    assert found[0, 10, :, 0].argmax() == weights[round(1000 / 8000 * 512)].argmax()
    assert found[0].max() - found[1].max() == pytest.approx(0.1, abs=1e-3)


def test_bands_cover_every_frequency_between_their_ends_about_once():
    weights = mel_weights(1024, 16000)
    frequency = np.arange(513) * 16000 / 1024
    inside = (frequency > 100) & (frequency < 7000)
    assert np.allclose(weights[inside].sum(1), 1, atol=0.01)
