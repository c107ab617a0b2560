"""Each class in each part: one without an example to train, validate or test is neither learnt nor measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.dataset import Labels
from data.errors import DataError
from data.splits import Indices, stratified_split

PURPOSES = {"train": "train", "validation": "validate", "test": "test"}


def check_every_class(parts: Mapping[str, Labels], classes: Sequence[str], source: str) -> None:
    """Check that each class has an example in each part.

    Args:
        parts: labels of each part, counted from 0; by the names "train", "validation" and "test".
        classes: what each label means.
        source: what the data set is called in the message: its name, file or folder.

    Raises:
        DataError: if one has not; names the first such class with its count, and says how many others there are.
    """
    counts = np.array([np.bincount(labels, minlength=len(classes)) for labels in parts.values()])
    lacking = np.flatnonzero((counts == 0).any(axis=0))
    if not len(lacking):
        return
    total = counts.sum(axis=0)
    first = lacking[np.argmin(total[lacking])]
    others = f" ({len(lacking) - 1} more lack some too)" if len(lacking) > 1 else ""
    has = f"class {classes[first]!r} of {source} has {total[first]} example{'s' if total[first] != 1 else ''}"
    if total[first] < len(parts):
        raise DataError(f"{has}; {len(parts)} are needed, to {_listed(list(parts))}{others}; add some, or leave it out")
    without = [title for title, has_any in zip(parts, counts[:, first] > 0, strict=True) if not has_any]
    raise DataError(f"{has}, but none to {_listed(without)}{others}; move some there, or ask for larger parts")


def _listed(titles: Sequence[str]) -> str:
    words = [PURPOSES.get(title, title) for title in titles]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def split_every_class(y: ArrayLike, sizes: Sequence[int], *, seed: int = 0) -> tuple[Indices, ...]:
    """Draw disjoint subsets as `stratified_split` does, but each class that has enough is in each of them.

    Where the shares already bring every class into every subset, as in all but small classes, the subsets are those of
    `stratified_split`. As there, a later size does not change an earlier subset. A class with fewer examples than
    there are subsets, or a subset smaller than the number of classes, stays as the shares have it.

    Args:
        y: labels of shape (n,).
        sizes: number of examples of each subset.
        seed: the same seed gives the same subsets on every machine.

    Raises:
        DatasetSizeError: if a size is not positive, or all together exceed n.
    """
    labels = np.asarray(y)
    plain = stratified_split(labels, sizes, seed=seed)
    values, counts = np.unique(labels, return_counts=True)
    enough = counts >= len(sizes)
    if all(np.isin(values[enough], labels[subset]).all() for subset in plain):
        return plain
    rng = np.random.default_rng(seed)
    pools = [rng.permutation(np.flatnonzero(labels == label)) for label in values]
    subsets = []
    for place, size in enumerate(sizes):
        available = np.array([len(pool) for pool in pools], np.int64)
        taken = _taken(available, enough, size, later=len(sizes) - place - 1)
        drawn = np.concatenate([pool[:number] for pool, number in zip(pools, taken, strict=True)])
        subsets.append(rng.permutation(drawn).astype(np.int64))
        pools = [pool[number:] for pool, number in zip(pools, taken, strict=True)]
    return tuple(subsets)


def _taken(available: Labels, enough: NDArray[np.bool_], size: int, *, later: int) -> Labels:
    """How many of each class: in proportion; of those with `enough` at least one, leaving one for each later subset."""
    exact: NDArray[np.float64] = size * available / available.sum()
    taken: Labels = exact.astype(np.int64)
    taken[np.argsort(taken - exact, kind="stable")[: size - taken.sum()]] += 1
    least = np.where(enough, 1, 0)
    most: Labels = np.where(enough, available - later, available)
    if not least.sum() <= size <= most.sum():
        return taken
    bounded: Labels = np.clip(taken, least, most)
    while bounded.sum() > size:
        bounded[np.argmax(bounded - least)] -= 1
    while bounded.sum() < size:
        bounded[np.argmax(most - bounded)] += 1
    return bounded
