"""The search space and cost model of a run, for looking at networks that it has not trained."""

from __future__ import annotations

from resource_models import Graph
from resource_models import board as find_board
from search.problem import Problem
from search.settings import RunSettings
from search.spaces import space as find_space


def problem_of(settings: RunSettings, graph: Graph) -> Problem:
    """The problem of the run whose settings these are, without reading its data.

    Args:
        settings: of the run.
        graph: any network of the run, which tells the shape of the input and the number of classes.
    """
    _, height, width, channels = graph.tensors[graph.inputs[0]].shape
    logits = graph.tensors[graph.outputs[0]].shape[-1]
    return Problem(
        space=find_space(settings.space, (height, width, channels), max(logits, 2)),
        settings=settings,
        board=None if settings.board is None else find_board(settings.board),
    )
