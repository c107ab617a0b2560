"""The extended CNN space: that of μNAS, and what beats it on microcontrollers."""

from search.spaces.cnn_extended.architecture import (
    BlockKind,
    ExtendedArchitecture,
    GlobalPooling,
    MobileBlock,
    from_cnn,
)
from search.spaces.cnn_extended.space import CnnExtendedSpace

__all__ = [
    "BlockKind",
    "CnnExtendedSpace",
    "ExtendedArchitecture",
    "GlobalPooling",
    "MobileBlock",
    "from_cnn",
]
