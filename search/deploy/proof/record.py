"""What a comparison of two ways to run one network gave."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.network import IntegerNetwork, Layer
from search.deploy.integer.rounding import PROFILE

Bytes = NDArray[np.int8]


class Proof(Protocol):
    """What a way to run a network gave, beside the NumPy reference."""

    @property
    def against(self) -> str:
        """What ran the network, with its version."""

    @property
    def reason(self) -> str:
        """Why nothing was compared; empty where it was."""

    @property
    def verified(self) -> bool:
        """Whether values were compared and all are equal."""

    @property
    def words(self) -> str:
        """What came of it, in one sentence."""

    def to_json(self) -> dict[str, Any]:
        """The entry of `model.json`."""


@dataclass(frozen=True, slots=True)
class LayerProof:
    """A layer's values compared, over all inputs.

    Attributes:
        name, kind: of the layer.
        bytes: compared.
        different: how many of them differ.
        checksum: CRC-32 of the NumPy reference's values, input after input.
    """

    name: str
    kind: str
    bytes: int
    different: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Verification:
    """A comparison with the NumPy reference.

    Attributes:
        against: what ran the network, with its version.
        inputs: how many.
        layers: in the order in which they run; those whose values could not be had are left out.
        reason: why nothing was compared; empty where it was.
    """

    against: str
    inputs: int
    layers: tuple[LayerProof, ...] = ()
    reason: str = ""

    @property
    def different(self) -> int:
        """Bytes that differ."""
        return sum(layer.different for layer in self.layers)

    @property
    def first_different(self) -> str | None:
        """The first layer with other values; those before it are equal."""
        return next((layer.name for layer in self.layers if layer.different), None)

    @property
    def verified(self) -> bool:
        """Whether values were compared and all are equal."""
        return bool(self.layers) and self.different == 0

    @property
    def words(self) -> str:
        """What came of it, in one sentence."""
        if self.reason:
            return f"{self.against}: not verified, {self.reason}."
        first = f", first in {self.first_different}" if self.different else ""
        return (
            f"{self.against}: {self.different} of {sum(layer.bytes for layer in self.layers):,} bytes differ from the "
            f"NumPy reference{first}, over all layers and {self.inputs} inputs."
        )

    def to_json(self) -> dict[str, Any]:
        """The entry of `model.json`."""
        if self.reason:
            return {"against": self.against, "verified": False, "reason": self.reason}
        return {
            "against": self.against,
            "verified": self.verified,
            "arithmetic": PROFILE,
            "inputs": self.inputs,
            "bytes": sum(layer.bytes for layer in self.layers),
            "different": self.different,
            "first_different": self.first_different,
            "layers": [
                {"name": layer.name, "different": layer.different, "crc32": f"{layer.checksum:08x}"}
                for layer in self.layers
            ],
        }


def compared(
    network: IntegerNetwork, layers: Sequence[Layer], reference: Mapping[int, Bytes], found: Mapping[int, Bytes]
) -> tuple[LayerProof, ...]:
    """The layers whose outputs were found, against the reference; both give values by tensor."""
    return tuple(
        _compared(network, layer, reference[layer.output], found[layer.output])
        for layer in layers
        if layer.output in found
    )


def _compared(network: IntegerNetwork, layer: Layer, reference: Bytes, found: Bytes) -> LayerProof:
    size = network.tensors[layer.output].size
    expected, values = reference.reshape(-1, size), found.reshape(-1, size)
    different = int(np.count_nonzero(expected != values))
    return LayerProof(layer.name, layer.kind, expected.size, different, zlib.crc32(expected.tobytes()))
