"""What an export is made of, gathered once for all of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from data import Dataset, Split
from resource_models import Graph, macs, plan_arena, read_tflite
from search.deploy.c.program import Program, program
from search.deploy.c.self_test import self_test, self_test_inputs
from search.deploy.integer.accuracy import board_classes
from search.deploy.integer.model_file import read_network
from search.deploy.integer.network import IntegerNetwork
from search.deploy.proof.record import Verification
from search.deploy.proof.verify import verify
from search.errors import DeployError

STORED_EXAMPLES, STORED_BYTES = 10, 32_768
"""Validation examples that a self-test holds: so many, or as many as have so many bytes."""


@dataclass(frozen=True, eq=False)
class Contents:
    """An export before it is written.

    Attributes:
        model: the `.tflite` file.
        graph: of its operators.
        network, written: the same in integers, and as C.
        selftest: text of the self-test.
        verified: what was compared, and what could not be.
        class_names: of the data set; empty where the model's outputs are not its classes.
        accuracy: figures by name, with what they were measured on.
        source: where the network comes from.
        arena_bytes: of TensorFlow Lite Micro on a 32-bit target.
        macs: multiply-accumulates of one inference.
    """

    model: bytes
    graph: Graph
    network: IntegerNetwork
    written: Program
    selftest: str
    verified: tuple[Verification, ...]
    class_names: tuple[str, ...]
    accuracy: Mapping[str, Any]
    source: Mapping[str, Any]
    arena_bytes: int
    macs: int

    @property
    def sentence(self) -> str:
        """What it is, in one sentence."""
        task = f" of {self.source['dataset']}" if "dataset" in self.source else ""
        return f"A classifier{task}: {len(self.class_names) or self.network.target.size} classes, 8-bit integers."


def contents(
    model: bytes, name: str, dataset: Dataset, *, accuracy: Mapping[str, Any], source: Mapping[str, Any]
) -> Contents:
    """Write and verify the C of a model that classifies the examples of a data set.

    Args:
        model: an int8 `.tflite` file.
        name: of the program, of any kind.
        dataset: whose validation split is classified.
        accuracy: figures that are known already.
        source: where the network comes from.

    Raises:
        DeployError: the model cannot be exported, or the generated C does not give the same bytes.
    """
    network = read_network(model)
    is_picture = dataset.validation.x.dtype == np.uint8
    labels = dataset.class_names if len(dataset.class_names) == max(network.target.size, 2) else ()
    written = program(network, name, labels=labels, pixels=is_picture)
    split = dataset.validation
    count = min(STORED_EXAMPLES, max(1, STORED_BYTES // network.source.size), len(split))
    examples = network.quantise(Split(split.x[:count], split.y[:count]).as_float())
    verified = verify(model, self_test_inputs(network, examples), written=written)
    _refuse_different(verified)
    found = board_classes(network, split.as_float()) == split.y
    graph = read_tflite(model)
    return Contents(
        model=model,
        graph=graph,
        network=network,
        written=written,
        selftest=self_test(network, written, examples),
        verified=verified,
        class_names=tuple(labels),
        accuracy={**accuracy, **_board_figures(float(np.mean(found)), len(split))},
        source=source,
        arena_bytes=plan_arena(graph, runtime="tflm-reference").arena_bytes,
        macs=macs(graph),
    )


def _board_figures(share: float, count: int) -> dict[str, Any]:
    error = (share * (1 - share) / count) ** 0.5
    return {"int8_board": share, "split": "validation", "n": count, "standard_error": error}


def _refuse_different(verified: tuple[Verification, ...]) -> None:
    for record in verified:
        if not record.reason and not record.verified:
            raise DeployError(
                f"Nothing was written: {record.against} differs from the reference in {record.different} bytes, first "
                f"in {record.first_different}."
            )
