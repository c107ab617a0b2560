"""Sixty published measurements to learn from: latency and energy of networks, cycles of layers, each with its source.

They are for lessons and examples. The coefficients of `latency` rest on many more; see `runtimes/fits`.

- Networks: Table 4 of MicroNets (arXiv:2010.11267; 1 MAC is 2 of its operations); the int8 feed-forward networks of
  EdgeMark (github:Black3rror/EdgeMark, commit 3e7237db); keyword spotting of MLPerf Tiny with five runtimes
  (github:mlcommons/tiny_results_v0.5 to v1.2, performance runs). EdgeMark does not state the clock.
- Layers: TFLM with CMSIS-NN on a NUCLEO-F446RE, int8, cycles inside the kernel (github:tk-king/MicroNas, commit
  fa6b6d2b). For 1, 4, 8, 16, 32 and 64 input channels the layers at the first and fourth fifth by MACs, two 1×1
  convolutions, and two sums.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PublishedNetwork:
    """A network that somebody timed. `energy_mj` (millijoules per inference) is None where it was not measured."""

    network: str
    board: str
    runtime: str
    macs: int
    latency_ms: float
    energy_mj: float | None
    source: str


@dataclass(frozen=True, slots=True)
class PublishedLayer:
    """A layer that somebody timed: `cycles` of one call of its kernel."""

    operator: str
    kernel: tuple[int, int]
    output_pixels: int
    input_channels: int
    output_channels: int
    cycles: int
    source: str

    @property
    def taps(self) -> int:
        """Positions of the kernel's window; 1 for a sum."""
        return self.kernel[0] * self.kernel[1]

    @property
    def outputs(self) -> int:
        """Output elements."""
        return self.output_pixels * self.output_channels

    @property
    def patches(self) -> int:
        """Runs of input channels that a convolution gathers: one per output pixel and kernel position."""
        return self.output_pixels * self.taps if self.operator == "conv2d" else 0

    @property
    def macs(self) -> int:
        """Multiply-accumulates; 0 for a sum."""
        return self.outputs * self.taps * self.input_channels if self.operator == "conv2d" else 0


def published_networks() -> tuple[PublishedNetwork, ...]:
    """The 44 networks, by board."""
    return tuple(
        PublishedNetwork(
            network=row["network"],
            board=row["board"],
            runtime=row["runtime"],
            macs=int(row["macs"]),
            latency_ms=float(row["latency_ms"]),
            energy_mj=float(row["energy_mj"]) if row["energy_mj"] else None,
            source=row["source"],
        )
        for row in _rows("published_networks.csv")
    )


def published_layers() -> tuple[PublishedLayer, ...]:
    """The 16 layers: convolutions by input channels, then sums."""
    return tuple(
        PublishedLayer(
            operator=row["operator"],
            kernel=_pair(row["kernel"]),
            output_pixels=int(row["output_pixels"]),
            input_channels=int(row["input_channels"]),
            output_channels=int(row["output_channels"]),
            cycles=int(row["cycles"]),
            source=row["source"],
        )
        for row in _rows("published_layers.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _pair(text: str) -> tuple[int, int]:
    height, width = text.split("x")
    return int(height), int(width)
