"""The search space and cost model of a run, for looking at networks that it has not trained."""

from __future__ import annotations

from typing import Protocol

from resource_models import Board, Graph
from search.problem import Problem
from search.settings import RunSettings
from search.spaces import space as find_space


class Posed(Protocol):
    """The part of `search.runs.run.Run` that says what is searched for."""

    @property
    def settings(self) -> RunSettings:
        """Of the run."""

    @property
    def board(self) -> Board | None:
        """The board that the run is for; None for none."""


def problem_of(run: Posed, graph: Graph) -> Problem:
    """The problem of a run, without reading its data.

    Args:
        run: the run.
        graph: any network of the run, which tells the shape of the input and the number of classes.
    """
    _, height, width, channels = graph.tensors[graph.inputs[0]].shape
    logits = graph.tensors[graph.outputs[0]].shape[-1]
    return Problem(
        space=find_space(run.settings.space, (height, width, channels), max(logits, 2)),
        settings=run.settings,
        board=run.board,
    )
