"""Reading sound files into arrays: one channel, one rate, one length."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError

Signal = NDArray[np.float32]

ENDINGS = (".wav",)


def is_sound(name: str) -> bool:
    """Whether the name ends like that of a sound file that can be read here."""
    return name.lower().endswith(ENDINGS)


def read_wav(content: bytes, name: str) -> tuple[Signal, int]:
    """The samples of a PCM wav file in [-1, 1), channels averaged, and the sampling rate in hertz.

    Raises:
        DataError: if it is damaged, or compressed.
    """
    try:
        with wave.open(io.BytesIO(content)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError) as error:
        raise DataError(f"{name} is no readable wav file ({error}); convert it to 16-bit PCM") from None
    samples = _integers(data, width, name)
    whole = len(samples) // channels * channels
    mixed: Signal = samples[:whole].reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return mixed, rate


def _integers(data: bytes, width: int, name: str) -> Signal:
    if width == 1:  # the only unsigned one
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    if width == 3:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data[: len(data) // 3 * 3], np.uint8).reshape(-1, 3)
        return padded.view("<i4").ravel().astype(np.float32) / np.float32(2**31)
    if width in (2, 4):
        values = np.frombuffer(data[: len(data) // width * width], f"<i{width}")
        return values.astype(np.float32) / np.float32(2 ** (8 * width - 1))
    raise DataError(f"{name} has samples of {width} bytes; convert it to 16-bit PCM")


def resample(signal: Signal, rate: int, wanted_rate: int) -> Signal:
    """The signal at another rate, by cutting off or extending its spectrum (exact for what both rates can carry)."""
    if rate == wanted_rate or len(signal) == 0:
        return signal
    length = max(1, round(len(signal) * wanted_rate / rate))
    spectrum = np.fft.rfft(signal)
    kept = spectrum[: length // 2 + 1]
    return (np.fft.irfft(kept, length) * (length / len(signal))).astype(np.float32)


def fit_length(signal: Signal, length: int) -> Signal:
    """The signal's first `length` samples; a shorter one is followed by silence."""
    return np.pad(signal[:length], (0, max(0, length - len(signal))))
