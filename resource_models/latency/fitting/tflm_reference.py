"""TensorFlow Lite Micro with its portable kernels on a Cortex-M7: here MACs x constant is the right model.

Eight networks of TinyEngine's table, from 6 to 82 million MACs, take 46 cycles per MAC within a few percent: the
portable kernels compute addresses for every MAC, which hides everything else. The table does not state the clock of
its STM32H743; 480 MHz, the most that the chip can do, is assumed, and the band allows for 400 MHz.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from resource_models.latency.fitting.espressif import per_mac_entry
from resource_models.latency.fitting.measurements import NetworkSample
from resource_models.latency.fitting.validation import errors, leave_out
from resource_models.runtimes.latency_fit import LatencyFit

_CLOCK_HZ = 480e6


def entries(networks: Sequence[NetworkSample]) -> list[LatencyFit]:
    """The entry of the portable kernels on Cortex-M7."""
    chosen = [
        sample
        for sample in networks
        if sample.source == "tinyengine_readme" and "reference" in sample.runtime and sample.macs > 0
    ]
    entry = per_mac_entry(
        core="Cortex-M7",
        runtime="tflm-reference",
        per_mac=_per_mac(chosen),
        measured=["STM32H743"],
        measured_on=f"STM32H743 at 480 MHz (clock assumed), {len(chosen)} networks",
        source="github:mit-han-lab/tinyengine README.md (TFLM 713b6ed, -Ofast)",
        band=(0.75, 1.3),
    )
    predicted = leave_out(chosen, lambda sample: sample.family, lambda rest: _Predictor(_per_mac(rest)))
    validation = {
        "left_out": "families of networks",
        "networks": errors(predicted, [sample.latency_s * _CLOCK_HZ for sample in chosen]),
    }
    return [msgspec.structs.replace(entry, samples=len(chosen), validation=validation)]


def _per_mac(samples: Sequence[NetworkSample]) -> float:
    return float(np.median([sample.latency_s * _CLOCK_HZ / sample.macs for sample in samples]))


class _Predictor:
    def __init__(self, per_mac: float) -> None:
        self.per_mac = per_mac

    def __call__(self, sample: NetworkSample) -> float:
        return self.per_mac * sample.macs
