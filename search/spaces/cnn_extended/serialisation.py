"""Extended architectures as JSON values and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.spaces.cnn.serialisation import (
    block_from_json,
    block_to_json,
    dense_from_json,
    pooling_from_json,
    pooling_to_json,
)
from search.spaces.cnn_extended.architecture import (
    Block,
    BlockKind,
    ExtendedArchitecture,
    GlobalPooling,
    MobileBlock,
    Pooling,
)
from search.spaces.documents import Json, Reader

GLOBAL = "global"


def to_json(architecture: ExtendedArchitecture) -> Json:
    """The architecture in dicts, lists, strings, ints and bools; what a block's kind fixes is left out."""
    return {
        "input_pooling": architecture.input_pooling,
        "blocks": [_block_to_json(block) for block in architecture.blocks],
        "pooling": _pooling_to_json(architecture.pooling),
        "dense": list(architecture.dense),
    }


def _block_to_json(block: Block) -> Json:
    if not isinstance(block, MobileBlock):
        return block_to_json(block)
    document: Json = {"kind": block.kind.value, "kernel": block.kernel, "filters": block.filters}
    document |= {"stride": block.stride, "skip": block.skip}
    if block.kind == BlockKind.INVERTED_RESIDUAL:
        document["expansion"] = block.expansion
    return document


def _pooling_to_json(pooling: Pooling | None) -> Json | None:
    if pooling is None:
        return None
    return {"type": GLOBAL} if isinstance(pooling, GlobalPooling) else pooling_to_json(pooling)


def from_json(document: Mapping[str, Any]) -> ExtendedArchitecture:
    """The architecture of a document; that it lies within the bounds is not checked here.

    Raises:
        SpaceError: if a part is missing or of the wrong kind.
    """
    reader, place = Reader("cnn-extended"), "the architecture"
    blocks = reader.part(document, "blocks", (list,), place)
    return ExtendedArchitecture(
        input_pooling=reader.part(document, "input_pooling", (int,), place),
        blocks=tuple(_block_from_json(reader, block, f"block {i}") for i, block in enumerate(blocks)),
        pooling=_pooling_from_json(reader, reader.part(document, "pooling", (dict, type(None)), place)),
        dense=dense_from_json(reader, document),
    )


def _block_from_json(reader: Reader, document: Any, place: str) -> Block:
    if isinstance(document, Mapping) and "layers" in document:
        return block_from_json(reader, document, place)
    kind = reader.option(BlockKind, document, "kind", place)
    return MobileBlock(
        kind=kind,
        kernel=reader.part(document, "kernel", (int,), place),
        filters=reader.part(document, "filters", (int,), place),
        stride=reader.part(document, "stride", (int,), place),
        expansion=reader.part(document, "expansion", (int,), place) if kind == BlockKind.INVERTED_RESIDUAL else 1,
        skip=reader.part(document, "skip", (bool,), place),
    )


def _pooling_from_json(reader: Reader, document: Json | None) -> Pooling | None:
    if document is None:
        return None
    return GlobalPooling() if document.get("type") == GLOBAL else pooling_from_json(reader, document)
