"""The whole answer for one network: what it needs of every resource, layer by layer and with error bands."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.boards.board import Board
from resource_models.boards.catalogue import runtime_on
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.graph.operators import Other
from resource_models.latency.energy import estimate_energy
from resource_models.latency.network_latency import latency_by_layer
from resource_models.macs import Accounting, check_accounting, counted_macs, unknown_macs
from resource_models.model_file.converted import as_converted
from resource_models.model_file.file_size import file_bytes, parameters
from resource_models.runtimes.runtime import Runtime
from resource_models.scheduling.peaks import minimum_peak_bytes, unas_peak_bytes


@dataclass(frozen=True, slots=True)
class LayerCost:
    """What one operator costs. `latency_s` is None where there is no estimate, `counted` whether `macs` is."""

    name: str
    operator: str
    output_shape: tuple[int, ...]
    macs: int
    weight_bytes: int
    output_bytes: int
    latency_s: float | None = None
    counted: bool = True


@dataclass(frozen=True, slots=True)
class ResourceReport:
    """What a network needs.

    Attributes:
        accounting: `tflm` or `unas`.
        ram: Bytes: the arena (`tflm`) or the activation peak (`unas`); missing where the runtime's is not modelled.
        model: Bytes: the `.tflite` (`tflm`) or the number of parameters (`unas`).
        flash: Bytes: the `.tflite` and the runtime's code.
        macs: Multiply-accumulates in this accounting, of the operators that have a rule.
        macs_reason: Why that is not all of them; empty where it is.
        refused: Why the runtime does not run the network, with the way out; empty where it does.
        latency: Seconds per inference.
        energy: Joules per inference.
        peak_ram_bytes: Activations in the best order, inputs included.
        arena: What the runtime allocates, in either accounting.
        board: The board's id, or None.
        runtime: The runtime's id.
        layers: One entry per operator.
    """

    accounting: Accounting
    ram: Estimate | Missing
    model: Estimate
    flash: Estimate | Missing
    macs: int
    latency: Estimate | Missing
    energy: Estimate | Missing
    peak_ram_bytes: int
    arena: Estimate | Missing
    board: str | None
    runtime: str
    layers: tuple[LayerCost, ...]
    macs_reason: str = ""
    refused: str = ""

    @property
    def ram_bytes(self) -> int | None:
        """The value of `ram`, None where it is missing."""
        return None if isinstance(self.ram, Missing) else int(self.ram.value)

    @property
    def arena_bytes(self) -> int | None:
        """The value of `arena`, None where it is missing."""
        return None if isinstance(self.arena, Missing) else int(self.arena.value)

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
    graph: Graph, *, board: Board | None = None, runtime: str | Runtime | None = None, accounting: Accounting = "tflm"
) -> ResourceReport:
    """Everything that is known about `graph` on `board` with `runtime` (by default the board's own).

    Raises:
        ResourceModelError: `accounting` is unknown, or an operator of a class of your own has no rule.
        BoardError: there is no such runtime.
    """
    check_accounting(accounting)
    chosen = runtime_on(board, runtime)
    by_operator = counted_macs(graph, accounting)
    converted = as_converted(graph)
    arena, file = _arena(converted, chosen), file_bytes(converted)
    uncosted = chosen.refusal(converted) or _without_latency(graph)
    latency, seconds = (uncosted, ()) if uncosted else latency_by_layer(graph, board, chosen)
    return ResourceReport(
        accounting=accounting,
        ram=_peak(graph) if accounting == "unas" else arena,
        model=_parameters(graph) if accounting == "unas" else _file(graph, file),
        flash=_flash(converted, file, chosen),
        macs=sum([count or 0 for count in by_operator]),
        latency=latency,
        energy=estimate_energy(latency, board),
        peak_ram_bytes=minimum_peak_bytes(graph),
        arena=arena,
        board=board.id if board else None,
        runtime=chosen.id,
        layers=_layers(graph, by_operator, seconds or (None,) * len(graph.operators)),
        macs_reason=unknown_macs(graph),
        refused=graph.refused if chosen.built_on_tflm else "",
    )


def _arena(converted: Graph, runtime: Runtime) -> Estimate | Missing:
    if runtime.arena is None:
        return runtime.arena_missing
    size = runtime.arena_bytes(converted)
    return size if isinstance(size, Missing) else runtime.arena.estimate(size)


def _without_latency(graph: Graph) -> Missing | None:
    """The operators of a file that nobody has timed, if there are any."""
    specs = [operator.spec for operator in graph.operators]
    names = sorted({spec.name for spec in specs if isinstance(spec, Other)})
    return Missing(f"there are no latency measurements of {', '.join(names)}") if names else None


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


def _flash(converted: Graph, file: int, runtime: Runtime) -> Estimate | Missing:
    code = runtime.code_bytes({type(operator.spec) for operator in converted.operators})
    if isinstance(code, Missing):
        return code
    return Estimate(
        file + code, file + 2 * code // 3, file + 4 * code // 3, "analytic: model and code of the runtime's kernels"
    )


def _layers(
    graph: Graph, by_operator: tuple[int | None, ...], latencies: tuple[float | None, ...]
) -> tuple[LayerCost, ...]:
    layers = []
    for operator, count, latency in zip(graph.operators, by_operator, latencies, strict=True):
        shape = graph.tensors[operator.outputs[0]].shape if operator.outputs else ()
        weights = sum([constant.size_bytes for constant in operator.constants])
        written = sum([graph.tensors[tensor].size_bytes for tensor in operator.outputs])
        spec = operator.spec
        kind = spec.name if isinstance(spec, Other) else type(spec).__name__
        layers.append(
            LayerCost(operator.name, kind, shape, count or 0, weights, written, latency, counted=count is not None)
        )
    return tuple(layers)
