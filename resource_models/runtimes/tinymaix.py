"""TinyMaix, whose RAM and code size nobody has measured for networks that can be compared."""

from __future__ import annotations

from resource_models.runtimes.runtime import FITS, Runtime

RUNTIME = Runtime(
    id="tinymaix",
    name="TinyMaix",
    kernels="its own, portable C with SIMD where there is",
    note="Small chips down to Cortex-M0+.",
    latency=FITS / "tinymaix.json",
)
