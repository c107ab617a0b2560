"""Weights and checkpoints in files: plain arrays, written whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.files.atomic import atomic_write, atomic_writer
from search.errors import TrainingError
from search.trainer import Checkpoint


def write_arrays(path: Path, arrays: Sequence[Any]) -> None:
    """Write arrays in their order.

    Raises:
        TrainingError: the file cannot be written.
    """
    try:
        with atomic_writer(path) as file:
            np.savez(file, *arrays)
    except OSError as error:
        raise TrainingError(f"The weights cannot be written to {path.parent} ({error.strerror}).") from None


def read_arrays(path: Path) -> list[Any]:
    """The arrays that `write_arrays` wrote.

    Raises:
        TrainingError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return [arrays[name] for name in arrays.files]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        raise TrainingError(f"The weights {path} are missing or damaged; train the trial again.") from None


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write what a training goes on from; raises as `write_arrays` does."""
    moments = [*range(1, len(checkpoint.history)), checkpoint.epochs]
    write_arrays(path, (np.array([checkpoint.history, moments], dtype=np.float64), *checkpoint.arrays))


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint that `write_checkpoint` wrote; raises as `read_arrays` does."""
    history, *arrays = read_arrays(path)
    if history.ndim == 1:  # of an earlier version, which knew whole epochs only
        return Checkpoint(tuple(history.tolist()), tuple(arrays), len(history))
    return Checkpoint(tuple(history[0].tolist()), tuple(arrays), float(history[1, -1]))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, its folder included.

    Raises:
        TrainingError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, content)
    except OSError as error:
        raise TrainingError(f"{path} cannot be written ({error.strerror}); choose another folder.") from None
