"""Search spaces: the networks among which a search chooses, one folder or file each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.spaces.base import Architecture, SearchSpace, SpaceError, neighbour_of
from search.spaces.cnn import CnnSpace
from search.spaces.cnn_extended import CnnExtendedSpace
from search.spaces.mlp import MlpSpace

__all__ = ["Architecture", "SearchSpace", "SpaceError", "SpaceInfo", "neighbour_of", "space", "spaces"]


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """A space as lists of them show it."""

    name: str
    title: str
    available: bool = True
    reason: str | None = None


def spaces() -> tuple[SpaceInfo, ...]:
    """Every search space."""
    return tuple(SpaceInfo(name, title) for name, (_, title) in _SPACES.items())


def space(name: str, input_shape: Sequence[int], num_classes: int) -> SearchSpace:
    """The space of that name for inputs of (height, width, channels) and a number of classes.

    Raises:
        SpaceError: if there is no such space, or it cannot take such inputs.
    """
    if name not in _SPACES:
        raise SpaceError(f"there is no search space {name!r}; there is {', '.join(_SPACES)}")
    return _SPACES[name][0](input_shape, num_classes)


_SPACES: dict[str, tuple[Callable[[Sequence[int], int], SearchSpace], str]] = {
    "cnn": (CnnSpace, "Convolutional networks with branches (μNAS)"),
    "mlp": (MlpSpace, "Dense layers only (μNAS)"),
    "cnn-extended": (
        CnnExtendedSpace,
        "cnn and mobile blocks, smaller inputs, mean over the map; sound and sensors too",
    ),
}
