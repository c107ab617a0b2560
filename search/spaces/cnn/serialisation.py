"""CNN architectures as JSON values and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.spaces.cnn.architecture import (
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)
from search.spaces.documents import Json, Reader


def to_json(architecture: CnnArchitecture) -> Json:
    """The architecture in dicts, lists, strings, ints and bools; what a layer type fixes is left out."""
    pooling = architecture.pooling
    return {
        "blocks": [block_to_json(block) for block in architecture.blocks],
        "pooling": None if pooling is None else pooling_to_json(pooling),
        "dense": list(architecture.dense),
    }


def block_to_json(block: ConvBlock) -> Json:
    """One block."""
    return {"branch": block.branch, "layers": [_layer_to_json(layer) for layer in block.layers]}


def pooling_to_json(pooling: FinalPooling) -> Json:
    """The final pooling."""
    return {"type": pooling.type.value, "size": pooling.size}


def _layer_to_json(layer: ConvLayer) -> Json:
    document: Json = {"type": layer.type.value}
    if layer.type != LayerType.POINTWISE:
        document |= {"kernel": layer.kernel, "stride": layer.stride}
    if layer.type != LayerType.DEPTHWISE:
        document["filters"] = layer.filters
    return document | {"batch_norm": layer.batch_norm, "relu": layer.relu, "pre_pool": layer.pre_pool}


def from_json(document: Mapping[str, Any]) -> CnnArchitecture:
    """The architecture of a document; that it lies within the bounds is not checked here.

    Raises:
        SpaceError: if a part is missing or of the wrong kind.
    """
    reader, place = Reader("cnn"), "the architecture"
    blocks = reader.part(document, "blocks", (list,), place)
    pooling = reader.part(document, "pooling", (dict, type(None)), place)
    return CnnArchitecture(
        blocks=tuple(block_from_json(reader, block, f"block {i}") for i, block in enumerate(blocks)),
        pooling=None if pooling is None else pooling_from_json(reader, pooling),
        dense=dense_from_json(reader, document),
    )


def block_from_json(reader: Reader, document: Any, place: str) -> ConvBlock:
    """One block; raises as `from_json` does."""
    layers = reader.part(document, "layers", (list,), place)
    return ConvBlock(
        layers=tuple(_layer_from_json(reader, layer, f"layer {i} of {place}") for i, layer in enumerate(layers)),
        branch=reader.part(document, "branch", (bool,), place),
    )


def pooling_from_json(reader: Reader, document: Any) -> FinalPooling:
    """The final pooling; raises as `from_json` does."""
    place = "the final pooling"
    return FinalPooling(
        reader.option(PoolingType, document, "type", place), reader.part(document, "size", (int,), place)
    )


def dense_from_json(reader: Reader, document: Any) -> tuple[int, ...]:
    """The dense layers of a whole document; raises as `from_json` does."""
    units = reader.part(document, "dense", (list,), "the architecture")
    return tuple(reader.checked(value, (int,), "a dense layer's units") for value in units)


def _layer_from_json(reader: Reader, document: Any, place: str) -> ConvLayer:
    layer_type = reader.option(LayerType, document, "type", place)
    pointwise = layer_type == LayerType.POINTWISE
    depthwise = layer_type == LayerType.DEPTHWISE
    return ConvLayer(
        type=layer_type,
        kernel=1 if pointwise else reader.part(document, "kernel", (int,), place),
        filters=0 if depthwise else reader.part(document, "filters", (int,), place),
        stride=1 if pointwise else reader.part(document, "stride", (int,), place),
        batch_norm=reader.part(document, "batch_norm", (bool,), place),
        relu=reader.part(document, "relu", (bool,), place),
        pre_pool=reader.part(document, "pre_pool", (bool,), place),
    )
