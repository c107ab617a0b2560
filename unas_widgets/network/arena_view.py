"""The arena as a picture: which buffer lies at which offset, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models import Buffer, Graph, NotModelledError, format_bytes, plan_arena
from unas_widgets.quantities.quantity import Quantity, bytes_quantity, missing


@dataclass(frozen=True, slots=True)
class ArenaBlock:
    """One buffer: where it lies (bytes), and from which step to which (from 0, inclusive).

    Attributes:
        name: of the tensor, or whose scratch it is.
        scratch: whether a kernel's scratch, not a tensor.
        layer: the layer that writes it; empty for an input of the network.
        alive: layers that run while it is in memory.
        hover: offset, size and life in words.
    """

    name: str
    scratch: bool
    offset: int
    size: int
    first: int
    last: int
    layer: str
    alive: tuple[str, ...]
    hover: str


@dataclass(frozen=True, slots=True)
class ArenaView:
    """The head of the arena over the steps of the file.

    Attributes:
        blocks: the buffers in the order of the plan.
        steps: name of the operator of each step.
        head, persistent, arena: bytes of the picture, of TFLM's own structures, and of both.
        peak: the step with the most bytes in use; -1 without steps.
        sentence: what fills the head at that step.
    """

    blocks: tuple[ArenaBlock, ...]
    steps: tuple[str, ...]
    head: Quantity
    persistent: Quantity
    arena: Quantity
    peak: int
    sentence: str


def arena_view(graph: Graph, *, runtime: str = "tflm-reference") -> ArenaView:
    """The arena that TFLM plans for `graph` with the kernels of `runtime`; just a sentence where that is not known."""
    try:
        plan = plan_arena(graph, runtime=runtime)
    except NotModelledError as error:
        unknown = missing(str(error))
        return ArenaView((), (), unknown, unknown, unknown, -1, str(error))
    used = [sum(b.size for b in plan.buffers if b.first_step <= s <= b.last_step) for s in range(len(plan.operators))]
    peak = used.index(max(used)) if used else -1
    producers = {operator.name for operator in graph.operators}
    blocks = tuple(_block(buffer, plan.operators, producers) for buffer in plan.buffers)
    return ArenaView(
        blocks=blocks,
        steps=plan.operators,
        head=bytes_quantity(plan.head_bytes),
        persistent=bytes_quantity(plan.persistent_bytes),
        arena=bytes_quantity(plan.arena_bytes),
        peak=peak,
        sentence=_sentence(plan.buffers, plan.operators, peak, plan.head_bytes),
    )


def layer_of(operator: str) -> str:
    """The layer that an operator of the file belongs to: a sum of three tensors is "add_1/1" and "add_1" there."""
    return operator.split("/", 1)[0]


def _block(buffer: Buffer, operators: tuple[str, ...], names: set[str]) -> ArenaBlock:
    first, last = buffer.first_step, buffer.last_step
    alive = operators[first : last + 1]
    writer = layer_of(operators[first]) if buffer.tensor is None else layer_of(buffer.name)
    steps = f"step {first + 1}" if first == last else f"steps {first + 1} to {last + 1}"
    hover = f"{buffer.name}: {buffer.size:,} bytes at offset {buffer.offset:,}, {steps}"
    return ArenaBlock(
        name=buffer.name,
        scratch=buffer.tensor is None,
        offset=buffer.offset,
        size=buffer.size,
        first=first,
        last=last,
        layer=writer if writer in names else "",
        alive=tuple(dict.fromkeys(map(layer_of, alive))),
        hover=hover,
    )


def _sentence(buffers: tuple[Buffer, ...], operators: tuple[str, ...], peak: int, head: int) -> str:
    if peak < 0:
        return "There are no operators, so nothing is laid out."
    here = sorted((b for b in buffers if b.first_step <= peak <= b.last_step), key=lambda b: -b.size)
    parts = [f"{b.name} {format_bytes(b.size)}" for b in here[:3]] + (
        [f"{len(here) - 3} more"] if len(here) > 3 else []
    )
    start = "With scratch, fullest" if any(b.tensor is None for b in buffers) else "Fullest"
    text = f"{start} at step {peak + 1}, {operators[peak]}: {', '.join(parts)}."
    gap = head - sum(b.size for b in here)
    return f"{text} {format_bytes(gap)} lie between buffers." if gap > 0 else text
