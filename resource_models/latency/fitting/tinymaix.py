"""TinyMaix on Cortex-M0+, from four networks on three chips: the only runtime with data for that core.

Community measurements, in two levels of optimisation: the faster one of each network counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from resource_models.latency.fitting.fit_arithmetic import Cycles, fit_of, predict, rounded_cycles
from resource_models.latency.fitting.measurements import NetworkSample, total_macs
from resource_models.latency.fitting.validation import band, coverage, errors, leave_out
from resource_models.latency.least_squares import fit_relative
from resource_models.runtimes.latency_fit import TERMS, LatencyFit

_SHAPE: Cycles = {
    "conv": [1000, 18, 60, 2, 20, 50, 1, 5, 1],
    "pointwise": [1000, 18, 60, 1],
    "depthwise": [1000, 26, 60, 20],
    "dense": [1000, 18, 60],
    "pool": [1000, 15, 15],
    "mean": [1000, 15],
    "add": [1000, 60],
    "binary": [1000, 60],
    "unary": [1000, 30],
    "softmax": [1000, 300],
    "pad": [1000, 8],
    "copy": [1000, 8],
    "reshape": [200, 0],
}
"""Cycles on a Cortex-M0+ (one-cycle multiplier, no SIMD); measurements scale convolutions, depthwise and the rest."""

_GROUPS = (("conv", "pointwise", "dense"), ("depthwise",))


def entries(networks: Sequence[NetworkSample]) -> list[LatencyFit]:
    """The entry of TinyMaix on Cortex-M0+."""
    chosen = _collect(networks)
    predicted = leave_out(chosen, lambda sample: sample.family, lambda rest: _Predictor(_fit(rest)))
    by_macs = leave_out(chosen, lambda sample: sample.family, lambda rest: _MacsPredictor(_per_mac(rest)))
    measured = [sample.cycles for sample in chosen]
    limits = band(predicted, measured, floor=0.5)
    return [
        fit_of(
            core="Cortex-M0+",
            runtime="tinymaix",
            version="2022",
            applies_to=[],
            measured=["RP2040", "SAMD21", "APM32F072"],
            measured_on=f"RP2040, SAMD21, APM32F072 ({len(chosen)} measurements of 4 networks)",
            source="github:sipeed/TinyMaix doc/porting (community measurements)",
            samples=len(chosen),
            cycles=rounded_cycles(_fit(chosen)),
            band=dict.fromkeys(TERMS, limits),
            transfer=(0.8, 1.25),
            validation={
                "left_out": "families of networks",
                "networks": errors(predicted, measured),
                "macs_times_constant": errors(by_macs, measured),
                "band_holds": coverage(predicted, measured, [limits] * len(measured)),
            },
        )
    ]


def _collect(networks: Sequence[NetworkSample]) -> list[NetworkSample]:
    """The fastest build of each network on each chip and clock."""
    fastest: dict[tuple[str, str, float], NetworkSample] = {}
    for sample in networks:
        if sample.source == "tinymaix_porting" and sample.core == "Cortex-M0+" and sample.clock_hz and sample.works:
            key = (sample.board, sample.model, sample.clock_hz)
            if key not in fastest or sample.latency_s < fastest[key].latency_s:
                fastest[key] = sample
    return list(fastest.values())


def _fit(samples: Sequence[NetworkSample]) -> Cycles:
    """One factor for convolutions and dense layers, one for depthwise, one for the rest, near a common one."""
    rows = np.array([_parts(sample) for sample in samples])
    measured = np.array([sample.cycles for sample in samples])
    common = float(np.median(measured / rows.sum(axis=1)))
    factors = fit_relative(rows, measured, prior=np.full(3, common), strength=0.5)
    return {kind: [value * float(factors[_group(kind)]) for value in values] for kind, values in _SHAPE.items()}


def _group(kind: str) -> int:
    return next((index for index, group in enumerate(_GROUPS) if kind in group), len(_GROUPS))


def _parts(sample: NetworkSample) -> list[float]:
    parts = [0.0] * (len(_GROUPS) + 1)
    for work in sample.works:
        parts[_group(work.kind)] += predict(_SHAPE, (work,))
    return parts


def _per_mac(samples: Sequence[NetworkSample]) -> float:
    return float(np.median([sample.cycles / total_macs(sample.works) for sample in samples]))


class _Predictor:
    def __init__(self, cycles: Cycles) -> None:
        self.cycles = cycles

    def __call__(self, sample: NetworkSample) -> float:
        return predict(self.cycles, sample.works)


class _MacsPredictor:
    def __init__(self, per_mac: float) -> None:
        self.per_mac = per_mac

    def __call__(self, sample: NetworkSample) -> float:
        return self.per_mac * total_macs(sample.works)
