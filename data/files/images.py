"""Reading image files into arrays of bytes."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError
from data.files.decoded import decoded
from data.files.folder_or_archive import Tree
from data.phase import counted

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
GREY_MODES = ("1", "L")
DECODER = 1
"""Version of what is decoded here; it goes up whenever the same files give other bytes."""


@dataclass(frozen=True, slots=True)
class ImageForm:
    """The size (height, width) and number of channels (1 grey, 3 colour) that images are brought to."""

    size: tuple[int, int]
    channels: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return (*self.size, self.channels)


def is_image(name: str) -> bool:
    """Whether the name ends like that of an image."""
    return name.lower().endswith(ENDINGS)


def common_form(tree: Tree, names: Sequence[str], size: tuple[int, int] | None) -> ImageForm:
    """The form that all named images have: grey where all are grey; `size` where it is given.

    Raises:
        DataError: if some cannot be read, or no `size` is given and theirs differ.
    """

    def look() -> NDArray[np.int64]:
        form = _look_for_form(tree, names, size)
        return np.array(form.shape, np.int64)

    how, doing = ("form", *_decoder(), size), "looking for the size of images"
    height, width, channels = decoded(tree, names, how, look, size_bytes=24, doing=doing, by_name=False).tolist()
    return ImageForm((height, width), channels)


def _look_for_form(tree: Tree, names: Sequence[str], size: tuple[int, int] | None) -> ImageForm:
    sizes: Counter[tuple[int, int]] = Counter()
    modes = set()
    broken = []
    for name, content in counted(tree.read(names), "looking for the size of images", len(names)):
        try:
            with _open(content) as image:
                sizes[(image.height, image.width)] += 1
                modes.add(image.mode)
        except (OSError, ValueError, SyntaxError):
            broken.append(name)
    if broken:
        raise DataError(
            f"{len(broken)} of {len(names)} images of {tree.path} cannot be read, first of all {broken[0]}; "
            "remove or replace them"
        )
    if size is None and len(sizes) > 1:
        least, largest = min(sizes), max(sizes)
        raise DataError(
            f"the images of {tree.path} have {len(sizes)} sizes, from {least[1]}×{least[0]} to "
            f"{largest[1]}×{largest[0]}; add ?size=WIDTHxHEIGHT to the name to scale all to one"
        )
    return ImageForm(size or next(iter(sizes)), 1 if modes <= set(GREY_MODES) else 3)


def read_images(tree: Tree, names: Sequence[str], form: ImageForm) -> NDArray[np.uint8]:
    """The named images as bytes of shape (n, height, width, channels), in the order of `names`.

    Raises:
        DataError: if one cannot be read.
    """
    size_bytes = len(names) * math.prod(form.shape)
    how, doing = ("images", *_decoder(), form.shape), "decoding images"
    return decoded(tree, names, how, lambda: _decode_all(tree, names, form), size_bytes=size_bytes, doing=doing)


def _decode_all(tree: Tree, names: Sequence[str], form: ImageForm) -> NDArray[np.uint8]:
    place = {name: index for index, name in enumerate(names)}
    x = np.empty((len(names), *form.shape), np.uint8)
    for name, content in counted(tree.read(_in_order(names)), "decoding images", len(names)):
        x[place[name]] = decode(content, form, name)
    return x


def decode(content: bytes, form: ImageForm, name: str) -> NDArray[np.uint8]:
    """One image file, scaled to the form's size by an antialiased bilinear filter where it has another.

    Raises:
        DataError: if it is no readable image.
    """
    try:
        with _open(content) as image:
            converted = image.convert("L" if form.channels == 1 else "RGB")
            if (converted.height, converted.width) != form.size:
                converted = converted.resize((form.size[1], form.size[0]), resample=_bilinear())
            return np.asarray(converted, np.uint8).reshape(form.shape)
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{name} is no readable image ({error}); remove or replace it") from None


def _decoder() -> tuple[int, str]:
    import PIL

    return DECODER, PIL.__version__


def _open(content: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(content))


def _bilinear() -> Any:
    from PIL import Image

    return Image.Resampling.BILINEAR


def _in_order(names: Collection[str]) -> list[str]:
    return sorted(names)
