"""All runtimes, and finding one by its id.

The runtime changes latency more than the core does: on one and the same board and network (L4R5, keyword spotting)
published latencies range from 181 ms (TFLM 2.3.1) over 75 ms (X-CUBE-AI 7.3) to 43 ms (X-CUBE-AI 9.0), so no figure is
carried from one to another. A new runtime is a file in this folder and a line in `_RECORDS`.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Collection
from functools import cache

from resource_models.errors import BoardError, NotModelledError
from resource_models.estimate import Missing
from resource_models.graph import operators as op
from resource_models.runtimes import st_edge_ai, tflm_cmsis_nn, tflm_esp_nn, tflm_reference, tinymaix
from resource_models.runtimes.runtime import Runtime

_RECORDS = (
    tflm_cmsis_nn.RUNTIME,
    tflm_esp_nn.RUNTIME,
    tflm_reference.RUNTIME,
    st_edge_ai.RUNTIME,
    tinymaix.RUNTIME,
)
FALLBACK = tflm_reference.RUNTIME.id
"""What is assumed where neither a board nor a runtime is named."""


@cache
def runtimes() -> tuple[Runtime, ...]:
    """All runtimes; where versions differ, the newest with data (no version) comes first, then each one."""
    return tuple(item for record in _RECORDS for item in (record, *(_in_version(record, v) for v in record.versions)))


def _in_version(record: Runtime, version: str) -> Runtime:
    return dataclasses.replace(
        record,
        id=f"{record.id}@{version}",
        version=version,
        versions=(),
        name=f"{record.name} {version}",
        default_for=(),
    )


@cache
def _by_id() -> dict[str, Runtime]:
    return {item.id: item for item in runtimes()}


def runtime(name: str | Runtime) -> Runtime:
    """The runtime of that id. The version may be written in full: `st-edge-ai@8.1.0` is `st-edge-ai@8.1`.

    Args:
        name: An id of `runtimes()` in any case, or a record of your own, which is given back.

    Raises:
        BoardError: No such runtime or version; near misses are named.
    """
    if isinstance(name, Runtime):
        return name
    return _by_id().get(name) or _by_spelling(name)


def _by_spelling(name: str) -> Runtime:
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


def default_runtime_of(core: str) -> str:
    """The runtime that a board with this core uses unless told otherwise: the kernels of the core's maker."""
    return next((record.id for record in _RECORDS if core.startswith(record.default_for)), FALLBACK)


_CNN_SPACE = (op.Conv2D, op.DepthwiseConv2D, op.MaxPool2D, op.AveragePool2D, op.Add, op.Pad, op.Reshape, op.Dense)


def runtime_code_bytes(name: str | Runtime | None, operators: Collection[type[op.OperatorSpec]] | None = None) -> int:
    """Bytes of code of a runtime with the kernels of `operators`; None means all that the CNN space can use.

    Raises:
        BoardError: There is no such runtime.
        NotModelledError: Its code size is not known.
    """
    size = runtime(name or FALLBACK).code_bytes(_CNN_SPACE if operators is None else operators)
    if isinstance(size, Missing):
        raise NotModelledError(
            f"{size.reason[0].upper()}{size.reason[1:]}, so what a board's flash leaves for the model is not known; "
            "state --flash, or choose another runtime."
        )
    return size
