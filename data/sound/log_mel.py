"""Log-mel spectrograms, in arithmetic that a microcontroller can repeat.

For samples s in [-1, 1) (16-bit integers divided by 32,768) at a rate of r hertz:

1. Frames of N = 0.040 r samples, one every 0.020 r samples, only whole ones: 49 for one second.
2. Each frame times the periodic Hann window w[n] = 0.5 − 0.5 cos(2πn / N).
3. Padded with zeros to the next power of two F, a real FFT X[k], k = 0 … F/2.
4. Power P[k] = 2 abs(X[k])² / (F Σ w²), half of that at k = 0 and k = F/2: the mean power of the frame by frequency, so
   that all P together never exceed 1.
5. 40 triangular bands between 20 Hz and 0.475 r, equally spaced in mel(f) = 2595 log10(1 + f / 700): the band with
   corners a < b < c weighs frequency f by max(0, min((f − a) / (b − a), (c − f) / (c − b))).
6. Decibels d = 10 log10(band power), not below −100, scaled to (d + 100) / 100: a value in [0, 1].

On a device, 1–4 are a q15 or float real FFT (CMSIS-DSP `arm_rfft_fast_f32`, ESP-DSP `dsps_fft2r_fc32`), 5 is one
multiply-accumulate per FFT bin (neighbouring triangles overlap, so two), 6 is one logarithm per band.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.sound.wav import Signal

FRAME_S = 0.040
STEP_S = 0.020
BANDS = 40
LOWEST_HZ = 20.0
HIGHEST_SHARE = 0.475
FLOOR_DB = 100.0
VERSION = 2
"""Of the arithmetic here and of how sounds are read; it goes up whenever the same files give other values."""
FEATURES = (VERSION, FRAME_S, STEP_S, BANDS, LOWEST_HZ, HIGHEST_SHARE, FLOOR_DB)
"""All that decides the features of a sound."""


def frame_count(length: int, rate: int) -> int:
    """Number of whole frames in `length` samples at `rate` hertz."""
    return (length - round(FRAME_S * rate)) // round(STEP_S * rate) + 1


def log_mel(signals: Signal, rate: int) -> NDArray[np.float32]:
    """Spectrograms of shape (n, frames, 40, 1) with values in [0, 1], from signals of shape (n, samples)."""
    frame, step = round(FRAME_S * rate), round(STEP_S * rate)
    size = 1 << (frame - 1).bit_length()
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(signals, frame, axis=1)[:, ::step]
    spectrum = np.fft.rfft(frames * window, size, axis=2)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    power *= 2 / (size * np.sum(np.square(window)))
    power[..., [0, -1]] /= 2
    bands = power.astype(np.float32) @ mel_weights(size, rate)
    decibels = 10 * np.log10(np.maximum(bands, 10 ** (-FLOOR_DB / 10)))
    scaled: NDArray[np.float32] = np.clip(decibels / FLOOR_DB + 1, 0, 1)[..., None].astype(np.float32)
    return scaled


@lru_cache(maxsize=8)
def mel_weights(size: int, rate: int) -> NDArray[np.float32]:
    """Weight of each FFT bin in each band, of shape (size / 2 + 1, 40)."""
    mels = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_SHARE * rate), BANDS + 2)
    corners = 700 * (10 ** (mels / 2595) - 1)
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    frequency = np.arange(size // 2 + 1)[:, None] * (rate / size)
    rising, falling = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
    weights: NDArray[np.float32] = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return weights


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
