"""TensorFlow Lite Micro with ESP-NN, the kernels of Espressif's chips."""

from __future__ import annotations

from resource_models.memory.kernel_memory import KernelLibrary
from resource_models.runtimes.runtime import FITS, Runtime
from resource_models.runtimes.tflm import CLOSING_BYTES, FIRMWARE_BYTES, TflmArena, TflmCode

RUNTIME = Runtime(
    id="tflm-esp-nn",
    name="TensorFlow Lite Micro with ESP-NN",
    kernels="ESP-NN",
    note="ESP32 boards (default).",
    default_for=("Xtensa", "RISC-V"),
    arena=TflmArena(
        kernels=KernelLibrary(fixed_bytes=FIRMWARE_BYTES, closing_bytes=CLOSING_BYTES),
        method="analytic: TFLM's planner and structures; without ESP-NN's scratch",
        unknown_share=0.5,
    ),
    code=TflmCode(36_000),
    built_on_tflm=True,
    latency=FITS / "tflm_esp_nn.json",
)
