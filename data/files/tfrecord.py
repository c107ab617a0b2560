"""Reading TFRecord files of `tf.train.Example`, as far as image data sets use them.

A record is a length (8 bytes, little-endian), the masked CRC-32C of these 8 bytes, the content, and its CRC. The
content is a protocol buffer: Example {1: Features {1: map of name to Feature {1: bytes, 3: int64 values}}}.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache

from data.errors import DataError

LENGTH_BYTES = 8
CRC_BYTES = 4
CRC32C_POLYNOMIAL = 0x82F63B78
CRC_MASK = 0xA282EAD8

Example = dict[str, list[bytes] | list[int]]


def read_examples(content: bytes, name: str) -> Iterator[Example]:
    """The examples of a file: each maps names to lists of byte strings or whole numbers.

    Raises:
        DataError: if the file is cut off or damaged.
    """
    position = 0
    while position < len(content):
        start = position + LENGTH_BYTES + CRC_BYTES
        head = content[position:start]
        if len(head) < LENGTH_BYTES + CRC_BYTES:
            raise DataError(f"{name} is cut off in the middle of a record; fetch it again")
        length, checksum = struct.unpack("<QI", head)
        if _masked_crc(head[:LENGTH_BYTES]) != checksum:
            raise DataError(f"{name} is no TFRecord file, or damaged at byte {position}; fetch it again")
        if start + length + CRC_BYTES > len(content):
            raise DataError(f"{name} is cut off in the middle of a record; fetch it again")
        try:
            yield _example(content[start : start + length])
        except (IndexError, ValueError):
            raise DataError(f"{name} holds a record at byte {position} that is no tf.train.Example") from None
        position = start + length + CRC_BYTES


def _example(content: bytes) -> Example:
    example: Example = {}
    for features in _messages(content, 1):
        for entry in _messages(features, 1):
            (key,), (feature,) = _messages(entry, 1), _messages(entry, 2)
            example[key.decode()] = _values(feature)
    return example


def _values(feature: bytes) -> list[bytes] | list[int]:
    texts = [value for group in _messages(feature, 1) for value in _messages(group, 1)]
    if texts:
        return texts
    numbers = []
    for group in _messages(feature, 3):
        for field, value in _fields(group):
            if field == 1:
                numbers += [value] if isinstance(value, int) else list(_varints(value))
    return numbers


def _messages(content: bytes, field: int) -> list[bytes]:
    return [value for number, value in _fields(content) if number == field and isinstance(value, bytes)]


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of every field of a protocol buffer."""
    position = 0
    while position < len(content):
        tag, position = _varint(content, position)
        kind = tag & 7
        if kind == 0:
            value, position = _varint(content, position)
            yield tag >> 3, value
            continue
        if kind == 2:
            length, position = _varint(content, position)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if position + length > len(content):
            raise IndexError(position)
        yield tag >> 3, content[position : position + length]
        position += length


def _varints(content: bytes) -> Iterator[int]:
    position = 0
    while position < len(content):
        value, position = _varint(content, position)
        yield value


def _varint(content: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position


def _masked_crc(content: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _crc_table()[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + CRC_MASK) & 0xFFFFFFFF


@lru_cache(maxsize=1)
def _crc_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (CRC32C_POLYNOMIAL if value & 1 else 0)  # noqa: PLW2901
        table.append(value)
    return tuple(table)
