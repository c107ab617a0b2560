"""Latency of a network on a board: a sum over its kernel calls, with coefficients of the core and the runtime.

MACs alone do not predict latency: at the same MACs a layer with few input channels, a depthwise convolution or an
element-wise addition takes many times the cycles of a wide convolution. So each kernel's cycles are a sum of
physical terms (`kernel_work`), and the coefficients, fitted to published measurements, are kept per core and
version with each runtime (`runtimes/fits`), with the data they rest on and the error that they had on data left out
of the fit. A board of the same core at another clock takes the same cycles, and the estimate says so;
its band is wider. Where there are no measurements of networks of its element type there is no number.

On single layers of TFLM with CMSIS-NN the median error is 0.4 to 2 %, where MACs x constant has 14 to 32 %; on whole
networks of families left out of the fit it is 10 % with ST Edge AI (90 % within 23 %).
"""

from __future__ import annotations

from operator import mul

from resource_models.boards.board import Board
from resource_models.errors import UnknownOperatorError
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.latency.choose_coefficients import Coefficients, coefficients
from resource_models.latency.element_types import element_types
from resource_models.latency.kernel_work import operator_work
from resource_models.runtimes.runtime import Runtime

NO_BOARD = "latency needs a board; choose one"
_Calls = list[tuple[str, float]]
"""Kind and cycles of each kernel call of an operator."""


def estimate_latency(graph: Graph, board: Board | None, runtime: str | Runtime | None = None) -> Estimate | Missing:
    """Seconds that one inference takes, with its band; `Missing` with the reason where there are no data.

    Args:
        graph: The network; one of another element type than was measured has no figure.
        board: Where it runs; without one there is no figure.
        runtime: An id of `runtimes()`, with a version if one is meant, or a record of your own; the board's default
            when None.

    Raises:
        BoardError: There is no runtime of that name.
    """
    return latency_by_layer(graph, board, runtime)[0]


def latency_by_layer(
    graph: Graph, board: Board | None, runtime: str | Runtime | None = None
) -> tuple[Estimate | Missing, tuple[float, ...]]:
    """The seconds of `estimate_latency`, and those of each operator, none where the former are missing.

    Raises:
        BoardError: There is no runtime of that name.
    """
    if board is None:
        return Missing(NO_BOARD), ()
    found = coefficients(board, runtime, element_types(graph))
    if isinstance(found, Missing):
        return found, ()
    layers = _kernel_cycles(graph, found)
    if isinstance(layers, Missing):
        return layers, ()
    clock = board.clock_hz
    seconds = [sum([cycles for _, cycles in calls]) / clock for calls in layers]
    low = high = 0.0
    for calls in layers:
        for kind, cycles in calls:
            low += cycles * found.low[kind]
            high += cycles * found.high[kind]
    return Estimate(sum(seconds), low / clock, high / clock, found.method), tuple(seconds)


def latency_reason(board: Board | None, runtime: str | Runtime | None = None) -> str:
    """Why no latency is known on a board with a runtime, whatever the int8 network; empty where there are measurements.

    Raises:
        BoardError: There is no runtime of that name.
    """
    if board is None:
        return NO_BOARD
    found = coefficients(board, runtime)
    return found.reason if isinstance(found, Missing) else ""


def _kernel_cycles(graph: Graph, found: Coefficients) -> list[_Calls] | Missing:
    """The kernel calls of each operator."""
    tensors, cycles_of = graph.tensors, found.cycles
    layers = []
    for operator in graph.operators:
        inputs = [tensors[index].shape for index in operator.inputs]
        try:
            works = operator_work(operator.spec, inputs, tensors[operator.outputs[0]].shape)
            layers.append([(work.kind, sum(map(mul, cycles_of[work.kind], work.terms))) for work in works])
        except UnknownOperatorError as error:
            return Missing(str(error))
        except KeyError as error:
            return Missing(f"{operator.name}: kernels of the kind {error} were not measured with this runtime")
    return layers
