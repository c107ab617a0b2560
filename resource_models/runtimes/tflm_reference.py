"""TensorFlow Lite Micro with its reference kernels."""

from __future__ import annotations

from resource_models.memory.kernel_memory import KernelLibrary
from resource_models.runtimes.runtime import FITS, Runtime
from resource_models.runtimes.tflm import TflmArena, TflmCode

RUNTIME = Runtime(
    id="tflm-reference",
    name="TensorFlow Lite Micro, reference kernels",
    kernels="portable C++",
    note="Runs everywhere, slowly.",
    arena=TflmArena(
        # Of the fixed bytes 2,020 are for 100 variables, as in TFLM's own benchmark.
        kernels=KernelLibrary(fixed_bytes=2256, variable_bytes=0),
        method="analytic: TFLM's planner and structures, which are within 16 bytes of TFLM itself",
    ),
    code=TflmCode(32_000),
    built_on_tflm=True,
    latency=FITS / "tflm_reference.json",
)
