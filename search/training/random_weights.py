"""Weights such as a trained network might have, for networks that are not trained."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def random_weights(name: str, shape: Sequence[int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Weights such as a trained network might have, for the variable of that name.

    None is left at zero: the converter stores equal biases once, so that an untrained network's file is smaller than
    the file of the same network after training.
    """
    if name.endswith(("moving_variance", "gamma")):
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    limit = math.sqrt(6 / math.prod(shape[:-1])) if len(shape) > 1 else 0.3
    return rng.uniform(-limit, limit, shape).astype(np.float32)
