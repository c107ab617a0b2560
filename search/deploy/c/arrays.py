"""Constant arrays as C writes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_COLUMNS = 100
_TYPES = {"int8": "int8_t", "uint8": "uint8_t", "int16": "int16_t", "int32": "int32_t"}


@dataclass(frozen=True, eq=False)
class Array:
    """A constant array: its name, values of an integer type, and what is said of it. `in_flash`: beside the code."""

    name: str
    values: NDArray[np.generic]
    comment: str
    in_flash: bool = True

    @property
    def kind(self) -> str:
        """The type of an element in C."""
        return _TYPES[self.values.dtype.name]

    def declared(self, flash: str) -> str:
        """Type, name and length."""
        return f"const {flash + ' ' if self.in_flash else ''}{self.kind} {self.name}[{self.values.size}]"

    def defined(self, flash: str) -> str:
        """The definition, with its comment."""
        return f"/* {self.comment} */\n{self.declared(flash)} = {{\n{numbers(self.values)}\n}};\n"


def numbers(values: NDArray[np.generic]) -> str:
    """The values, separated by commas, in lines of even length."""
    words = [str(value) if value != -(2**31) else "INT32_MIN" for value in values.reshape(-1).tolist()]
    lines, line = [], " "
    for word in words:
        if len(line) + len(word) > _COLUMNS:
            lines.append(line)
            line = " "
        line += f" {word},"
    return "\n".join([*lines, line])
