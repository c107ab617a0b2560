"""A network of integers as C: a header, the code, and the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.deploy.c.arrays import Array
from search.deploy.c.identifiers import identifier
from search.deploy.c.layers import LayerCode, Place, code_of
from search.deploy.c.memory_plan import MemoryPlan, memory_plan
from search.deploy.c.templates import rendered
from search.deploy.integer.network import IntegerNetwork
from search.deploy.integer.rounding import PROFILE

_ORDER = (
    "clamp", "rounding", "rescale", "weighted", "dot", "dense", "window", "convolution", "depthwise", "pool",
    "reduction", "sum", "product", "lookup", "fill", "move", "softmax",
)  # fmt: skip
_WIDE = 32_000
"""Bytes from which indices need 32 bits."""


@dataclass(frozen=True, slots=True)
class Program:
    """The C of a network.

    Attributes:
        name: what all its public names begin with.
        sources: text by file name: `name.h`, `name.c`, `name_weights.c`.
        plan: the static buffer.
        weight_bytes: of all constants.
    """

    name: str
    sources: dict[str, str]
    plan: MemoryPlan
    weight_bytes: int


def program(network: IntegerNetwork, name: str, *, labels: Sequence[str] = (), pixels: bool = False) -> Program:
    """The C of a network.

    Args:
        network: what to write.
        name: of any kind; the program's name is the identifier made of it.
        labels: of the classes, in the order of the outputs.
        pixels: whether inputs are pictures whose bytes stand for 0 to 1.

    Raises:
        DeployError: something about a layer cannot be written as C; it is named, and nothing is returned.
    """
    return _Writer(network, identifier(name), tuple(labels), pixels).program()


class _Writer:
    def __init__(self, network: IntegerNetwork, name: str, labels: tuple[str, ...], pixels: bool) -> None:
        self._network, self._name, self._labels, self._pixels = network, name, labels, pixels
        self._plan = memory_plan(network)
        self._at = self._pointers()
        self._codes = [
            code_of(layer.operation, Place(layer, network, f"{name}_", self._at)) for layer in self._plan.layers
        ]

    def program(self) -> Program:
        """The program."""
        arrays = [*self._arrays(), *self._helper_arrays()]
        sources = {
            f"{self._name}.h": self._header(),
            f"{self._name}.c": self._code(arrays),
            f"{self._name}_weights.c": self._weights(arrays),
        }
        return Program(self._name, sources, self._plan, sum(array.values.nbytes for array in arrays))

    def _pointers(self) -> dict[int, str]:
        """The C of every tensor."""
        places = {tensor: f"arena + {offset}" for tensor, offset in self._plan.offsets.items()}
        for number, tensor in enumerate(self._network.tensors):
            if tensor.constant is not None:
                places[number] = f"{self._name}_constant_{number}"
        return places

    def _arrays(self) -> list[Array]:
        """All constants, each once."""
        return list({array.name: array for code in self._codes for array in code.arrays}.values())

    def _rendered(self, file: str, values: Mapping[str, object] | None = None) -> str:
        return rendered(file, self._name, values)

    # The header

    def _header(self) -> str:
        source, target = self._network.source, self._network.target
        values = {
            "shape": " x ".join(map(str, source.shape)),
            "out_shape": " x ".join(map(str, target.shape)),
            "input": source.size,
            "output": target.size,
            "arena": self._plan.bytes,
            "layers": len(self._plan.layers),
            "scale": f"{float(source.codes.scale):.9g}f",
            "zero": source.codes.zero,
            "out_scale": f"{float(target.codes.scale):.9g}f",
            "out_zero": target.codes.zero,
            "profile": PROFILE,
            "pixels": self._rendered("pixels.h") if self._pixels else "",
            "labels": self._rendered("labels.h") if self._labels else "",
        }
        return self._rendered("network.h", values)

    # The code

    def _code(self, arrays: Sequence[Array]) -> str:
        needed = {fragment for code in self._codes for fragment in code.fragments}
        kernels = "\n".join(self._rendered(f"{fragment}.c") for fragment in _ORDER if fragment in needed)
        records = "\n".join(record for code in self._codes for record in code.records)
        externs = "\n".join(f"extern {array.declared('FLASH')};" for array in arrays)
        values = {
            "name": self._name,
            "size": "int32_t" if self._largest() > _WIDE else "int_fast16_t",
            "externs": externs,
            "kernels": kernels,
            "records": records,
            "arena": self._plan.bytes,
            "calls": "\n".join(self._call(index, code) for index, code in enumerate(self._codes)),
            "input": self._at[self._network.input],
            "output": self._at[self._network.output],
            "helpers": self._helpers(),
        }
        return self._rendered("network.c", values)

    def _largest(self) -> int:
        sizes = [array.values.size for array in self._arrays()]
        return max([*sizes, *(tensor.size for tensor in self._network.tensors)])

    def _call(self, index: int, code: LayerCode) -> str:
        layer = self._plan.layers[index]
        tensors = self._network.tensors
        shapes = [" x ".join(map(str, tensors[tensor].shape)) for tensor in (*layer.inputs, layer.output)]
        comment = f"  /* {layer.name}: {', '.join(shapes[:-1])} -> {shapes[-1]} */"
        trace = f"  DONE({index}, {self._at[layer.output]}, {tensors[layer.output].size});"
        return "\n".join([comment, *(f"  {call}" for call in code.calls), trace])

    def _helpers(self) -> str:
        source, target = self._network.source, self._network.target
        low, high = (-128, 127) if source.codes.signed else (0, 255)
        values = {
            "low": low - source.codes.zero,
            "high": high - source.codes.zero,
            "threshold": self._network.threshold,
            "confidence": self._confidence(),
            "pixels": self._from_pixels(),
            "labels": self._label_texts(),
            "type": "int8_t" if target.codes.signed else "uint8_t",
        }
        return self._rendered("helpers.c", values)

    def _confidence(self) -> str:
        if self._network.gives_shares:
            kind = "share_of_one.c" if self._network.target.size == 1 else "share.c"
            return self._rendered(kind)
        values = {"zero": self._network.target.codes.zero, "powers": f"{self._name}_powers"}
        kind = "confidence_of_one.c" if self._network.target.size == 1 else "confidence.c"
        return self._rendered("power.c", values) + "\n" + self._rendered(kind, values)

    def _helper_arrays(self) -> list[Array]:
        arrays = []
        if not self._network.gives_shares:
            scale = float(self._network.target.codes.scale)
            powers = [min(65535, round(65536 * math.exp(-scale * 2**bit))) for bit in range(8)]
            comment = "exp(-scale * 2^n) * 2^16, for the confidence"
            arrays.append(Array(f"{self._name}_powers", np.array(powers, np.int32), comment))
        if self._pixels and self._pixel_shift() is None:
            comment = "the input's byte for each byte of a pixel"
            arrays.append(Array(f"{self._name}_pixels", self._pixel_codes(), comment))
        return arrays

    def _pixel_codes(self) -> NDArray[np.int8]:
        shape = self._network.source.shape
        pixels = np.arange(256, dtype=np.float32) / np.float32(255)
        found = [self._network.quantise(np.full((1, *shape), pixel)).reshape(-1)[0] for pixel in pixels]
        return np.array(found, np.int8)

    def _pixel_shift(self) -> int | None:
        """What is taken from every pixel, where the bytes differ by nothing else."""
        codes = self._pixel_codes()
        first = int(codes[0])
        return first if np.array_equal(codes, (np.arange(256) + first).astype(np.int8)) and first >= -128 else None

    def _from_pixels(self) -> str:
        if not self._pixels:
            return ""
        shift = self._pixel_shift()
        one = f"{self._name}_pixels[pixels[i]]" if shift is None else f"(int8_t)(pixels[i] + {shift})"
        return self._rendered("pixels.c", {"one": one.replace("+ -", "- ")})

    def _label_texts(self) -> str:
        if not self._labels:
            return ""
        texts = "\n".join(f"    {_text(label)}," for label in self._labels)
        return self._rendered("labels.c", {"texts": texts})

    # The weights

    def _weights(self, arrays: Sequence[Array]) -> str:
        text = "\n".join(array.defined(f"{self._name.upper()}_FLASH") for array in arrays)
        return f'#include "{self._name}.h"\n\n{text}'


def _text(label: str) -> str:
    """A string of C, whatever is in the label."""
    encoded = label.encode("utf-8", "replace")
    letters = [chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in encoded]
    return '"' + "".join(letters) + '"'


def harness(written: Program) -> str:
    """A `main` that reads inputs and writes the values of every layer, for this machine."""
    return rendered("host_main.c", written.name, {"name": written.name})
