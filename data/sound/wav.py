"""The samples of wav files: integers, floating-point numbers, A-law and μ-law, whatever their headers say of the size.

After "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991), the description of
WAVE_FORMAT_EXTENSIBLE, ITU-R BS.2088 (RF64) and ITU-T G.711.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.files.file_kinds import kind_of_content

Signal = NDArray[np.float32]

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE
COMPRESSED = {
    0x0002: "Microsoft ADPCM",
    0x0011: "IMA ADPCM",
    0x0014: "G.723",
    0x0031: "GSM 6.10",
    0x0038: "NMS ADPCM",
    0x0040: "G.721 ADPCM",
    0x0045: "G.726 ADPCM",
    0x0050: "MPEG audio",
    0x0055: "MP3",
    0x0064: "G.726 ADPCM",
    0x00FF: "AAC",
    0x0161: "Windows Media",
    0x0162: "Windows Media",
    0x2000: "AC-3",
    0x674F: "Ogg Vorbis",
    0xF1AC: "FLAC",
}
BEGINNINGS = {b"RIFF": "<", b"RF64": "<", b"BW64": "<", b"RIFX": ">"}
LEAST_RATE, HIGHEST_RATE = 100, 1_000_000
LOUDEST = 16.0
"""No recording in floating-point numbers is as loud, of which 1 is the loudest that can be played."""
FORMAT_SIZES = (16, 18, 40)
KNOWN_CHUNKS = (
    *(b"LIST", b"fact", b"bext", b"cue ", b"id3 ", b"ID3 ", b"smpl", b"JUNK", b"PEAK", b"iXML", b"_PMX", b"afsp"),
)
NEXT_CHUNKS = (b"data", *KNOWN_CHUNKS)


class WavError(Exception):
    """The file gives no samples; the message is what is wrong with it, after "is" or "are"."""


@dataclass(frozen=True, slots=True)
class _Format:
    tag: int
    channels: int
    rate: int
    width: int  # bytes of a sample
    order: str  # of bytes: "<" or ">"


def samples_of(content: bytes) -> tuple[Signal, int]:
    """The samples, of shape (n, channels), 1 being the loudest, and the sampling rate in hertz.

    Where the header gives a size that cannot be, as programs that write into a pipe do, the samples go on to the end.

    Raises:
        WavError: if it is no wav file, or its samples are compressed or no sound.
    """
    fmt, data = _parts(content)
    whole = len(data) // (fmt.width * fmt.channels) * fmt.width * fmt.channels
    samples = _decoded(data[:whole], fmt).reshape(-1, fmt.channels)
    if not np.isfinite(samples).all() or np.abs(samples).max(initial=0) > LOUDEST:
        raise WavError("no sound, for its numbers are not between -1 and 1")
    return samples, fmt.rate


def rate_of(content: bytes) -> int:
    """The sampling rate in hertz.

    Raises:
        WavError: as `samples_of` does for headers.
    """
    return _parts(content)[0].rate


def _parts(content: bytes) -> tuple[_Format, bytes]:
    order = BEGINNINGS.get(content[:4])
    if order is None or content[8:12] != b"WAVE":
        kind = kind_of_content(content)
        if kind in ("empty", "nothing but zeros"):
            raise WavError(kind)
        is_cut = order is not None and kind in ("plain text", "of no known kind")
        raise WavError("damaged, or no wav" if is_cut or kind == "of no known kind" else f"{kind}, not wav")
    fmt, data = None, None
    for name, start, end in _chunks(content, order):
        if name == b"fmt " and fmt is None:
            fmt = _format(content[start:end], order)
        if name == b"data" and not data:
            data = content[start:end]
    if fmt is None or data is None:
        raise WavError("wav without a header" if fmt is None else "wav without samples")
    return fmt, data


def _chunks(content: bytes, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of each chunk."""
    place, long_size = 12, 0
    while place + 8 <= len(content):
        name, size = struct.unpack_from(f"{order}4sI", content, place)
        start = place + 8
        if name == b"ds64":  # sizes that are too large for the headers of the chunks themselves
            long_size = int.from_bytes(content[start + 8 : start + 16], "little")
        if name == b"fmt " and start + size > len(content):
            size = next((n for n in FORMAT_SIZES if content[start + n : start + n + 4] in NEXT_CHUNKS), size)
        end = start + (long_size if name == b"data" and size == 0xFFFFFFFF and long_size else size)
        if name == b"data" and (end > len(content) or (size == 0 and content[start : start + 4] not in KNOWN_CHUNKS)):
            end = len(content)
        yield name, start, min(end, len(content))
        place = end + (end % 2 if content[end : end + 1] == b"\0" else 0)  # some leave the byte out that pads to a pair


def _format(header: bytes, order: str) -> _Format:
    if len(header) < 14:
        raise WavError("wav with a damaged header")
    tag, channels, rate, _, block = struct.unpack_from(f"{order}HHIIH", header)
    bits = struct.unpack_from(f"{order}H", header, 14)[0] if len(header) >= 16 else 0
    if tag == EXTENSIBLE and len(header) >= 26:
        (tag,) = struct.unpack_from(f"{order}H", header, 24)
    if tag not in (PCM, FLOAT, A_LAW, MU_LAW):
        raise WavError(f"{COMPRESSED.get(tag, f'a code of the number {tag:#06x}')} inside wav, which cannot be read")
    if not channels or not LEAST_RATE <= rate <= HIGHEST_RATE:
        raise WavError(f"wav of {channels} channels at {rate} Hz, which cannot be")
    width = 1 if tag in (A_LAW, MU_LAW) else block // channels if block % channels == 0 else 0
    if not (bits + 7) // 8 <= width <= 8 or width == 0:
        width = (bits + 7) // 8
    if width not in ((4, 8) if tag == FLOAT else (1, 2, 3, 4)):
        raise WavError(f"wav with samples of {bits} bits, which cannot be read")
    return _Format(tag, channels, rate, width, order)


def _decoded(data: bytes, fmt: _Format) -> Signal:
    if fmt.tag in (A_LAW, MU_LAW):
        table = _a_law() if fmt.tag == A_LAW else _mu_law()
        return table[np.frombuffer(data, np.uint8)]
    if fmt.tag == FLOAT:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.frombuffer(data, f"{fmt.order}f{fmt.width}").astype(np.float32)
    if fmt.width == 1:  # the only unsigned one
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    if fmt.width == 3:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        first = 1 if fmt.order == "<" else 0
        padded[:, first : first + 3] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return padded.view(f"{fmt.order}i4").ravel().astype(np.float32) / np.float32(2**31)
    values = np.frombuffer(data, f"{fmt.order}i{fmt.width}")
    return values.astype(np.float32) / np.float32(2 ** (8 * fmt.width - 1))


def _mu_law() -> Signal:
    """The value of each of the 256 codes, as 16-bit integers have it, divided by 32,768 (G.711, table 2)."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (code >> 4 & 7).astype(np.int64), (code & 15).astype(np.int64)
    size = (((mantissa << 3) + 132) << exponent) - 132
    return np.asarray(np.where(code & 128, -size, size) / 32768, np.float32)


def _a_law() -> Signal:
    """The value of each of the 256 codes, as 16-bit integers have it, divided by 32,768 (G.711, table 1)."""
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = (code >> 4 & 7).astype(np.int64), (code & 15).astype(np.int64)
    size = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent - 1, 0))
    return np.asarray(np.where(code & 128, size, -size) / 32768, np.float32)
