"""One image file as a person sees it: upright, over white where it is transparent, in sRGB, at its full depth.

What decides a picture beside its numbers, and what is done about it:

- Orientation in EXIF: applied.
- Transparency, whether an alpha channel, of a palette or of one colour: shown over white.
- A colour profile other than sRGB, CMYK and CIE L*a*b*: converted to sRGB, perceptually.
- A gamma of PNG other than that of sRGB: applied, as browsers do.
- More than 8 bits: grey, RGB and RGBA of 16 bits keep them, as shares of what is white; others give their 8 highest.
- Signed, 32-bit and floating-point values: no depth says what is white. They are numbers, and the range of the whole
  set decides (`data.files.images`).
- Several pages or frames: the first.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.files.tiff_values import (
    bits_per_sample,
    is_apart,
    is_int8,
    is_misread,
    is_uint32,
    is_white_zero,
    native_rawmode,
)

FORMATS = ("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000", "ICO")
MOST_PIXELS = 178_956_970
"""As Pillow has it: a larger picture is taken for one that is made to fill the memory."""
SCREEN_GAMMA = 2.2
GAMMA_TOLERANCE = 0.05  # as the PNG specification advises
GREY_MODES = ("1", "L", "LA", "La", "F", "I")
ALPHA_MODES = ("LA", "La", "PA", "RGBA", "RGBa")
ORIENTATION = 0x0112
TRANSPOSED = 5  # this orientation and those above exchange height and width
_EXIF_MARKS = (b"Exif", b"eXIf", b"EXIF", b"Raw profile type", b"rientation", b"ftypavi")
_DEEP_RAWMODES = ("LA;16", "RGB;16", "RGBX;16", "RGBA;16", "RGBa;16")
_SMALL_GREYS = {"L;2": 85, "L;4": 17}
_TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}
"""Quarter turns against the clock, then whether left and right are exchanged, for each orientation but 1."""

Values = NDArray[np.float32]


class UnseenError(Exception):
    """The picture cannot be shown; the message is what is wrong with it, after "is" or "are"."""


def open_image(content: bytes, name: str) -> Any:
    """The image as Pillow opens it, whose pixels are not read yet. It raises nearly anything for what it cannot read.

    Raises:
        UnseenError: if it is too large, or Pillow would take something else for its values.
    """
    from PIL import Image

    formats = (*_formats(), "TGA") if name.lower().endswith(".tga") else _formats()  # TGA has no sign of its own
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except Image.DecompressionBombError:
        raise UnseenError(f"of more than {MOST_PIXELS / 1e6:.0f} million pixels, too large to be read") from None
    if is_misread(image):
        raise UnseenError("uncompressed TIFF of 16 bits with each colour apart, which cannot be read")
    clear = image.info.get("transparency")
    if image.mode == "L" and isinstance(clear, int) and _rawmode(image) in _SMALL_GREYS:
        image.info["transparency"] = clear * _SMALL_GREYS[_rawmode(image)]  # which Pillow gives as it is in the file
    return image


@lru_cache(maxsize=1)
def _formats() -> tuple[str, ...]:
    """Those of `FORMATS` that this build of Pillow reads."""
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def orientation(image: Any, content: bytes) -> int:
    """The orientation from 1 to 8 that is still to be applied; to TIFF Pillow does it."""
    if image.format == "TIFF" or not any(mark in content for mark in _EXIF_MARKS):
        return 1
    value = image.getexif().get(ORIENTATION, 1)
    return value if value in _TURNS else 1


def is_grey(image: Any) -> bool:
    """Whether all its pixels are grey, by its mode."""
    return image.mode in GREY_MODES or image.mode.startswith("I;16") or _rawmode(image) == "LA;16B"


def is_transparent(image: Any) -> bool:
    """Whether parts of it may be transparent."""
    return image.mode in ALPHA_MODES or "transparency" in image.info


def has_other_colours(image: Any) -> bool:
    """Whether it comes to sRGB from a profile or another colour space."""
    return image.mode in ("CMYK", "LAB") or _transform(image) is not None


def gamma(image: Any) -> float | None:
    """The exponent that brings its values, from 0 to 1, to those of a usual screen; None where they are."""
    stored = image.info.get("gamma")
    if not stored or "srgb" in image.info or "icc_profile" in image.info:
        return None
    exponent = 1 / (SCREEN_GAMMA * float(stored))
    return None if abs(exponent - 1) < GAMMA_TOLERANCE else exponent


def has_numbers(image: Any) -> bool:
    """Whether its values have no depth that says what is white."""
    return image.mode == "F" or (image.mode == "I" and image.format != "PPM") or is_int8(image)


def has_depth(image: Any) -> bool:
    """Whether it has a depth of more than 8 bits that is kept."""
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return True
    return _rawmode(image)[:-1] in _DEEP_RAWMODES and not is_apart(image) and _transform(image) is None


def numbers(image: Any) -> Values:
    """The values of an image that `has_numbers`, as they are in the file; shape (height, width, 1).

    Raises:
        UnseenError: if some are not finite.
    """
    wrong_sign = np.int8 if is_int8(image) else np.uint32 if is_uint32(image) else None
    is_negative = is_white_zero(image)
    native = native_rawmode(image, _rawmode(image))
    values = np.asarray(image if native is None else _as_raw(image, image.mode, native))
    values = (values if wrong_sign is None else values.view(wrong_sign)).astype(np.float32)
    if not np.isfinite(values).all():
        raise UnseenError("no pictures, for some values are not finite numbers")
    return (-values if is_negative else values)[..., None]


def deep(image: Any, content: bytes, name: str) -> Values:
    """The values of an image that `has_depth`, from 0 to 1, as they are seen; shape (height, width, 1 or 3)."""
    turn, exponent, is_negative = orientation(image, content), gamma(image), is_white_zero(image)
    top = float(2 ** bits_per_sample(image, 16) - 1)
    clear, is_weighted = image.info.get("transparency"), _rawmode(image).startswith("RGBa")
    raw = _sixteen_bits(image, content, name)
    values = np.asarray(raw / top, np.float32)
    if is_negative:
        values = 1 - values
    colours, alpha = (values[..., :-1], values[..., -1:]) if raw.shape[2] in (2, 4) else (values, None)
    if exponent is not None:
        colours = colours ** np.float32(exponent)
    if alpha is None and clear is not None:
        alpha = np.asarray((raw != np.asarray(clear)).any(axis=2, keepdims=True), np.float32)
    if alpha is not None:
        colours = (colours if is_weighted else colours * alpha) + (1 - alpha)
    return _turned(colours, turn)


def _sixteen_bits(image: Any, content: bytes, name: str) -> NDArray[np.int64]:
    """All channels; shape (height, width, channels). Pillow gives one half of each value, so each half is asked for."""
    rawmode = _rawmode(image).replace("a", "A")  # as they are, not divided by alpha
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.int64)[..., None]
    if rawmode == "LA;16B":  # four bytes a pixel, as of RGBA
        halves = np.asarray(_as_raw(image, "RGBA", "RGBA")).astype(np.int64)
        return halves[..., 0::2] * 256 + halves[..., 1::2]
    other = rawmode[:-1] + ("L" if rawmode.endswith("B") else "B")
    with open_image(content, name) as second:
        low = np.asarray(_as_raw(second, second.mode, other)).astype(np.int64)
    return np.asarray(_as_raw(image, image.mode, rawmode)).astype(np.int64) * 256 + low


def _as_raw(image: Any, mode: str, rawmode: str) -> Any:
    """The unread image, to be unpacked in another way."""
    image._mode = mode
    image.tile = [
        tile._replace(args=rawmode if isinstance(tile.args, str) else (rawmode, *tile.args[1:])) for tile in image.tile
    ]
    return image


def _rawmode(image: Any) -> str:
    args = image.tile[0].args if getattr(image, "tile", None) else ""
    return str(args if isinstance(args, str) else args[0] if args else "")


def _turned(values: Values, turn: int) -> Values:
    quarters, mirrored = _TURNS.get(turn, (0, False))
    values = np.rot90(values, quarters)
    return values[:, ::-1] if mirrored else values


def shallow(image: Any, content: bytes) -> Any:
    """An image of 8 bits as it is seen: of mode L or RGB."""
    from PIL import ImageOps

    turn, transform, exponent, may_be_clear = (
        orientation(image, content),
        _transform(image),
        gamma(image),
        is_transparent(image),
    )
    grey = is_grey(image)
    image.load()
    if turn != 1:
        image = ImageOps.exif_transpose(image)
    colours = image.convert("RGBA") if may_be_clear else image
    if image.mode == "P" and not may_be_clear:
        colours = image.convert("RGB")
    if transform is not None and colours.mode == transform.inputMode:
        colours = transform.apply(colours)
    if exponent is not None:
        colours = _with_gamma(colours if colours.mode != "1" else colours.convert("L"), exponent)
    if may_be_clear:
        colours = _over_white(colours, image.format)
    return colours.convert("L" if grey else "RGB")


def _with_gamma(image: Any, exponent: float) -> Any:
    table = [round(255 * (value / 255) ** exponent) for value in range(256)]
    same = list(range(256))
    return image.point([*table * (len(image.getbands()) - 1), *(same if image.mode == "RGBA" else table)])


def _over_white(image: Any, kind: str | None) -> Any:
    """The opaque picture of one in RGBA; a BMP or icon that is transparent everywhere has an unused channel instead."""
    from PIL import Image

    if kind in ("BMP", "DIB", "ICO", "TGA") and image.getextrema()[3] == (0, 0):
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _transform(image: Any) -> Any:
    """What brings its colours to sRGB; None where they are, or are said to be in a way that cannot be followed."""
    profile = image.info.get("icc_profile")
    if image.mode == "LAB":
        return _transform_from(b"", "LAB")
    if not profile or _rawmode(image).startswith("I"):
        return None
    mode = "RGBA" if is_transparent(image) else "RGB" if image.mode == "P" else image.mode
    return _transform_from(bytes(profile), mode)


@lru_cache(maxsize=64)
def _transform_from(profile: bytes, mode: str) -> Any:
    from PIL import ImageCms

    if mode not in ("L", "RGB", "RGBA", "CMYK", "LAB"):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
        if profile and "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        into = "RGBA" if mode == "RGBA" else "RGB"
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, into)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):  # as viewers do, which show such a file all the same
        return None
