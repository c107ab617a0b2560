"""ESP-NN on the ESP32-S3 from single layers; the portable kernels, and ESP32 and ESP32-C3, from one network.

The table in the README of ESP-NN gives ticks of single layers; they are taken as CPU cycles. It has one or two
layers per kind of kernel, so a prior of the right shape, written with the table at hand, is scaled to them: there is
nothing left over to cross-validate with, but person detection, measured as a whole, is predicted without having been
fitted. The table times kernels: what the interpreter adds per call is put on top. For the portable kernels of TFLM
(5 times slower than the "ANSI C" of that table) and for ESP32 and ESP32-C3 only that one network is published.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from resource_models.latency.fitting.fit_arithmetic import Cycles, fit_of, predict, rounded_cycles
from resource_models.latency.fitting.measurements import NetworkSample, total_macs
from resource_models.latency.fitting.validation import rounded
from resource_models.latency.kernel_work import Work, convolution, dense, depthwise, elementwise, pool
from resource_models.latency.least_squares import fit_relative
from resource_models.runtimes.latency_fit import TERMS, LatencyFit

_LAYERS: dict[tuple[str, str], Work] = {
    ("elementwise_add", "size 1615"): elementwise("add", 1615),
    ("elementwise_mul", "size 1615"): elementwise("binary", 1615),
    ("convolution 1x1", "input(10,10) filter(64x1x1x64)"): convolution((1, 1), (1, 1), 64, (1, 10, 10, 64)),
    ("convolution 1x1", "input(8,8) filter(16x1x1x16)"): convolution((1, 1), (1, 1), 16, (1, 8, 8, 16)),
    ("convolution 3x3", "input(8,8) filter(64x3x3x3) pad0"): convolution((3, 3), (1, 1), 3, (1, 6, 6, 64)),
    ("depthwise 3x3", "input(18,18) filter 1x3x3x16 pad0"): depthwise((3, 3), (1, 16, 16, 16)),
    ("depthwise 5x5 ch_mult4", "input(12,12) pad(1,1) filter 8x5x5x4"): depthwise((5, 5), (1, 10, 10, 32)),
    ("max pool 3x3", "input(16,16) 16ch"): pool((3, 3), (1, 14, 14, 16)),
    ("avg pool 3x3", "input(16,16) 16ch"): pool((3, 3), (1, 14, 14, 16)),
    ("fully connected", "len 271 ch 3"): dense(271, 3),
    ("softmax", "h8 w32"): elementwise("softmax", 256),
}
"""The layers of the README of ESP-NN by its own words."""

_PRIOR: Cycles = {
    "conv": [1000, 0.4, 30, 0.3, 20, 50, 2, 5, 4.5],
    "pointwise": [1000, 0.35, 30, 2],
    "depthwise": [1000, 4, 10, 5],
    "dense": [500, 1, 3],
    "pool": [500, 2, 8],
    "mean": [500, 6],
    "add": [500, 45],
    "binary": [500, 22],
    "unary": [500, 40],
    "softmax": [500, 43],
    "pad": [500, 4],
    "copy": [500, 2],
    "reshape": [200, 0.5],
}

_CALL = 4000.0
"""Cycles that the interpreter adds to a call: three tiny dense layers take 21,000 cycles on an ESP32 (hello_world)."""

_PERSON_DETECTION = {
    ("Xtensa LX7 PIE", "tflm-reference"): (77.0, 77.0),
    ("Xtensa LX7 PIE", "tflm-esp-nn"): (1.58, 1.81),
    ("Xtensa LX6", "tflm-reference"): (137.0, 137.0),
    ("Xtensa LX6", "tflm-esp-nn"): (12.7, 12.7),
    ("RISC-V RV32IMC", "tflm-reference"): (75.0, 75.0),
    ("RISC-V RV32IMC", "tflm-esp-nn"): (9.5, 9.5),
}
"""Cycles per MAC of the person detection example (MobileNetV1 0.25, 96x96x1): best and slowest memory placement."""

_NETWORK_SOURCE = "github:espressif/esp-nn and esp-tflite-micro README.md (person detection)"


def entries(folder: Path, networks: Sequence[NetworkSample]) -> list[LatencyFit]:
    """Entries of ESP-NN and of the portable kernels on Espressif's chips."""
    person = next(s.works for s in networks if s.family == "st-mobilenetv1" and 7.1e6 < total_macs(s.works) < 7.2e6)
    measured = [key for key in _PERSON_DETECTION if key != ("Xtensa LX7 PIE", "tflm-esp-nn")]
    return [_s3_entry(_read(folder), person), *(_network_entry(core, name) for core, name in measured)]


Layer = tuple[Work, float]


def _read(folder: Path) -> list[Layer]:
    with (folder / "op_points.csv").open(encoding="utf-8", newline="") as file:
        return [
            (_LAYERS[row["op"], row["in_shape"]], float(row["op_cycles"]))
            for row in csv.DictReader(file)
            if row["board"] == "ESP32-S3" and row["runtime"] == "ESP-NN optimised"
            if (row["op"], row["in_shape"]) in _LAYERS
        ]


def _fit(layers: Sequence[Layer]) -> Cycles:
    cycles = {kind: list(values) for kind, values in _PRIOR.items()}
    for kind in dict.fromkeys(work.kind for work, _ in layers):
        terms = np.array([work.terms for work, _ in layers if work.kind == kind], dtype=float)
        measured = np.array([value for work, value in layers if work.kind == kind])
        cycles[kind] = list(fit_relative(terms, measured, prior=np.array(_PRIOR[kind]), strength=0.02))
    return cycles


def _s3_entry(layers: Sequence[Layer], person: Sequence[Work]) -> LatencyFit:
    cycles = _fit(layers)
    for values in cycles.values():
        values[0] += _CALL
    predicted = predict(cycles, person) / total_macs(person)
    low, high = _PERSON_DETECTION["Xtensa LX7 PIE", "tflm-esp-nn"]
    check = {"predicted_cycles_per_mac": rounded(predicted), "measured_low": low, "measured_high": high}
    return fit_of(
        core="Xtensa LX7 PIE",
        runtime="tflm-esp-nn",
        version="2023",
        applies_to=[],
        measured=["ESP32-S3"],
        measured_on=f"ESP32-S3 ({len(layers)} layers)",
        source="github:espressif/esp-nn README.md",
        samples=len(layers),
        cycles=rounded_cycles(cycles),
        band=dict.fromkeys(TERMS, (0.6, 1.65)),
        transfer=(0.9, 1.1),
        validation={
            "left_out": "every network",
            "networks": {
                "person detection on ESP32-S3": check | {"error": rounded(predicted / (low * high) ** 0.5 - 1)}
            },
        },
    )


def _network_entry(core: str, runtime: str) -> LatencyFit:
    """MACs x constant: there is one number, so there is one coefficient, and a band of more than a factor of two."""
    return per_mac_entry(
        core=core,
        runtime=runtime,
        per_mac=_PERSON_DETECTION[core, runtime][0],
        measured=["ESP32"],
        measured_on="one network, person detection",
        source=_NETWORK_SOURCE,
        band=(0.4, 2.5),
    )


def per_mac_entry(
    *,
    core: str,
    runtime: str,
    per_mac: float,
    measured: list[str],
    measured_on: str,
    source: str,
    band: tuple[float, float],
) -> LatencyFit:
    """An entry for kernels whose cost follows the MACs; other kernels cost half a MAC to two per element."""
    per_element = {"add": 2.0, "reshape": 0.0}
    cycles: Cycles = {}
    for kind, terms in TERMS.items():
        weight = 1.0 if "macs" in terms else per_element.get(kind, 0.5)
        cycles[kind] = [_CALL, per_mac * weight] + [0.0] * (len(terms) - 2)
    return fit_of(
        core=core,
        runtime=runtime,
        version="2023",
        applies_to=[],
        measured=measured,
        measured_on=measured_on,
        source=source,
        samples=1,
        cycles=rounded_cycles(cycles),
        band=dict.fromkeys(TERMS, band),
        transfer=(1.0, 1.0),
        validation={},
    )
