"""Search spaces: the networks among which a search chooses, one folder or file each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.spaces.base import Architecture, SearchSpace, SpaceError
from search.spaces.cnn import CnnSpace

__all__ = ["Architecture", "SearchSpace", "SpaceError", "SpaceInfo", "space", "spaces"]


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """A space as lists of them show it."""

    name: str
    title: str
    available: bool = True
    reason: str | None = None


def spaces() -> tuple[SpaceInfo, ...]:
    """Every search space."""
    return (SpaceInfo("cnn", "Convolutional networks with branches (μNAS)"),)


def space(name: str, input_shape: Sequence[int], num_classes: int) -> SearchSpace:
    """The space of that name for inputs of (height, width, channels) and a number of classes.

    Raises:
        SpaceError: if there is no such space, or it cannot take such inputs.
    """
    if name != "cnn":
        raise SpaceError(f"there is no search space {name!r}; there is {', '.join(s.name for s in spaces())}")
    return CnnSpace(input_shape, num_classes)
