"""Wav files of every kind and with every odd header; samples are compared with the numbers that went in."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from data import DataError
from data.sound.audio import read_wav
from data.sound.wav import WavError, samples_of
from tests.support.data_files import tone

SAMPLES = np.round(tone(440, 0.05) * 32767).astype("<i2")
PCM = SAMPLES.tobytes()
HEADER = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
SUBFORMAT = bytes.fromhex("000000001000800000aa00389b71")


def riff(*chunks, start=b"RIFF", order="<"):
    """A wav file of (name, data) or (name, data, size as the header has it); nothing is padded."""
    body = b"WAVE" + b"".join(
        chunk[0] + struct.pack(f"{order}I", chunk[2] if len(chunk) > 2 else len(chunk[1])) + chunk[1]
        for chunk in chunks
    )
    return start + struct.pack(f"{order}I", len(body)) + body


def header(tag, bits, channels=1, rate=8000, *, extensible=False, block=None, order="<"):
    block = channels * bits // 8 if block is None else block
    code = 0xFFFE if extensible else tag
    plain = struct.pack(f"{order}HHIIHH", code, channels, rate, rate * block, block, bits)
    return plain + (struct.pack("<HHIH", 22, bits, 4, tag) + SUBFORMAT if extensible else b"")


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize(("tag", "kind"), [(1, "<i2"), (1, "<i4"), (3, "<f4"), (3, "<f8")])
def test_integers_and_floats_plain_and_extensible(extensible, tag, kind):
    values = RNG_VALUES if tag == 3 else np.round(RNG_VALUES * 2.0 ** (8 * int(kind[-1]) - 1))
    data = values.astype(kind).tobytes()
    found, rate = samples_of(riff((b"fmt ", header(tag, 8 * int(kind[-1]), 2, extensible=extensible)), (b"data", data)))
    assert rate == 8000
    assert np.abs(found - RNG_VALUES).max() < 2e-5


RNG_VALUES = np.random.default_rng(0).uniform(-0.9, 0.9, (50, 2))


@pytest.mark.parametrize(
    ("tag", "codes", "values"),
    [  # after the tables of G.711, as 16-bit integers
        (7, (0x00, 0x01, 0x7F, 0x80, 0x90, 0xFF), (-32124, -31100, 0, 32124, 15996, 0)),
        (6, (0x55, 0xD5, 0x2A, 0xAA, 0x00, 0x80), (-8, 8, -32256, 32256, -5504, 5504)),
    ],
)
def test_companded_samples(tag, codes, values):
    found, _ = samples_of(riff((b"fmt ", header(tag, 8)), (b"data", bytes(codes))))
    assert (found[:, 0] * 32768).tolist() == list(values)


@pytest.mark.parametrize(
    "content",
    [
        riff((b"fmt ", HEADER), (b"data", PCM, 0)),
        riff((b"fmt ", HEADER), (b"data", PCM, 0xFFFFFFFF)),
        riff((b"fmt ", HEADER), (b"data", PCM, 10**8)),
        riff((b"fmt ", HEADER + b"\0\0"), (b"data", PCM)),
        riff((b"fmt ", HEADER, 0xFF10), (b"data", PCM)),
        riff((b"data", PCM), (b"fmt ", HEADER)),
        riff((b"JUNK", bytes(28)), (b"fmt ", HEADER), (b"data", PCM), (b"LIST", b"INFO1234")),
        riff((b"LIST", b"abc"), (b"fmt ", HEADER), (b"data", PCM)),
        riff((b"LIST", b"abc\0", 3), (b"fmt ", HEADER), (b"data", PCM)),
        riff((b"fmt ", header(1, 16, block=0)), (b"data", PCM)),
        riff((b"fmt ", header(1, 0, block=2)), (b"data", PCM)),
        riff((b"fmt ", header(1, 12, block=2)), (b"data", PCM)),
        riff(
            (b"ds64", struct.pack("<QQQI", 0, len(PCM), 0, 0)),
            (b"fmt ", HEADER),
            (b"data", PCM, 2**32 - 1),
            start=b"RF64",
        ),
        riff((b"fmt ", header(1, 16, order=">")), (b"data", SAMPLES.astype(">i2").tobytes()), start=b"RIFX", order=">"),
    ],
)
def test_samples_behind_odd_headers_are_read(content):
    found, rate = samples_of(content)
    assert rate == 8000
    assert np.array_equal(found[:, 0], SAMPLES.astype(np.float32) / 32768)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (bytes(500), "nothing but zeros"),
        (b"ID3\4rest of a song", "MP3, not wav"),
        (b"\xff\xfb\x90\x64" + bytes(50), "MP3, not wav"),
        (b"fLaC\0\0\0", "FLAC, not wav"),
        (b"OggS\0", "Ogg, not wav"),
        (b"FORM\0\0\0\0AIFF", "AIFF, not wav"),
        (b"riff.\x91\xcf\x11", "Wave64, not wav"),
        (b"\0\0\0\x20ftypM4A ", "M4A, not wav"),
        (b"<!DOCTYPE html><html>", "HTML, not wav"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS pointers, not wav"),
        (b"NIST_1A\n   1024\n", "NIST SPHERE, not wav"),
        (riff((b"fmt ", header(2, 4)), (b"data", PCM)), "Microsoft ADPCM inside wav"),
        (riff((b"fmt ", header(0x11, 4)), (b"data", PCM)), "IMA ADPCM inside wav"),
        (riff((b"fmt ", header(0x55, 0)), (b"data", PCM)), "MP3 inside wav"),
        (riff((b"fmt ", header(0x11, 4, extensible=True)), (b"data", PCM)), "IMA ADPCM inside wav"),
        (riff((b"fmt ", header(1, 16, rate=0)), (b"data", PCM)), "1 channels at 0 Hz"),
        (
            riff(
                (b"fmt ", HEADER),
            ),
            "wav without samples",
        ),
        (
            riff(
                (b"data", PCM),
            ),
            "wav without a header",
        ),
        (riff((b"fmt ", header(3, 32)), (b"data", np.full(9, np.nan, "<f4").tobytes())), "no sound, for its numbers"),
        (riff((b"fmt ", header(3, 32)), (b"data", np.full(9, 2e4, "<f4").tobytes())), "no sound, for its numbers"),
    ],
)
def test_what_gives_no_samples_is_named_for_what_it_is(content, words):
    with pytest.raises(DataError, match=words):
        read_wav(content, "x.wav")


def test_an_empty_chunk_of_samples_before_another_stays_empty():
    found, _ = samples_of(riff((b"fmt ", HEADER), (b"data", b""), (b"LIST", b"INFOISFT\4\0\0\0abcd")))
    assert len(found) == 0


def test_channels_that_cancel_each_other_are_not_silence():
    both = np.stack([SAMPLES, -SAMPLES], axis=1).tobytes()
    found, _ = read_wav(riff((b"fmt ", header(1, 16, 2)), (b"data", both)), "x.wav")
    assert np.array_equal(found, SAMPLES.astype(np.float32) / 32768)


def test_the_error_of_a_header_that_is_cut_off():
    with pytest.raises(WavError, match="damaged header"):
        samples_of(riff((b"fmt ", HEADER[:9]), (b"data", PCM)))
