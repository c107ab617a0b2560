"""CNN architectures as JSON values and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from search.spaces.base import SpaceError
from search.spaces.cnn.architecture import (
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)

Json = dict[str, Any]
Value = TypeVar("Value")


def to_json(architecture: CnnArchitecture) -> Json:
    """The architecture in dicts, lists, strings, ints and bools; what a layer type fixes is left out."""
    pooling = architecture.pooling
    return {
        "blocks": [
            {"branch": block.branch, "layers": [_layer_to_json(layer) for layer in block.layers]}
            for block in architecture.blocks
        ],
        "pooling": None if pooling is None else {"type": pooling.type.value, "size": pooling.size},
        "dense": list(architecture.dense),
    }


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
    pooling = _part(document, "pooling", (dict, type(None)), "the architecture")
    return CnnArchitecture(
        blocks=tuple(
            _block_from_json(block, f"block {i}")
            for i, block in enumerate(_part(document, "blocks", (list,), "the architecture"))
        ),
        pooling=None if pooling is None else _pooling_from_json(pooling),
        dense=tuple(
            _checked(units, (int,), "a dense layer's units")
            for units in _part(document, "dense", (list,), "the architecture")
        ),
    )


def _block_from_json(document: Any, place: str) -> ConvBlock:
    layers = _part(document, "layers", (list,), place)
    return ConvBlock(
        layers=tuple(_layer_from_json(layer, f"layer {i} of {place}") for i, layer in enumerate(layers)),
        branch=_part(document, "branch", (bool,), place),
    )


def _layer_from_json(document: Any, place: str) -> ConvLayer:
    layer_type = _option(LayerType, _part(document, "type", (str,), place), place)
    pointwise = layer_type == LayerType.POINTWISE
    depthwise = layer_type == LayerType.DEPTHWISE
    return ConvLayer(
        type=layer_type,
        kernel=1 if pointwise else _part(document, "kernel", (int,), place),
        filters=0 if depthwise else _part(document, "filters", (int,), place),
        stride=1 if pointwise else _part(document, "stride", (int,), place),
        batch_norm=_part(document, "batch_norm", (bool,), place),
        relu=_part(document, "relu", (bool,), place),
        pre_pool=_part(document, "pre_pool", (bool,), place),
    )


def _pooling_from_json(document: Mapping[str, Any]) -> FinalPooling:
    place = "the final pooling"
    return FinalPooling(
        type=_option(PoolingType, _part(document, "type", (str,), place), place),
        size=_part(document, "size", (int,), place),
    )


def _part(document: Any, key: str, kinds: Sequence[type], place: str) -> Any:
    if not isinstance(document, Mapping) or key not in document:
        raise SpaceError(f"this is not an architecture of the cnn space: {place} has no {key!r}")
    return _checked(document[key], kinds, f"{key!r} of {place}")


def _checked(value: Any, kinds: Sequence[type], what: str) -> Any:
    # By exact type: a bool would pass for an int, and come back as another document.
    if type(value) not in kinds:
        raise SpaceError(f"this is not an architecture of the cnn space: {what} cannot be {value!r}")
    return value


def _option(kind: type[Value], value: str, place: str) -> Value:
    try:
        return kind(value)  # type: ignore[call-arg]  # every Enum is called with a value
    except ValueError:
        raise SpaceError(
            f"this is not an architecture of the cnn space: the type of {place} cannot be {value!r}"
        ) from None
