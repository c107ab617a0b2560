"""Reading flatbuffers with every offset checked: a damaged file gives one clear error and no endless work.

Only what a `.tflite` needs: tables, scalars, strings, vectors. The format is described at flatbuffers.dev
(internals).
"""

from __future__ import annotations

import struct

from resource_models.errors import ModelFileError

_FORMATS = {
    "u8": "<B", "i8": "<b", "bool": "<?", "i32": "<i", "u32": "<I", "f32": "<f", "i64": "<q", "u64": "<Q", "u16": "<H",
}  # fmt: skip
_READERS = {kind: (struct.calcsize(form), struct.Struct(form).unpack_from) for kind, form in _FORMATS.items()}
"""Bytes of each kind of number, and what reads it."""


def read_number(data: bytes, position: int, kind: str) -> float:
    """The number of `kind` at `position`. Raises `ModelFileError` outside of the data."""
    size, read = _READERS[kind]
    if not 0 <= position <= len(data) - size:
        raise _outside(data, position)
    number: float = read(data, position)[0]
    return number


def read_scalar(data: bytes, position: int, kind: str) -> int:
    """The whole number of `kind` at `position`. Raises `ModelFileError` outside of the data."""
    size, read = _READERS[kind]
    if not 0 <= position <= len(data) - size:
        raise _outside(data, position)
    number: int = read(data, position)[0]
    return number


def _outside(data: bytes, position: int) -> ModelFileError:
    return ModelFileError(f"the file is damaged: it points to byte {position}, but has {len(data)} bytes")


def root_table(data: bytes) -> Table:
    """The table that the whole file is."""
    return Table(data, read_scalar(data, 0, "u32"))


class Table:
    """A table at a position; fields are numbered as in the schema and may be absent."""

    __slots__ = ("_fields", "_size", "data", "position")

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position
        self._fields = position - read_scalar(data, position, "i32")
        self._size = read_scalar(data, self._fields, "u16")

    def _field(self, index: int) -> int | None:
        """Position of a field's value."""
        place = 4 + 2 * index
        offset = read_scalar(self.data, self._fields + place, "u16") if place < self._size else 0
        return self.position + offset if offset else None

    def _target(self, index: int) -> int | None:
        """Position that an offset field points to."""
        field = self._field(index)
        return None if field is None else field + read_scalar(self.data, field, "u32")

    def number(self, index: int, kind: str, default: int = 0) -> int:
        """A number, or the default where it is absent."""
        field = self._field(index)
        return default if field is None else read_scalar(self.data, field, kind)

    def table(self, index: int) -> Table | None:
        """A table, None where it is absent."""
        target = self._target(index)
        return None if target is None else Table(self.data, target)

    def _vector(self, index: int, width: int) -> tuple[int, int]:
        """First element's position and the length of a vector whose elements take `width` bytes."""
        target = self._target(index)
        if target is None:
            return 0, 0
        length = read_scalar(self.data, target, "u32")
        if target + 4 + length * width > len(self.data):
            raise ModelFileError(f"the file is damaged: it ends within a list of {length} elements")
        return target + 4, length

    def list_start(self, index: int) -> int | None:
        """Position of the first entry of a vector of tables, None where there is none."""
        start, length = self._vector(index, 4)
        return start if length else None

    def tables(self, index: int) -> list[Table]:
        """A vector of tables."""
        start, length = self._vector(index, 4)
        places = range(start, start + 4 * length, 4)
        return [Table(self.data, place + read_scalar(self.data, place, "u32")) for place in places]

    def integers(self, index: int) -> tuple[int, ...]:
        """A vector of int32."""
        start, length = self._vector(index, 4)
        return struct.unpack_from(f"<{length}i", self.data, start) if length else ()

    def first(self, index: int, kind: str, width: int) -> float:
        """The first number of a vector whose elements take `width` bytes; 0 where there is none."""
        start, length = self._vector(index, width)
        return read_number(self.data, start, kind) if length else 0.0

    def floats(self, index: int) -> tuple[float, ...]:
        """A vector of float32."""
        start, length = self._vector(index, 4)
        return struct.unpack_from(f"<{length}f", self.data, start) if length else ()

    def long_integers(self, index: int) -> tuple[int, ...]:
        """A vector of int64."""
        start, length = self._vector(index, 8)
        return struct.unpack_from(f"<{length}q", self.data, start) if length else ()

    def bytes(self, index: int) -> memoryview:
        """A vector of bytes."""
        start, length = self._vector(index, 1)
        return memoryview(self.data)[start : start + length]

    def length(self, index: int, width: int) -> int:
        """Number of elements of a vector whose elements take `width` bytes."""
        return self._vector(index, width)[1]

    def text(self, index: int) -> str:
        """A name of at most 200 characters; what cannot be printed becomes a question mark."""
        name = bytes(self.bytes(index)[:800]).decode("utf-8", "replace")[:200]
        return name if name.isprintable() else "".join(c if c.isprintable() else "?" for c in name)
