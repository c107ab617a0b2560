"""ST Edge AI Core, which generates code for each network and overlays its buffers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.graph.operators import OperatorSpec
from resource_models.memory.arena import ArenaPlan
from resource_models.runtimes.runtime import FITS, Runtime
from resource_models.scheduling.peaks import minimum_peak_bytes

_LOW_SHARE, _SHARE = 0.5, 0.66
_LOW_BYTES, _BYTES, _HIGH_BYTES = 300, 6 * 1024, 30 * 1024


@dataclass(frozen=True, slots=True)
class OverlaidBuffers:
    """RAM that ST's generator prints (activations and runtime), from the activations of the best order.

    Over 78 networks of ST's model zoo (versions 7.3 to 10) the activations take 0.66 of that peak at the median, since
    outputs overlay inputs; the runtime takes 0.3 to 30 KiB. The estimate is off by 14 % at the median, and the band
    holds nine of ten.
    """

    def size_bytes(self, converted: Graph) -> int:
        """Bytes of RAM that an inference needs."""
        return round(_SHARE * minimum_peak_bytes(converted)) + _BYTES

    def estimate(self, size: int) -> Estimate:
        """The size with its band."""
        peak = (size - _BYTES) / _SHARE
        method = "analytic: 0.66 of the activation peak and 6 KiB, as 78 networks of ST's model zoo need"
        return Estimate(size, _LOW_SHARE * peak + _LOW_BYTES, peak + _HIGH_BYTES, method)

    def plan(self, _converted: Graph) -> ArenaPlan | Missing:
        """Nobody but the generator knows."""
        return Missing("where ST Edge AI Core puts its buffers is not known")


@dataclass(frozen=True, slots=True)
class GeneratedCode:
    """74 KiB: the median of ST's model zoo, in which code takes 28 to 274 KiB."""

    def size_bytes(self, _kinds: Collection[type[OperatorSpec]]) -> int:
        """Bytes of code, whatever the operators."""
        return 74 * 1024


RUNTIME = Runtime(
    id="st-edge-ai",
    name="ST Edge AI Core (X-CUBE-AI before version 10)",
    kernels="ST's own",
    note="STM32 boards.",
    versions=("10", "9.0", "8.1", "8.0", "7.3", "7.1"),
    made_for=("STM32",),
    arena=OverlaidBuffers(),
    code=GeneratedCode(),
    latency=FITS / "st_edge_ai.json",
)
