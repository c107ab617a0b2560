"""The whole answer for one network: what it needs of every resource, layer by layer and with error bands."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.arena import arena_bytes
from resource_models.boards import Board
from resource_models.converted import as_converted
from resource_models.costs import unas_peak_bytes
from resource_models.estimate import Estimate, Missing
from resource_models.flash import file_bytes, parameters
from resource_models.graph import Graph
from resource_models.macs import Accounting, check_accounting, macs_by_operator
from resource_models.operators import OperatorSpec
from resource_models.performance import energy_of, latency_of, runtime_of
from resource_models.schedule import minimum_peak_schedule


@dataclass(frozen=True, slots=True)
class LayerCost:
    """What one operator costs. `latency_s` is None where there is no estimate."""

    name: str
    operator: str
    output_shape: tuple[int, ...]
    macs: int
    weight_bytes: int
    output_bytes: int
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class ResourceReport:
    """What a network needs.

    Attributes:
        accounting: `tflm` or `unas`.
        ram: Bytes: the arena (`tflm`) or the activation peak (`unas`).
        model: Bytes: the `.tflite` (`tflm`) or the number of parameters (`unas`).
        flash: Bytes: the `.tflite` and the runtime's code.
        macs: Multiply-accumulates in this accounting.
        latency: Seconds per inference.
        energy: Joules per inference.
        peak_ram_bytes: Activations in the best order, inputs included.
        arena_bytes: What TFLM allocates.
        board: The board's id, or None.
        runtime: The runtime's id.
        layers: One entry per operator.
    """

    accounting: Accounting
    ram: Estimate
    model: Estimate
    flash: Estimate | Missing
    macs: int
    latency: Estimate | Missing
    energy: Estimate | Missing
    peak_ram_bytes: int
    arena_bytes: int
    board: str | None
    runtime: str
    layers: tuple[LayerCost, ...]

    @property
    def ram_bytes(self) -> int:
        """The value of `ram`."""
        return int(self.ram.value)

    @property
    def model_bytes(self) -> int:
        """The value of `model`."""
        return int(self.model.value)

    @property
    def latency_s(self) -> float | None:
        """The value of `latency`, None where it is missing."""
        return None if isinstance(self.latency, Missing) else self.latency.value

    @property
    def energy_j(self) -> float | None:
        """The value of `energy`, None where it is missing."""
        return None if isinstance(self.energy, Missing) else self.energy.value


def profile(
    graph: Graph, *, board: Board | None = None, runtime: str | None = None, accounting: Accounting = "tflm"
) -> ResourceReport:
    """Everything that is known about `graph` on `board` with `runtime` (by default the board's own).

    Raises:
        ResourceModelError: `accounting` is unknown, or an operator has no rule.
    """
    check_accounting(accounting)
    by_operator = macs_by_operator(graph, accounting)
    converted = as_converted(graph)
    arena = arena_bytes(converted, runtime_of(board, runtime))
    file = file_bytes(converted)
    if accounting == "unas":
        ram = _exact(unas_peak_bytes(graph), "analytic: activation peak in the best order, as in arXiv:2010.14246")
        model = _exact(parameters(graph), "analytic: one byte per parameter, as in arXiv:2010.14246")
    else:
        ram = Estimate(arena, arena * 0.95, arena * 1.05, "analytic: TFLM's arena")
        model = Estimate(file, file * 0.98, file * 1.02, "analytic: layout of the .tflite")
    latency = latency_of(graph, board, runtime)
    return ResourceReport(
        accounting=accounting,
        ram=ram,
        model=model,
        flash=Missing("code size of the runtime is not known yet"),
        macs=sum(by_operator),
        latency=latency,
        energy=energy_of(latency, board),
        peak_ram_bytes=minimum_peak_schedule(graph).peak_bytes,
        arena_bytes=arena,
        board=board.id if board else None,
        runtime=runtime_of(board, runtime),
        layers=_layers(graph, by_operator),
    )


def _exact(value: int, method: str) -> Estimate:
    return Estimate(value, value, value, method)


def _layers(graph: Graph, by_operator: tuple[int, ...]) -> tuple[LayerCost, ...]:
    layers = []
    for operator, count in zip(graph.operators, by_operator, strict=True):
        output = graph.tensors[operator.outputs[0]]
        weights = sum(constant.size_bytes for constant in operator.constants)
        written = sum(graph.tensors[tensor].size_bytes for tensor in operator.outputs)
        layers.append(LayerCost(operator.name, _title(operator.spec), output.shape, count, weights, written))
    return tuple(layers)


def _title(spec: OperatorSpec) -> str:
    return type(spec).__name__
