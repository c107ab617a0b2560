"""Loops over axes: lengths, and how far apart neighbours lie, with as few axes as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import DeployError

Shape = Sequence[int]
AXES = 4
"""Axes that the kernels loop over."""


@dataclass(frozen=True, slots=True)
class Loops:
    """`lengths` of the axes, and for each array the `steps` from one element to the next along them."""

    lengths: tuple[int, ...]
    steps: tuple[tuple[int, ...], ...]

    def filled(self, axes: int = AXES) -> Loops:
        """With axes of length 1 in front, so that there are `axes`.

        Raises:
            DeployError: there are more.
        """
        missing = axes - len(self.lengths)
        if missing < 0:
            raise DeployError(f"A tensor of {len(self.lengths)} axes that are broadcast or moved cannot be exported.")
        return Loops((1,) * missing + self.lengths, tuple((0,) * missing + steps for steps in self.steps))


def contiguous(shape: Shape) -> tuple[int, ...]:
    """The steps of an array that lies in one piece."""
    steps = [1]
    for length in reversed(shape[1:]):
        steps.insert(0, steps[0] * length)
    return tuple(steps[: len(shape)])


def broadcast(shape: Shape, out: Shape) -> tuple[int, ...]:
    """The steps of an array of `shape` along the axes of `out`; 0 where it repeats."""
    steps = [0 if length == 1 else step for length, step in zip(shape, contiguous(shape), strict=True)]
    return (0,) * (len(out) - len(shape)) + tuple(steps)


def loops(lengths: Shape, *steps: Sequence[int]) -> Loops:
    """Axes of length 1 left out, and neighbours joined that every array walks through in one go."""
    joined: list[tuple[int, tuple[int, ...]]] = []
    for axis, length in enumerate(lengths):
        here = tuple(array[axis] for array in steps)
        if length == 1:
            continue
        if joined and joined[-1][1] == tuple(step * length for step in here):
            joined[-1] = (joined[-1][0] * length, here)
        else:
            joined.append((length, here))
    arrays = tuple(tuple(here[i] for _, here in joined) for i in range(len(steps)))
    return Loops(tuple(length for length, _ in joined), arrays)
