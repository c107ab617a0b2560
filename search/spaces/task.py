"""What the spaces of this package share: a name, and the task that their networks are for."""

from __future__ import annotations

from collections.abc import Sequence

from search.spaces.base import SpaceError


class TaskSpace:
    """A name, an input shape and a number of classes.

    Args:
        name: of the space.
        input_shape: (height, width, channels).
        num_classes: at least 2.
        shortest: what height or width must at least be, the longer of the two.

    Raises:
        SpaceError: if the input is no map or too small, or there are fewer than two classes.
    """

    def __init__(self, name: str, input_shape: Sequence[int], num_classes: int, *, shortest: int = 1) -> None:
        if len(input_shape) != 3 or min(input_shape) < 1:
            raise SpaceError(f"the {name} space needs inputs of (height, width, channels), not {tuple(input_shape)}")
        if num_classes < 2:
            raise SpaceError(f"the {name} space classifies, which needs at least 2 classes, not {num_classes}")
        height, width, channels = (int(size) for size in input_shape)
        if max(height, width) < shortest:
            raise SpaceError(
                f"the {name} space needs inputs that are at least {shortest} high or wide, not {height}×{width}; the "
                "mlp space takes any"
            )
        self._name = name
        self._input_shape = (height, width, channels)
        self._num_classes = int(num_classes)

    @property
    def name(self) -> str:
        """The name that the space is known by."""
        return self._name

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of one input."""
        return self._input_shape

    @property
    def num_classes(self) -> int:
        """Number of classes; two share one logit."""
        return self._num_classes
