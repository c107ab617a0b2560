"""What the runtimes built on TensorFlow Lite Micro share: its arena and its code, whatever the kernels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from resource_models.estimate import Estimate
from resource_models.graph import operators as op
from resource_models.graph.graph import Graph
from resource_models.memory.arena import ArenaPlan, plan_of, size_of
from resource_models.memory.kernel_memory import KernelLibrary

FIRMWARE_BYTES, CLOSING_BYTES = 296, 8
"""Interpreter, allocator and planner as firmware has them, without resource variables (boards of MicroNas)."""
_OTHER_VERSIONS_BYTES = 2 * 1024
"""By how much other versions of TFLM differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TflmArena:
    """The tensor arena with one library of kernels.

    Attributes:
        kernels: What they keep and borrow.
        method: On what the figure rests.
        unknown_share: How much of the arena its kernels may take beyond what is known of them.
    """

    kernels: KernelLibrary
    method: str
    unknown_share: float = 0.0

    def size_bytes(self, converted: Graph) -> int:
        """Bytes of `tensor_arena` that an inference needs."""
        return size_of(converted, self.kernels)

    def estimate(self, size: int) -> Estimate:
        """The size with its band: that of other versions of TFLM, or what is not known of the kernels."""
        if self.unknown_share:
            return Estimate(size, size, (1 + self.unknown_share) * size, self.method)
        low = size - _OTHER_VERSIONS_BYTES if size > 2 * _OTHER_VERSIONS_BYTES else size // 2
        return Estimate(size, low, size + _OTHER_VERSIONS_BYTES, self.method)

    def plan(self, converted: Graph) -> ArenaPlan:
        """Which buffer lies where."""
        return plan_of(converted, self.kernels)


_DEFAULT_KERNEL_BYTES = 4_000
_KERNEL_BYTES: dict[type[op.OperatorSpec], int] = {
    op.Conv2D: 22_000,
    op.DepthwiseConv2D: 22_000,
    op.TransposeConv2D: 8_000,
    op.Dense: 16_000,
    op.MaxPool2D: 5_000,
    op.AveragePool2D: 5_000,
    op.Add: 8_000,
    op.Binary: 6_000,
    op.Reshape: 1_000,
    op.Flatten: 1_000,
    op.Pad: 3_000,
    op.Softmax: 5_000,
    op.Reduce: 7_000,
    op.Svdf: 8_000,
    op.Lstm: 16_000,
}


@dataclass(frozen=True, slots=True)
class TflmCode:
    """Code of TFLM: `base_bytes` of interpreter, planner and start-up, and of each kernel that is linked.

    From measurements of the EdgeMark project at -O3 on a Cortex-M4 (STM32L4R5): 49–54 kB for networks of dense layers
    and 104–107 kB for convolutional ones, shared out among the kernels; -Os saves 10–18 kB. True within a third.
    """

    base_bytes: int

    def size_bytes(self, kinds: Collection[type[op.OperatorSpec]]) -> int:
        """Bytes of code with the kernels of these kinds of operators."""
        kernels = {kind for kind in kinds if kind is not op.Flatten}
        return self.base_bytes + sum(_KERNEL_BYTES.get(kind, _DEFAULT_KERNEL_BYTES) for kind in kernels)
