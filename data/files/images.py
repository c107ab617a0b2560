"""Reading image files into arrays: bytes where they have up to 8 bits, else float32 from 0 to 1."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.class_folders.left_out import Reason
from data.errors import DataError
from data.files import seen
from data.files.decoded import decoded
from data.files.file_kinds import kind_of_content
from data.files.folder_or_archive import Tree
from data.files.seen import UnseenError
from data.phase import counted

ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".avif", ".jp2", ".j2k", ".ico", ".tga"),
)
READABLE = ("PNG", "JPEG", "GIF", "BMP", "WebP", "AVIF", "JPEG 2000")
DECODER = 2
"""Version of what is decoded here; it goes up whenever the same files give other bytes."""
FLAGS = {
    "transparent": "may be transparent; they are shown over white",
    "turned": "are stored turned; they are turned upright, as their EXIF says",
    "other colours": "have another colour space than sRGB; they are converted to it",
    "gamma": "have another gamma than a screen; they are brought to its",
    "frames": "have several frames or pages; the first is taken",
    "deep": "have more than 8 bits a value; they are read as shares of what is white in their depth",
    "numbers": "hold numbers without a depth that says what is white",
}
_HEIGHT, _WIDTH, _CHANNELS, _FLAGS, _LOW, _HIGH = range(6)


@dataclass(frozen=True, slots=True)
class ImageForm:
    """What images are brought to.

    Attributes:
        size: (height, width).
        channels: 1 for grey, 3 for colour.
        is_deep: whether values are float32 from 0 to 1; else bytes.
        low: the number that becomes 0 in images whose values have no depth.
        high: the number that becomes 1 there.
    """

    size: tuple[int, int]
    channels: int
    is_deep: bool = False
    low: float = 0.0
    high: float = 1.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return (*self.size, self.channels)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What the heads of image files say, a row for each of `names`; a height of 0 for files that cannot be read."""

    names: tuple[str, ...]
    rows: NDArray[np.float64]

    def unreadable(self) -> tuple[str, ...]:
        """The names of files that cannot be read."""
        return tuple(name for name, height in zip(self.names, self.rows[:, _HEIGHT], strict=True) if height == 0)

    def of(self, names: Collection[str]) -> Looks:
        """Those of some of the files."""
        chosen = set(names)
        kept = [name in chosen for name in self.names]
        return Looks(tuple(name for name in self.names if name in chosen), self.rows[kept])

    def notes(self, form: ImageForm) -> tuple[str, ...]:
        """A sentence for everything that is done to some of the images to show them as they are seen."""
        flags = self.rows[:, _FLAGS].astype(np.int64)
        said = []
        for place, (flag, what) in enumerate(FLAGS.items()):
            count = int(np.count_nonzero(flags >> place & 1))
            if count:
                span = f"; {form.low:g} is read as 0 and {form.high:g} as 1" if flag == "numbers" else ""
                said.append(f"{count:,} of {len(flags):,} images {what}{span}")
        return tuple(said)


def is_image(name: str) -> bool:
    """Whether the name ends like that of an image."""
    return name.lower().endswith(ENDINGS)


def look_at_images(tree: Tree, names: Sequence[str]) -> Looks:
    """What the heads of the named files say; of those whose values have no depth, all of them are read."""

    def look() -> NDArray[np.float64]:
        rows = dict.fromkeys(names, np.zeros(6))
        for name, content in counted(tree.read(names), "looking for the size of images", len(names)):
            rows[name] = np.array(_look(content, name))
        return np.array([rows[name] for name in names])

    doing = "looking for the size of images"
    return Looks(
        tuple(names), decoded(tree, names, ("looks", *_decoder()), look, size_bytes=48 * len(names), doing=doing)
    )


def _look(content: bytes, name: str) -> tuple[float, ...]:
    try:
        with seen.open_image(content, name) as image:
            flags = _flags(image, content)
            height, width = image.height, image.width
            if seen.orientation(image, content) >= seen.TRANSPOSED:
                height, width = width, height
            channels = 1 if seen.is_grey(image) else 3
            values = seen.numbers(image) if seen.has_numbers(image) else np.zeros(1)
            return height, width, channels, flags, float(values.min()), float(values.max())
    except Exception:  # noqa: BLE001 - Pillow raises nearly anything; `why_unreadable` says what is wrong
        return (0.0,) * 6


def _flags(image: Any, content: bytes) -> int:
    holds = (
        seen.is_transparent(image),
        seen.orientation(image, content) != 1,
        seen.has_other_colours(image),
        seen.gamma(image) is not None,
        _has_frames(image),
        seen.has_depth(image),
        seen.has_numbers(image),
    )
    image.seek(0)
    return sum(1 << place for place, is_so in enumerate(holds) if is_so)


def _has_frames(image: Any) -> bool:
    try:
        return image.format != "MPO" and bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - Pillow raises nearly anything where a frame is damaged that is not read anyway
        return True


def common_form(looks: Looks, size: tuple[int, int] | None, place: str) -> ImageForm:
    """The form that all readable images have: grey where all are grey; `size` where it is given.

    Numbers without a depth are read as they are where all lie between 0 and 1, as shares of 255 where all lie between
    0 and 255, and else so that the least of all images becomes 0 and the largest 1.

    Raises:
        DataError: if no `size` is given and theirs differ.
    """
    rows = looks.rows[looks.rows[:, _HEIGHT] > 0]
    sizes = Counter((int(row[_HEIGHT]), int(row[_WIDTH])) for row in rows)
    if size is None and len(sizes) > 1:
        least, largest = min(sizes), max(sizes)
        raise DataError(
            f"the images of {place} have {len(sizes)} sizes, from {least[1]}×{least[0]} to "
            f"{largest[1]}×{largest[0]}; add ?size=WIDTHxHEIGHT to the name to scale all to one"
        )
    flags = np.bitwise_or.reduce(rows[:, _FLAGS].astype(np.int64))
    deep, numbers = (bool(flags >> list(FLAGS).index(flag) & 1) for flag in ("deep", "numbers"))
    low, high = _span(rows) if numbers else (0.0, 1.0)
    return ImageForm(size or next(iter(sizes)), int(rows[:, _CHANNELS].max()), deep or numbers, low, high)


def _span(rows: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(rows[:, _LOW].min()), float(rows[:, _HIGH].max())
    if low < 0 or high > 255:
        return low, high
    return 0.0, 1.0 if high <= 1 else 255.0


def read_images(tree: Tree, names: Sequence[str], form: ImageForm, *, strict: bool = True) -> NDArray[Any]:
    """The named images, of shape (n, height, width, channels), in the order of `names`.

    Unless it is `strict`, one that cannot be read is all zeros.

    Raises:
        DataError: if one cannot be read.
    """
    size_bytes = len(names) * math.prod(form.shape) * (4 if form.is_deep else 1)
    how, doing = ("images", *_decoder(), *astuple(form), strict), "decoding images"
    return decoded(tree, names, how, lambda: _decode_all(tree, names, form, strict), size_bytes=size_bytes, doing=doing)


def _decode_all(tree: Tree, names: Sequence[str], form: ImageForm, strict: bool) -> NDArray[Any]:
    place = {name: index for index, name in enumerate(names)}
    x: NDArray[Any] = np.zeros((len(names), *form.shape), np.float32 if form.is_deep else np.uint8)
    for name, content in counted(tree.read(sorted(names)), "decoding images", len(names)):
        try:
            x[place[name]] = decode(content, form, name)
        except DataError:
            if strict:
                raise
    return x


def decode(content: bytes, form: ImageForm, name: str) -> NDArray[Any]:
    """One image file, scaled to the form's size by an antialiased bilinear filter where it has another.

    Raises:
        DataError: if it is no readable image.
    """
    try:
        with seen.open_image(content, name) as image:
            if seen.has_numbers(image):
                values = (seen.numbers(image) - form.low) / (form.high - form.low)
                return _fitted(np.clip(values, 0, 1).astype(np.float32), form)
            if seen.has_depth(image):
                return _fitted(seen.deep(image, content, name), form)
            return _fitted_bytes(seen.shallow(image, content), form)
    except UnseenError as error:
        raise DataError(f"{name} is {error}; remove or replace it") from None
    except Exception as error:  # noqa: BLE001 - Pillow raises nearly anything for damaged files
        raise DataError(f"{name} is no readable image ({error}); remove or replace it") from None


def _fitted_bytes(image: Any, form: ImageForm) -> NDArray[Any]:
    converted = image.convert("L" if form.channels == 1 else "RGB")
    if (converted.height, converted.width) != form.size:
        converted = converted.resize((form.size[1], form.size[0]), resample=_bilinear())
    x = np.asarray(converted, np.uint8).reshape(form.shape)
    return np.divide(x, 255, dtype=np.float32) if form.is_deep else x


def _fitted(values: NDArray[Any], form: ImageForm) -> NDArray[Any]:
    from PIL import Image

    if values.shape[2] != form.channels:
        weights = np.array([0.299, 0.587, 0.114], np.float32)
        values = np.repeat(values, 3, axis=2) if values.shape[2] == 1 else (values @ weights)[..., None]
    if values.shape[:2] != form.size:
        size = (form.size[1], form.size[0])
        planes = [Image.fromarray(np.ascontiguousarray(plane)) for plane in np.moveaxis(values, 2, 0)]
        values = np.stack([np.asarray(plane.resize(size, resample=_bilinear())) for plane in planes], axis=2)
    values = np.clip(values, 0, 1)
    return values if form.is_deep else np.round(255 * values).astype(np.uint8)


def why_unreadable(tree: Tree, names: Sequence[str], form: ImageForm | None = None) -> dict[str, Reason]:
    """What is wrong with each of the files that cannot be read, or that have one value all over."""
    return {name: _why(content, name, form) for name, content in tree.read(sorted(names))}


def _why(content: bytes, name: str, form: ImageForm | None) -> Reason:
    kind = kind_of_content(content)
    try:
        with seen.open_image(content, name) as image:
            if seen.has_numbers(image):
                seen.numbers(image)
            image.load()
            if form is not None:
                decode(content, form, name)
    except UnseenError as error:
        return Reason(str(error), "replace or remove them")
    except Exception:  # noqa: BLE001 - Pillow raises nearly anything for damaged files
        if kind in READABLE or kind == "of no known kind":
            return Reason("damaged, or no image that can be read", "replace or remove them")
        if kind.startswith("TIFF"):
            return Reason("damaged, or TIFF of a kind that cannot be read", "convert them to PNG")
        if kind == "empty":
            return Reason("empty, without a byte", "replace or remove them")
        return Reason(f"{kind}, which cannot be read", "convert or remove them")
    return Reason("of one value all over, which tells nothing", "replace or remove them")


def in_one_colour(x: NDArray[Any]) -> tuple[str, ...]:
    """A sentence on images that have one colour all over, if there are any."""
    flat = x.reshape(len(x), -1, x.shape[-1])
    count = int((flat.min(axis=1) == flat.max(axis=1)).all(axis=1).sum())
    return (f"{count:,} of {len(x):,} images have one colour all over",) if count else ()


def _decoder() -> tuple[int, str]:
    import PIL

    return DECODER, PIL.__version__


def _bilinear() -> Any:
    from PIL import Image

    return Image.Resampling.BILINEAR
