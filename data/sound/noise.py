"""Background noise for recordings: which piece of which noise, how loud, and mixed into which of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.sound.audio import fit_length
from data.sound.wav import Signal

DEFAULT_VOLUME = 0.1


class BackgroundNoise:
    """Mixes a random piece of noise into some of the named recordings, each at a random volume.

    Everything is drawn here, once for each recording: the same seed mixes alike, in whatever order they are read, and
    a larger `share` or `volume` changes neither the pieces nor the recordings that had noise already.

    Args:
        noises: long recordings of noise at the rate of the recordings.
        names: the recordings that may get noise; others stay as they are.
        share: probability that one of them gets noise, from 0 to 1.
        volume: the loudest; each is drawn evenly from 0 up to it. 1 leaves a noise as loud as it was recorded.
        seed: of all that is drawn.
    """

    def __init__(
        self, noises: Sequence[Signal], names: Sequence[str], *, share: float, volume: float, seed: int
    ) -> None:
        rng = np.random.default_rng((seed, 1))  # another stream than that of the splits
        chance, place, loudness = rng.random((3, len(names)))
        kind = rng.integers(len(noises), size=len(names))
        self._noises = tuple(noises)
        self._draws = {
            name: (int(kind[i]), float(place[i]), volume * float(loudness[i]))
            for i, name in enumerate(names)
            if chance[i] < share
        }
        self.key = key_of(noises, sorted(self._draws.items())) if self._draws else ""

    def __call__(self, name: str, signal: Signal) -> Signal:
        """The recording with its noise, within [-1, 1]."""
        if name not in self._draws:
            return signal
        kind, place, loudness = self._draws[name]
        piece = cut(self._noises[kind], len(signal), place)
        mixed: NDArray[np.float32] = np.clip(signal + np.float32(loudness) * piece, -1, 1)
        return mixed


def key_of(noises: Sequence[Signal], draws: Sequence[object]) -> str:
    """A text that is another one for other noises, or other pieces of them."""
    digest = hashlib.sha256(json.dumps(draws).encode())
    for noise in noises:
        digest.update(noise.tobytes())
        digest.update(len(noise).to_bytes(8, "big"))
    return digest.hexdigest()


def cut(noise: Signal, length: int, place: float) -> Signal:
    """`length` samples of a noise, from its beginning (place 0) to its end (place 1)."""
    start = int(place * max(1, len(noise) - length + 1))
    return fit_length(noise[start : start + length], length)
