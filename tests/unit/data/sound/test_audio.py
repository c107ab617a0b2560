"""Reading wav files: widths, channels, rates, lengths."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError
from data.sound.audio import fit_length, read_wav, resample
from tests.support.data_files import tone, wav_bytes


@pytest.mark.parametrize(("width", "step"), [(1, 2**-7), (2, 2**-15), (3, 2**-23), (4, 2**-24)])
def test_every_width_gives_the_same_samples(width, step):
    expected = tone(440, 0.1)
    samples, rate = read_wav(wav_bytes(expected, width=width), "x.wav")
    assert rate == 8000
    assert samples.dtype == np.float32
    assert np.abs(samples - expected).max() <= step


def test_channels_are_averaged():
    left, right = tone(440, 0.1), tone(880, 0.1)
    samples, _ = read_wav(wav_bytes(np.stack([left, right], 1), channels=2), "x.wav")
    assert np.abs(samples - (left + right) / 2).max() < 1e-4


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 this is music", wav_bytes(tone(1))[:20]])
def test_what_is_no_wav_file_is_one_clear_sentence(content):
    with pytest.raises(DataError, match=r"hum\.wav is no readable wav file"):
        read_wav(content, "hum.wav")


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
def test_a_tone_keeps_pitch_and_volume_at_another_rate(rate):
    found = resample(tone(500, rate=rate).astype(np.float32), rate, 16000)
    expected = tone(500, rate=16000)
    assert len(found) == 16000
    assert np.abs(found - expected)[100:-100].max() < 0.01


def test_what_the_lower_rate_cannot_carry_is_left_out():
    found = resample(tone(6000, rate=16000).astype(np.float32), 16000, 8000)
    assert np.abs(found).max() < 1e-3


def test_lengths_are_cut_or_filled_with_silence():
    signal = np.arange(1, 4, dtype=np.float32)
    assert fit_length(signal, 2).tolist() == [1, 2]
    assert fit_length(signal, 5).tolist() == [1, 2, 3, 0, 0]
