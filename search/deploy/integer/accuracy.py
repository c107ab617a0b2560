"""How well a model classifies on the board."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.model_file import read_network
from search.deploy.integer.network import IntegerNetwork

_PART = 1024


def board_accuracy(model: bytes, examples: NDArray[Any], labels: NDArray[np.integer[Any]]) -> float:
    """Share of the examples that an int8 model classifies rightly, in the arithmetic of the board.

    The first of classes that tie is the answer, as in the C; of one output, whether it is on.

    Args:
        model: the `.tflite` file.
        examples: real values of shape (n, height, width, channels), in the data set's own units; n ≥ 1.
        labels: (n,), counted from 0.

    Raises:
        ModelFileError: the bytes are no `.tflite`, or are damaged.
        DeployError: the model has what is not computed on the board; it is named.
        ValueError: the examples do not have the input's shape, or there are none.
    """
    if not len(examples) or len(examples) != len(labels):
        raise ValueError(f"accuracy needs examples, one label for each; there are {len(examples)} and {len(labels)}")
    return float(np.mean(board_classes(read_network(model), examples) == labels))


def board_classes(network: IntegerNetwork, examples: NDArray[Any]) -> NDArray[np.int64]:
    """The class that the board finds in each of the examples; these are turned into codes a part at a time.

    Raises:
        ValueError: the examples do not have the input's shape.
    """
    parts = [examples[begin : begin + _PART] for begin in range(0, len(examples), _PART)]
    return np.concatenate([network.classes(network.outputs(network.quantise(part))) for part in parts])
