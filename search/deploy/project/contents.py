"""What an export is made of, gathered once for all of its forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data import Dataset, Split
from resource_models import Graph, macs, read_tflite
from search.deploy.c.program import Program, program
from search.deploy.c.self_test import self_test, self_test_inputs
from search.deploy.integer.accuracy import board_classes
from search.deploy.integer.model_file import read_network
from search.deploy.integer.network import IntegerNetwork
from search.deploy.project.operator_order import in_best_order, operator_versions
from search.deploy.proof.cortex_m.boards import run_on_boards
from search.deploy.proof.cortex_m.simulate import Core
from search.deploy.proof.record import Proof
from search.deploy.proof.verify import verify
from search.errors import DeployError

Tell = Callable[[str], None]


def silent(_words: str) -> None:
    """Nobody listens."""


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
        versions: of the operators in the file, by name.
        class_names: of the data set; empty where the model's outputs are not its classes.
        accuracy: figures by name, with what they were measured on.
        source: where the network comes from.
        arena_bytes: of TensorFlow Lite Micro on a 32-bit target.
        arena_before_bytes: the same in the order that the converter had written the operators in.
        macs: multiply-accumulates of one inference.
    """

    model: bytes
    graph: Graph
    network: IntegerNetwork
    written: Program
    selftest: str
    verified: tuple[Proof, ...]
    versions: Mapping[str, int]
    class_names: tuple[str, ...]
    accuracy: Mapping[str, Any]
    source: Mapping[str, Any]
    arena_bytes: int
    arena_before_bytes: int
    macs: int

    @property
    def sentence(self) -> str:
        """What it is, in one sentence."""
        task = f" of {self.source['dataset']}" if "dataset" in self.source else ""
        return f"A classifier{task}: {len(self.class_names) or self.network.target.size} classes, 8-bit integers."


def contents(
    model: bytes,
    name: str,
    dataset: Dataset,
    *,
    accuracy: Mapping[str, Any],
    source: Mapping[str, Any],
    cores: Sequence[Core] = (),
    tell: Tell = silent,
) -> Contents:
    """Write and verify the C of a model that classifies the examples of a data set.

    Args:
        model: an int8 `.tflite` file.
        name: of the program, of any kind.
        dataset: whose validation split is classified.
        accuracy: figures that are known already.
        source: where the network comes from.
        cores: to simulate, where this machine can.
        tell: is told what is done next.

    Raises:
        ModelFileError: the bytes are no `.tflite`, or are damaged.
        DeployError: the model cannot be exported, or the generated C does not give the same bytes.
    """
    tell("Writing the C")
    read_network(model)  # refuses what cannot be exported, before anything is planned
    ordered = in_best_order(model)
    model, network = ordered.model, read_network(ordered.model)
    is_picture = dataset.validation.x.dtype == np.uint8
    labels = dataset.class_names if len(dataset.class_names) == max(network.target.size, 2) else ()
    written = program(network, name, labels=labels, pixels=is_picture)
    split = dataset.validation
    count = min(STORED_EXAMPLES, max(1, STORED_BYTES // network.source.size), len(split))
    examples = network.quantise(Split(split.x[:count], split.y[:count]).as_float())
    selftest = self_test(network, written, examples)
    tell("Comparing NumPy, the C and TensorFlow Lite Micro, byte for byte")
    verified: tuple[Proof, ...] = verify(model, self_test_inputs(network, examples), written=written)
    verified += run_on_boards(written, selftest, cores, tell) if cores else ()
    _refuse_different(verified)
    tell(f"Classifying the {len(split):,} validation examples in the arithmetic of the board")
    found = board_classes(network, split.as_float()) == split.y
    graph = read_tflite(model)
    return Contents(
        model=model,
        graph=graph,
        network=network,
        written=written,
        selftest=selftest,
        verified=verified,
        versions=operator_versions(model),
        class_names=tuple(labels),
        accuracy={**accuracy, **_board_figures(float(np.mean(found)), len(split))},
        source=source,
        arena_bytes=ordered.arena_bytes,
        arena_before_bytes=ordered.before_bytes,
        macs=macs(graph),
    )


def _board_figures(share: float, count: int) -> dict[str, Any]:
    error = (share * (1 - share) / count) ** 0.5
    return {"int8_board": share, "split": "validation", "n": count, "standard_error": error}


def _refuse_different(verified: tuple[Proof, ...]) -> None:
    for record in verified:
        if not record.reason and not record.verified:
            raise DeployError(f"Nothing was written. {record.words}")
