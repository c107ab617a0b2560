"""Search spaces: the networks among which a search chooses, one folder or file each.

One's own is named `package.module:Class`; see `space`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.errors import SearchError
from search.own_code import is_own, load_class
from search.spaces.base import Architecture, SearchSpace, SpaceError, morphisms_of, neighbour_of
from search.spaces.cnn import CnnSpace
from search.spaces.cnn_extended import CnnExtendedSpace
from search.spaces.mlp import MlpSpace
from search.spaces.unloaded import UnloadedSpace

__all__ = [
    "Architecture",
    "SearchSpace",
    "SpaceError",
    "SpaceInfo",
    "UnloadedSpace",
    "morphisms_of",
    "neighbour_of",
    "space",
    "spaces",
]

METHODS = ("sample", "neighbours", "contains", "to_json", "from_json", "lower", "smallest")
"""What a class of one's own needs beside the properties of `SearchSpace`; `search.spaces.testing` checks all of it."""


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """A space as lists of them show it."""

    name: str
    title: str
    available: bool = True
    reason: str | None = None


def spaces() -> tuple[SpaceInfo, ...]:
    """Every search space of this package."""
    return tuple(SpaceInfo(name, title) for name, (_, title) in _SPACES.items())


def space(name: str, input_shape: Sequence[int], num_classes: int, *, load: bool = True) -> SearchSpace:
    """The space of that name for inputs of (height, width, channels) and a number of classes.

    Args:
        name: of a space of this package, or `package.module:Class`: a class that is made with an input shape and a
            number of classes.
        input_shape: of one input.
        num_classes: at least 2.
        load: whether code of the user's own may be imported; without it there is a space that only keeps documents
            (`UnloadedSpace`). To be left out where a run is only looked at.

    Raises:
        SpaceError: if there is no such space, or it cannot take such inputs.
    """
    if is_own(name):
        return _own_space(name, input_shape, num_classes) if load else UnloadedSpace(name, input_shape, num_classes)
    if name not in _SPACES:
        raise SpaceError(
            f"there is no search space {name!r}; there is {', '.join(_SPACES)} (or give your own as "
            "package.module:Class)"
        )
    return _SPACES[name][0](input_shape, num_classes)


def _own_space(name: str, input_shape: Sequence[int], num_classes: int) -> SearchSpace:
    space_class = load_class(name, what="search space", methods=METHODS, error=SpaceError)
    try:
        made: SearchSpace = space_class(tuple(input_shape), num_classes)
    except SearchError:
        raise
    except Exception as error:
        raise SpaceError(
            f"The search space {name!r} cannot be made for inputs of {tuple(input_shape)} and {num_classes} classes: "
            f"{type(error).__name__}: {error}."
        ) from error
    return made


_SPACES: dict[str, tuple[Callable[[Sequence[int], int], SearchSpace], str]] = {
    "cnn": (CnnSpace, "Convolutional networks with branches (μNAS)"),
    "mlp": (MlpSpace, "Dense layers only (μNAS)"),
    "cnn-extended": (
        CnnExtendedSpace,
        "cnn and mobile blocks, smaller inputs, mean over the map; sound and sensors too",
    ),
}
