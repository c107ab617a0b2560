"""What a runtime is: one record with everything that is known about it. What is left out is said to be unknown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.graph.operators import OperatorSpec, Other
from resource_models.memory.arena import ArenaPlan
from resource_models.memory.other_kernels import is_known
from resource_models.runtimes.latency_fit import LatencyFit, read_fits

FITS = Path(__file__).with_name("fits")
"""Files of what was fitted to measured latencies, one for each runtime."""


class ArenaModel(Protocol):
    """How a runtime lays out what it needs of RAM; graphs come as `as_converted` gives them."""

    def size_bytes(self, converted: Graph) -> int:
        """Bytes of RAM that an inference needs."""
        ...

    def estimate(self, size: int) -> Estimate:
        """A `size_bytes` with its band and how it was got."""
        ...

    def plan(self, converted: Graph, /) -> ArenaPlan | Missing:
        """Which buffer lies where, or why that is not known."""
        ...


class CodeModel(Protocol):
    """How large a runtime's code is."""

    def size_bytes(self, kinds: Collection[type[OperatorSpec]], /) -> int:
        """Bytes of code with the kernels of these kinds of operators."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Runtime:
    """A runtime in one version, or in the newest that has measurements.

    Attributes:
        id: How people name it, e.g. ``st-edge-ai`` or, in one version, ``st-edge-ai@8.1``.
        name: Its name in words.
        kernels: The kernel library that does the work.
        note: What it covers and where that was read.
        version: The version asked for; the empty string means the newest with data for the core.
        versions: Those that can be asked for, the newest first.
        default_for: Cores, by the start of their name, on which boards use it unless told otherwise.
        made_for: Microcontrollers, by the start of their name, that it is limited to; empty is all.
        arena: Its RAM; None is "not modelled".
        code: Its code; None is "not modelled".
        built_on_tflm: Whether it runs what TensorFlow Lite Micro runs, and nothing else.
        latency: What was fitted to measurements, or the file that holds it; empty is "not measured".
    """

    id: str
    name: str
    kernels: str = ""
    note: str = ""
    version: str = ""
    versions: tuple[str, ...] = ()
    default_for: tuple[str, ...] = ()
    made_for: tuple[str, ...] = ()
    arena: ArenaModel | None = None
    code: CodeModel | None = None
    latency: Path | tuple[LatencyFit, ...] = ()
    built_on_tflm: bool = False

    @property
    def family(self) -> str:
        """The id without a version."""
        return self.id.partition("@")[0]

    @cached_property
    def fits(self) -> tuple[LatencyFit, ...]:
        """What was fitted to measurements of any version.

        Raises:
            ResourceModelError: The file of coefficients is not valid.
        """
        return read_fits(self.latency) if isinstance(self.latency, Path) else self.latency

    @property
    def arena_missing(self) -> Missing:
        """Why there is no RAM figure, where there is none."""
        return Missing(f"the RAM that {self.name} needs is not modelled")

    def refusal(self, graph: Graph) -> Missing | None:
        """Why this runtime has no figures for a graph that was read from a file; None where it has.

        TensorFlow Lite Micro does not run it, or it has operators that are known of that runtime alone.
        """
        if graph.file_bytes is None:
            return None
        specs = [operator.spec for each in (graph, *graph.subgraphs) for operator in each.operators]
        others = {spec.name: spec for spec in specs if isinstance(spec, Other)}
        if self.built_on_tflm:
            unknown = [name for name, spec in others.items() if not is_known(spec)]
            reason = graph.refused or (f"the RAM that {unknown[0]} needs is not modelled" if unknown else "")
            return Missing(reason) if reason else None
        what = f"this model ({graph.refused})" if graph.refused else ", ".join(sorted(others))
        return Missing(f"whether {self.name} runs {what} is not known") if what else None

    def arena_bytes(self, converted: Graph) -> int | Missing:
        """Bytes of RAM that an inference needs."""
        if self.arena is None:
            return self.arena_missing
        return self.refusal(converted) or self.arena.size_bytes(converted)

    def arena_plan(self, converted: Graph) -> ArenaPlan | Missing:
        """Which buffer lies where in RAM."""
        if self.arena is None:
            return self.arena_missing
        return self.refusal(converted) or self.arena.plan(converted)

    def code_bytes(self, kinds: Collection[type[OperatorSpec]]) -> int | Missing:
        """Bytes of code with the kernels of these kinds of operators."""
        if self.code is None:
            return Missing(f"the code size of {self.name} is not modelled")
        return self.code.size_bytes(kinds)
