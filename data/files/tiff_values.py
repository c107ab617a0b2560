"""What a TIFF says of its values that Pillow takes no notice of."""

from __future__ import annotations

from typing import Any

_BITS, _PHOTOMETRIC, _PLANES, _SAMPLE_FORMAT = 258, 262, 284, 339
_UNSIGNED, _SIGNED = 1, 2
_WHITE_IS_ZERO = 0
_SEPARATE = 2
_TURNED_TWICE = {"I;16BS": "I;16NS", "I;32BS": "I;32NS", "F;32BF": "F;32NF", "I;32B": "I;32N"}


def _tag(image: Any, number: int, default: int) -> int:
    value = image.tag_v2.get(number, default) if image.format == "TIFF" else default
    return int(value[0] if isinstance(value, tuple) else value)


def bits_per_sample(image: Any, default: int) -> int:
    """Bits of each value; the default for other formats."""
    return _tag(image, _BITS, default)


def is_int8(image: Any) -> bool:
    """Whether its bytes have a sign, which Pillow takes for their highest bit."""
    return image.mode == "L" and _tag(image, _SAMPLE_FORMAT, _UNSIGNED) == _SIGNED


def is_uint32(image: Any) -> bool:
    """Whether its 32-bit values have no sign, while Pillow takes their highest bit for one."""
    return image.mode == "I" and _tag(image, _BITS, 0) == 32 and _tag(image, _SAMPLE_FORMAT, _UNSIGNED) == _UNSIGNED


def is_white_zero(image: Any) -> bool:
    """Whether its least value is white, which Pillow turns round up to 8 bits only."""
    return image.mode not in ("1", "L") and _tag(image, _PHOTOMETRIC, 1) == _WHITE_IS_ZERO


def is_misread(image: Any) -> bool:
    """Whether Pillow takes the halves of 16-bit values for values: where each colour stands apart, uncompressed."""
    return is_apart(image) and not _is_unpacked(image) and _tag(image, _BITS, 8) > 8


def is_apart(image: Any) -> bool:
    """Whether each colour stands in a plane of its own."""
    return _tag(image, _PLANES, 1) == _SEPARATE


def native_rawmode(image: Any, rawmode: str) -> str | None:
    """How values are really laid out that libtiff has brought to the machine's order, which Pillow would turn again."""
    return _TURNED_TWICE.get(rawmode) if _is_unpacked(image) else None


def _is_unpacked(image: Any) -> bool:
    return bool(getattr(image, "tile", None)) and image.tile[0].codec_name == "libtiff"
