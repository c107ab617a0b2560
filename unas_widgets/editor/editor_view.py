"""A network of the cnn space as a list of layers that can be edited, and what an edit changes in its needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from resource_models import Estimate, Missing, ResourceReport
from search.budget import RESOURCES, Budget, Resource
from search.runs.handmade import OwnNetworks
from search.spaces import Architecture
from search.spaces.cnn import CnnArchitecture, ConvBlock, ConvLayer, FinalPooling, LayerType, PoolingType
from search.spaces.cnn.architecture import BLOCKS, DENSE_LAYERS, DENSE_UNITS, LAYERS_PER_BLOCK, POOLING_SIZES
from unas_widgets.errors import WidgetError
from unas_widgets.quantities.quantity import Quantity, quantity_of

Known: TypeAlias = Estimate | Missing | float | None

KINDS = {"convolution": LayerType.CONV, "depthwise": LayerType.DEPTHWISE, "1×1": LayerType.POINTWISE}
PLACES = ("next", "same block", "beside")
"""Where a layer stands: in a block of its own, in the block before it, or in a branch beside that block."""
FITS = "fits"
DRAWN_AT_FIRST = 30
"""Random networks among which one within the budget is looked for."""
POOLINGS: dict[str, FinalPooling | None] = {
    "none": None,
    **{f"{kind} {size}×{size}": FinalPooling(kind, size) for kind in PoolingType for size in POOLING_SIZES},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One layer of the list.

    Attributes:
        place: one of `PLACES`.
        layer: of the architecture.
    """

    place: str
    layer: ConvLayer


@dataclass(frozen=True, slots=True)
class ResourceNeed:
    """One resource of the network that is edited.

    Attributes:
        word: e.g. "RAM".
        quantity: what it needs.
        change: since the edit before, e.g. "+0.4 KiB"; empty where there is none.
        verdict: "fits", "over by …" or "" where the budget has no bound or the need is unknown.
    """

    word: str
    quantity: Quantity
    change: str
    verdict: str


def first_network() -> CnnArchitecture:
    """What an editor begins with: two small convolutions, a pooling, and one dense layer."""
    layers = (
        ConvLayer(LayerType.CONV, 3, 8, 1, batch_norm=True, relu=True, pre_pool=False),
        ConvLayer(LayerType.CONV, 3, 16, 1, batch_norm=True, relu=True, pre_pool=True),
    )
    blocks = tuple(ConvBlock((layer,), branch=False) for layer in layers)
    return CnnArchitecture(blocks, FinalPooling(PoolingType.AVERAGE, 2), (16,))


def first_of(own: OwnNetworks, budget: Budget) -> Architecture:
    """What the editor begins with in any other space: a random network within the budget, else one of the smallest.

    Raises:
        SearchError: the space builds no networks.
    """
    for seed in range(DRAWN_AT_FIRST):
        drawn = own.space.sample(np.random.default_rng(seed))
        if all(need.verdict in ("", FITS) for need in needs_of(own.report_of(drawn), None, budget)):
            return drawn
    return own.space.smallest()[0]


def rows_of(architecture: CnnArchitecture) -> tuple[Row, ...]:
    """The convolutions in order."""
    rows: list[Row] = []
    for block in architecture.blocks:
        for place, layer in enumerate(block.layers):
            rows.append(Row(PLACES[1] if place else PLACES[2] if block.branch else PLACES[0], layer))
    return tuple(rows)


def architecture_of(rows: Sequence[Row], pooling: FinalPooling | None, dense: Sequence[int]) -> CnnArchitecture:
    """The network of a list of layers.

    Raises:
        WidgetError: there are too few or too many layers, or dense layers of an impossible size.
    """
    if not rows:
        raise WidgetError("A network needs at least one convolution; add one.")
    blocks: list[ConvBlock] = []
    for place, layer in [("next", rows[0].layer), *((row.place, row.layer) for row in rows[1:])]:
        if place == PLACES[1]:
            blocks[-1] = replace(blocks[-1], layers=(*blocks[-1].layers, layer))
        else:
            blocks.append(ConvBlock((layer,), branch=place == PLACES[2]))
    if len(blocks) not in BLOCKS:
        raise WidgetError(
            f"At most {BLOCKS[-1]} blocks; put a layer into the same block as the one before, or leave it."
        )
    if any(len(block.layers) not in LAYERS_PER_BLOCK for block in blocks):
        raise WidgetError(f"At most {LAYERS_PER_BLOCK[-1]} layers in a block; have a layer begin the next one.")
    if len(dense) not in DENSE_LAYERS or any(units not in DENSE_UNITS for units in dense):
        few, many, least, most = DENSE_LAYERS[0], DENSE_LAYERS[-1], DENSE_UNITS[0], DENSE_UNITS[-1]
        raise WidgetError(f"{few} to {many} dense layers of {least} to {most} units each, such as 64, 32.")
    return CnnArchitecture(tuple(blocks), pooling, tuple(dense))


def layer_of(kind: str, *, kernel: int, filters: int, stride: int, norm: bool, relu: bool, pool: bool) -> ConvLayer:
    """A layer of these choices; those that its kind does not have are left aside."""
    layer_type = KINDS[kind]
    pointwise, depthwise = layer_type is LayerType.POINTWISE, layer_type is LayerType.DEPTHWISE
    return ConvLayer(
        layer_type,
        1 if pointwise else kernel,
        0 if depthwise else filters,
        1 if pointwise else stride,
        batch_norm=norm,
        relu=relu,
        pre_pool=pool,
    )


def units_of(text: str) -> tuple[int, ...]:
    """The units in a text such as "64, 32".

    Raises:
        WidgetError: something in it is no whole number.
    """
    try:
        return tuple(int(word) for word in text.replace(";", ",").split(",") if word.strip())
    except ValueError:
        raise WidgetError(f"Dense layers: {text!r} is no list of whole numbers such as 64, 32.") from None


def needs_of(report: ResourceReport, before: ResourceReport | None, budget: Budget) -> tuple[ResourceNeed, ...]:
    """What the network needs, what the last edit changed, and whether it is within the budget."""
    earlier = before or report
    return tuple(_need(r, r.known(report), r.known(earlier), budget.limit(r)) for r in RESOURCES)


def _need(resource: Resource, now: Known, before: Known, bound: float | None) -> ResourceNeed:
    new, old = _value(now), _value(before)
    quantity = quantity_of(resource.amount, now, resource.unknown)
    if new is None or old is None:
        return ResourceNeed(resource.word, quantity, "", "")
    change = "" if new == old else f"{'+' if new > old else '−'}{resource.show(abs(new - old))}"
    verdict = "" if bound is None else FITS if new <= bound else f"over by {resource.show(new - bound)}"
    return ResourceNeed(resource.word, quantity, change, verdict)


def _value(known: Known) -> float | None:
    if isinstance(known, Missing):
        return None
    return known.value if isinstance(known, Estimate) else known
