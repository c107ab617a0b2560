"""Disjoint, seeded, stratified splits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import DatasetSizeError

Indices = NDArray[np.int64]


def stratified_split(y: ArrayLike, sizes: Sequence[float], *, seed: int = 0) -> tuple[Indices, ...]:
    """Draw disjoint subsets that keep the share of every class.

    The subsets are drawn one after the other, so a change of a later size leaves the earlier subsets as
    they were: ask for the test set first, then validation, then training.

    Args:
        y: labels of shape (n,).
        sizes: the size of each subset: an int counts examples, a float in (0, 1) is a share of all n.
        seed: the same seed gives the same subsets on every machine.

    Returns:
        One array of indices into `y` for each size, in random order.

    Raises:
        DatasetSizeError: if a size is not positive, or all together exceed n.
    """
    labels = np.asarray(y)
    counts = [_as_count(size, len(labels)) for size in sizes]
    if sum(counts) > len(labels):
        raise DatasetSizeError(
            f"subsets of {' + '.join(map(str, counts))} examples were asked for, but there are only {len(labels)}"
        )
    rng = np.random.default_rng(seed)
    pools = [rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    subsets = []
    for count in counts:
        taken = _proportional([len(pool) for pool in pools], count)
        drawn = np.concatenate([pool[:number] for pool, number in zip(pools, taken, strict=True)])
        subsets.append(rng.permutation(drawn).astype(np.int64))
        pools = [pool[number:] for pool, number in zip(pools, taken, strict=True)]
    return tuple(subsets)


def _as_count(size: float, total: int) -> int:
    is_share = 0 < size < 1
    count = round(size * total) if is_share else int(size)
    if count <= 0 or (not is_share and count != size):
        raise DatasetSizeError(f"a subset needs a positive number of examples or a share below 1, not {size}")
    return count


def _proportional(available: Sequence[int], count: int) -> list[int]:
    """Split `count` in the proportions of `available` (largest remainder; a tie goes to the first class)."""
    total = sum(available)
    exact = [count * number / total for number in available]
    taken = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (taken[i] - exact[i], i))
    for i in by_remainder[: count - sum(taken)]:
        taken[i] += 1
    return taken
