"""What a TIFF says of its values that Pillow takes no notice of."""

from __future__ import annotations

from typing import Any

_BITS, _PHOTOMETRIC, _SAMPLE_FORMAT = 258, 262, 339
_UNSIGNED, _SIGNED = 1, 2
_WHITE_IS_ZERO = 0


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
