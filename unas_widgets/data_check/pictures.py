"""Examples of a data set as one picture: a row of tiles for each class."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from data import Dataset, Kind

GAP = 2  # pixels between tiles
LARGEST = 96  # pixels of a side of a tile; larger images leave pixels out
_COLOURS = np.array([unlabel_rgb(c) for c in sample_colorscale("Viridis", np.linspace(0, 1, 256))], np.uint8)

Pixels = NDArray[np.uint8]


def first_examples(dataset: Dataset, label: int, count: int) -> NDArray[np.float32]:
    """The first training examples of a class, as floats of shape (n, height, width, channels); fewer where it has."""
    split = dataset.train
    chosen = split.x[np.flatnonzero(split.y == label)[:count]]
    values: NDArray[np.float32] = np.asarray(chosen, np.float32)
    return values / np.float32(255) if split.x.dtype == np.uint8 else values


def mosaic(dataset: Dataset, kind: Kind, *, classes: int, columns: int) -> Pixels:
    """The first examples of the first classes in colours, of shape (height, width, 3); white where there are fewer."""
    rows, blank = [], np.full_like(_tile(np.zeros(dataset.input_shape, np.float32), dataset.value_range, kind), 255)
    for label in range(classes):
        tiles = [_tile(example, dataset.value_range, kind) for example in first_examples(dataset, label, columns)]
        tiles += [blank] * (columns - len(tiles))
        rows.append(np.concatenate([_framed(tile) for tile in tiles], axis=1))
    return np.concatenate(rows, axis=0)


def as_address(pixels: Pixels) -> str:
    """A picture as the address that holds it whole, a PNG."""
    from PIL import Image  # only who needs a picture waits for it

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _tile(example: NDArray[np.float32], value_range: tuple[float, float], kind: Kind) -> Pixels:
    """An example in colours: a spectrogram with time to the right and high bands above; other images as they are."""
    low, high = value_range
    scaled: NDArray[Any] = np.clip((example - low) / max(high - low, 1e-12), 0, 1)
    step = -(-max(example.shape[:2]) // LARGEST)
    grades: Pixels = np.round(255 * scaled[::step, ::step]).astype(np.uint8)
    if kind == "spectrogram":
        found: Pixels = _COLOURS[grades.mean(axis=2).astype(np.uint8).T[::-1]]
        return found
    if grades.shape[2] != 3:
        grades = np.repeat(grades.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    return grades


def _framed(tile: Pixels) -> Pixels:
    return np.pad(tile, ((0, GAP), (0, GAP), (0, 0)), constant_values=255)
