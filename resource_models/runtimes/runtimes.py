"""Runtimes: the software that runs a network, with its version. It changes latency more than the core does.

On one and the same board and network (L4R5, keyword spotting) published latencies range from 181 ms
(TFLM 2.3.1) over 75 ms (X-CUBE-AI 7.3) to 43 ms (X-CUBE-AI 9.0), so no figure is carried from one to another.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

from resource_models.errors import BoardError


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A runtime in one version, or in the newest that has measurements.

    Attributes:
        id: How people name it, e.g. ``st-edge-ai`` or, in one version, ``st-edge-ai@8.1``.
        family: The id without a version.
        version: The version asked for; the empty string means the newest with data for the core.
        name: Its name in words.
        kernels: The kernel library that does the work.
        note: What it covers and where that was read.
    """

    id: str
    family: str
    version: str
    name: str
    kernels: str
    note: str


_FAMILIES = (
    ("tflm-cmsis-nn", "TensorFlow Lite Micro with CMSIS-NN", "CMSIS-NN", "Arm boards (default)."),
    ("tflm-esp-nn", "TensorFlow Lite Micro with ESP-NN", "ESP-NN", "ESP32 boards (default)."),
    (
        "tflm-reference",
        "TensorFlow Lite Micro, reference kernels",
        "portable C++",
        "Runs everywhere, slowly.",
    ),
    ("st-edge-ai", "ST Edge AI Core (X-CUBE-AI before version 10)", "ST's own", "STM32 boards."),
    (
        "tinymaix",
        "TinyMaix",
        "its own, portable C with SIMD where there is",
        "Small chips down to Cortex-M0+.",
    ),
)

_VERSIONS = {"st-edge-ai": ("10", "9.0", "8.1", "8.0", "7.3", "7.1")}


@cache
def runtimes() -> tuple[Runtime, ...]:
    """All runtimes; where versions differ, the newest with data (no version) comes first, then each one."""
    return tuple(
        Runtime(
            id=f"{family}@{version}" if version else family,
            family=family,
            version=version,
            name=f"{name} {version}".strip(),
            kernels=kernels,
            note=note,
        )
        for family, name, kernels, note in _FAMILIES
        for version in ("", *_VERSIONS.get(family, ()))
    )


def runtime(name: str) -> Runtime:
    """The runtime of that id. The version may be written in full: `st-edge-ai@8.1.0` is `st-edge-ai@8.1`.

    Raises:
        BoardError: No such runtime or version; near misses are named.
    """
    known = runtimes()
    wanted = name.strip().lower()
    family, _, version = wanted.partition("@")
    for item in known:
        if item.id == wanted or (item.family == family and item.version and _same_version(item.version, version)):
            return item
    near = tuple(item.id for item in known if item.family == family)[:7]
    near = near or tuple(difflib.get_close_matches(wanted, [item.id for item in known], n=3, cutoff=0.4))
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(item.id for item in known)}."
    raise BoardError(f"There is no runtime '{name}'; {hint}", name=name, near=near)


def _same_version(known: str, asked: str) -> bool:
    """Whether the version asked for is the known one, written with more or fewer parts."""
    return bool(asked) and (asked.startswith(f"{known}.") or known == f"{asked}.0")
