"""The CNN search space: its architectures, how they are drawn, varied, written down and lowered."""

from search.spaces.cnn.architecture import (
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)
from search.spaces.cnn.space import CnnSpace

__all__ = [
    "CnnArchitecture",
    "CnnSpace",
    "ConvBlock",
    "ConvLayer",
    "FinalPooling",
    "LayerType",
    "PoolingType",
]
