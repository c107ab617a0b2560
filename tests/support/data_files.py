"""Small files in the formats of the originals."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import wave
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image


def image_bytes(pixels, kind="PNG", *, dtype=np.uint8) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype)).save(buffer, kind)
    return buffer.getvalue()


def flat_image(value, size=(4, 4), *, colour=False) -> bytes:
    return image_bytes(np.full((*size, 3) if colour else size, value))


def marked_image(value, size=(4, 4), *, colour=False) -> bytes:
    """Flat but for its last pixel, so that it tells something."""
    pixels = np.full((*size, 3) if colour else size, value)
    pixels[-1, -1] += 10
    return image_bytes(pixels)


def wav_bytes(samples, rate=8000, *, width=2, channels=1) -> bytes:
    """Samples in [-1, 1) as PCM; `samples` has shape (n,) or (n, channels)."""
    scaled = np.round(np.asarray(samples, np.float64) * 2 ** (8 * width - 1)).astype(np.int64)
    if width == 1:
        data = (scaled + 128).astype(np.uint8).tobytes()
    elif width == 3:
        data = scaled.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    else:
        data = scaled.astype(f"<i{width}").tobytes()
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return buffer.getvalue()


def tone(hertz, seconds=1.0, rate=8000, volume=0.5):
    return volume * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> Path:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def write_zip(path: Path, contents: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def write_tar(path: Path, contents: Mapping[str, bytes], *, prefix="") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def idx_bytes(array, *, compressed=True) -> bytes:
    array = np.asarray(array, np.uint8)
    content = struct.pack(f">HBB{array.ndim}i", 0, 8, array.ndim, *array.shape) + array.tobytes()
    return gzip.compress(content) if compressed else content


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def message(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def example_bytes(features: Mapping[str, bytes | int]) -> bytes:
    """A tf.train.Example."""
    entries = b""
    for name, value in features.items():
        is_text = isinstance(value, bytes)
        feature = message(1, message(1, value)) if is_text else message(3, message(1, varint(value)))
        entries += message(1, message(1, name.encode()) + message(2, feature))
    return message(1, entries)


def crc32c(content: bytes) -> int:
    """Bit by bit, after the definition in RFC 3720."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def record_bytes(content: bytes) -> bytes:
    """A TFRecord."""

    def masked(part: bytes) -> bytes:
        crc = crc32c(part)
        return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)

    length = struct.pack("<Q", len(content))
    return length + masked(length) + content + masked(content)
