"""Reading sound files into arrays: one channel, one rate, one length."""

from __future__ import annotations

import numpy as np

from data.errors import DataError
from data.sound.wav import Signal, WavError, samples_of

ENDINGS = (".wav", ".wave")
LONGEST = 1 << 28  # samples of one recording


def is_sound(name: str) -> bool:
    """Whether the name ends like that of a sound file that can be read here."""
    return name.lower().endswith(ENDINGS)


def read_wav(content: bytes, name: str) -> tuple[Signal, int]:
    """The samples of a wav file, 1 being the loudest, channels averaged, and the sampling rate in hertz.

    Of channels that cancel each other the first is taken alone.

    Raises:
        DataError: if it is damaged, or compressed.
    """
    try:
        samples, rate = samples_of(content)
    except WavError as error:
        raise DataError(f"{name} is no readable wav file, it is {error}; convert it to 16-bit PCM") from None
    mixed: Signal = samples.mean(axis=1, dtype=np.float32)
    return (mixed if varies(mixed) else samples[:, 0]), rate


def varies(signal: Signal) -> bool:
    """Whether there is any sound: a signal that is empty or has one value all along has none."""
    return len(signal) > 0 and bool(signal.max() > signal.min())


def resample(signal: Signal, rate: int, wanted_rate: int) -> Signal:
    """The signal at another rate, by cutting off or extending its spectrum (exact for what both rates can carry).

    Raises:
        DataError: if it would be too long to be kept in memory.
    """
    if rate == wanted_rate or len(signal) == 0:
        return signal
    length = max(1, round(len(signal) * wanted_rate / rate))
    if length > LONGEST:
        raise DataError(f"a sound of {len(signal) / rate:,.0f} s is too long to be brought to {wanted_rate} Hz; cut it")
    spectrum = np.fft.rfft(signal)
    kept = spectrum[: length // 2 + 1]
    return (np.fft.irfft(kept, length) * (length / len(signal))).astype(np.float32)


def fit_length(signal: Signal, length: int) -> Signal:
    """The signal's first `length` samples; a shorter one is followed by silence."""
    return np.pad(signal[:length], (0, max(0, length - len(signal))))
