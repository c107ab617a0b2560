"""Reads the folder of measurements: single layers, whole networks, and the layer lists of the networks."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resource_models.errors import ResourceModelError
from resource_models.latency.kernel_work import Shape, Work, convolution, dense, depthwise, elementwise, pool

TABLES = ("op_points.csv", "latency_points.csv", "model_ops.csv")
"""Single layers, whole networks, and the layers of these: see the package for where they are from."""


@dataclass(frozen=True, slots=True)
class LayerSample:
    """One measured layer. ``group`` names kernel x channels: what is left out together."""

    board: str
    runtime: str
    group: str
    work: Work
    cycles: float


@dataclass(frozen=True, slots=True)
class NetworkSample:
    """One measured network: ``cycles`` is latency x clock; ``version`` as the source prints it."""

    source: str
    family: str
    model: str
    board: str
    core: str
    runtime: str
    version: str
    build: str
    clock_hz: float | None
    latency_s: float
    macs: float
    works: tuple[Work, ...]

    @property
    def cycles(self) -> float:
        """Clock cycles of one inference. Raises where the source does not state the clock."""
        if self.clock_hz is None:
            raise ResourceModelError(f"{self.source}: the clock of {self.board} is not stated")
        return self.latency_s * self.clock_hz


def read_layers(folder: Path) -> tuple[LayerSample, ...]:
    """All int8 layers of ``op_points.csv`` whose shapes are stated."""
    return tuple(sample for row in _rows(folder / "op_points.csv") for sample in _layer(row))


def read_networks(folder: Path) -> tuple[NetworkSample, ...]:
    """All int8 networks of ``latency_points.csv`` without accelerator; ``works`` is empty without a layer list."""
    lists = read_layer_lists(folder)
    return tuple(
        NetworkSample(
            source=row["src"],
            family=row["family"],
            model=row["model_name"],
            board=row["board"],
            core=row["core"],
            runtime=row["runtime"],
            version=row["runtime_version"],
            build=row["build"],
            clock_hz=float(row["clock_mhz"]) * 1e6 if row["clock_mhz"] else None,
            latency_s=float(row["latency_ms"]) * 1e-3,
            macs=float(row["macs"] or math.nan),
            works=lists.get(row["model_sha12"], ()),
        )
        for row in _rows(folder / "latency_points.csv")
        if row["latency_ms"] and row["quant"] == "int8" and not row["accel"]
    )


@cache
def read_layer_lists(folder: Path) -> dict[str, tuple[Work, ...]]:
    """Per network (first 12 digits of its SHA-256) its kernel calls."""
    lists: dict[str, list[Work]] = {}
    for row in _rows(folder / "model_ops.csv"):
        lists.setdefault(row["model_sha12"], []).extend(_listed(row))
    return {key: tuple(works) for key, works in lists.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise ResourceModelError(f"Measurements '{path}' cannot be read: {error.strerror}.") from error


def _layer(row: dict[str, str]) -> tuple[LayerSample, ...]:
    if row["quant"] != "int8" or not row["op_cycles"] or not row["in_shape"].startswith("["):
        return ()
    inputs, output = json.loads(row["in_shape"]), tuple(json.loads(row["out_shape"]))
    if row["op"] == "conv2d":
        kernel, strides = _pair(row["kernel"]), _pair(row["stride"])
        work = convolution(kernel, strides, inputs[3], output)
        group = f"{row['kernel']}/{inputs[3]}>{output[3]}"
    elif row["op"] == "add":
        work, group = elementwise("add", math.prod(output)), f"add {output[-1]}"
    elif row["op"] == "global_average_pooling2d":
        work, group = elementwise("mean", math.prod(inputs)), f"mean {output[-1]}"
    elif row["op"] == "softmax":
        work, group = elementwise("softmax", math.prod(output)), f"softmax {output[-1]}"
    else:
        return ()
    return (LayerSample(row["board"], row["runtime"], group, work, float(row["op_cycles"])),)


def _listed(row: dict[str, str]) -> tuple[Work, ...]:
    """The kernel call of one row of ``model_ops.csv``; shape arithmetic is folded before anything runs."""
    name, inputs, output = row["op"], _shape(row["inp"]), _shape(row["out"])
    size = math.prod(output)
    if name in ("SHAPE", "STRIDED_SLICE", "PACK", "TILE"):
        return ()
    if name == "CONV_2D":
        return (convolution(_pair(row["k"]), _pair(row["stride"]), inputs[3], output),)
    if name == "DEPTHWISE_CONV_2D":
        return (depthwise(_pair(row["k"]), output),)
    if name == "FULLY_CONNECTED":
        return (dense(int(float(row["macs"])) // size, size),)
    if name in ("MAX_POOL_2D", "AVERAGE_POOL_2D"):
        return (pool(_pair(row["k"]), output),)
    if name in ("MEAN", "REDUCE_MAX"):
        return (elementwise("mean", math.prod(inputs)),)
    return (elementwise(_KINDS[name], size),)


_KINDS = {
    "ADD": "add",
    "MUL": "binary",
    "MINIMUM": "binary",
    "MAXIMUM": "binary",
    "LOGISTIC": "unary",
    "QUANTIZE": "unary",
    "DEQUANTIZE": "unary",
    "RESIZE_BILINEAR": "unary",
    "RESIZE_NEAREST_NEIGHBOR": "unary",
    "SOFTMAX": "softmax",
    "LOG_SOFTMAX": "softmax",
    "PAD": "pad",
    "CONCATENATION": "copy",
    "TRANSPOSE": "copy",
    "RESHAPE": "reshape",
}


def _shape(text: str) -> Shape:
    return tuple(int(length) for length in text.split("x") if length)


def _pair(text: str) -> tuple[int, int]:
    first, second = text.split("x")
    return int(first), int(second)


def total_macs(works: Sequence[Work]) -> int:
    """Multiply-accumulates of these kernel calls."""
    return sum(work.macs for work in works)
