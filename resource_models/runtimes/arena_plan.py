"""The RAM of a network with one runtime: which buffer lies where."""

from __future__ import annotations

from resource_models.errors import NotModelledError
from resource_models.estimate import Missing
from resource_models.graph.graph import Graph
from resource_models.memory.arena import ArenaPlan
from resource_models.model_file.converted import as_converted
from resource_models.runtimes.catalogue import FALLBACK
from resource_models.runtimes.catalogue import runtime as find_runtime
from resource_models.runtimes.runtime import Runtime


def plan_arena(graph: Graph, *, runtime: str | Runtime = FALLBACK) -> ArenaPlan:
    """The arena of the file that our converter writes for `graph`, its operators in the order of the file.

    Raises:
        NotModelledError: How this runtime lays out its memory is not known.
        BoardError: There is no such runtime.
    """
    plan = find_runtime(runtime).arena_plan(as_converted(graph))
    if isinstance(plan, Missing):
        raise NotModelledError(f"There is no picture of the arena: {plan.reason}.")
    return plan
