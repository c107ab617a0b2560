"""How well a model classifies on the board."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.model_file import read_network


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
    network = read_network(model)
    found = network.classes(network.outputs(network.quantise(examples)))
    return float(np.mean(found == labels))
