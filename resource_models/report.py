"""The whole answer for one network: what it needs of every resource, layer by layer and with error bands."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.boards.boards import Board
from resource_models.costs import minimum_peak_bytes, unas_peak_bytes
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.latency.latency import layer_latencies
from resource_models.latency.performance import energy_of, latency_of, runtime_of
from resource_models.macs import Accounting, check_accounting, macs_by_operator
from resource_models.memory.arena import arena_bytes
from resource_models.memory.kernel_memory import library_of
from resource_models.model_file.converted import as_converted
from resource_models.model_file.flash import file_bytes, parameters, runtime_code_bytes
from resource_models.runtimes.runtimes import runtime as runtime_by_id


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
        BoardError: there is no such runtime.
    """
    check_accounting(accounting)
    chosen = runtime_by_id(runtime_of(board, runtime)).id
    by_operator = macs_by_operator(graph, accounting)
    converted = as_converted(graph)
    arena, file = arena_bytes(converted, chosen), file_bytes(converted)
    latency = latency_of(graph, board, runtime)
    return ResourceReport(
        accounting=accounting,
        ram=_peak(graph) if accounting == "unas" else _arena(arena, chosen),
        model=_parameters(graph) if accounting == "unas" else _file(graph, file),
        flash=_flash(converted, file, chosen),
        macs=sum(by_operator),
        latency=latency,
        energy=energy_of(latency, board),
        peak_ram_bytes=minimum_peak_bytes(graph),
        arena_bytes=arena,
        board=board.id if board else None,
        runtime=chosen,
        layers=_layers(graph, by_operator, _latencies(graph, board, runtime)),
    )


def _arena(size: int, runtime: str) -> Estimate:
    """The arena with its band: what is left out is at most alignment; other TFLM versions differ by up to 2 kB."""
    library = library_of(runtime)
    if library == "tflm-reference" and not runtime.startswith("tflm"):
        return Estimate(size, 0.5 * size, size, f"analytic: the arena of TFLM; {runtime} plans its own, mostly smaller")
    if library == "tflm-esp-nn":
        return Estimate(size, size, 1.5 * size, "analytic: TFLM's planner and structures; without ESP-NN's scratch")
    method = "analytic: TFLM's planner and structures, which are within 16 bytes of TFLM itself"
    if library == "tflm-cmsis-nn":
        method = "analytic: TFLM's planner and structures, and CMSIS-NN's documented scratch"
    return Estimate(size, size - 2 * 1024 if size > 4 * 1024 else size // 2, size + 2 * 1024, method)


def _file(graph: Graph, size: int) -> Estimate:
    if graph.file_bytes is not None:
        return Estimate(size, size, size, "measured-tflm: the size of the file")
    return Estimate(size, size - 300, size + 300, "analytic: layout of the .tflite that the converter writes")


def _peak(graph: Graph) -> Estimate:
    peak = unas_peak_bytes(graph)
    return Estimate(peak, peak, peak, "analytic: activation peak in the best order, as in arXiv:2010.14246")


def _parameters(graph: Graph) -> Estimate:
    count = parameters(graph)
    return Estimate(count, count, count, "analytic: one byte per parameter, as in arXiv:2010.14246")


def _flash(converted: Graph, file: int, runtime: str) -> Estimate | Missing:
    kinds = {type(operator.spec) for operator in converted.operators}
    code = runtime_code_bytes(runtime, kinds)
    return Estimate(
        file + code, file + 2 * code // 3, file + 4 * code // 3, "analytic: model and code of the runtime's kernels"
    )


def _latencies(graph: Graph, board: Board | None, runtime: str | None) -> tuple[float | None, ...]:
    found = layer_latencies(graph, board, runtime) if board else None
    return found if isinstance(found, tuple) else (None,) * len(graph.operators)


def _layers(graph: Graph, by_operator: tuple[int, ...], latencies: tuple[float | None, ...]) -> tuple[LayerCost, ...]:
    layers = []
    for operator, count, latency in zip(graph.operators, by_operator, latencies, strict=True):
        output = graph.tensors[operator.outputs[0]]
        weights = sum([constant.size_bytes for constant in operator.constants])
        written = sum([graph.tensors[tensor].size_bytes for tensor in operator.outputs])
        kind = type(operator.spec).__name__
        layers.append(LayerCost(operator.name, kind, output.shape, count, weights, written, latency))
    return tuple(layers)
