"""What a person has chosen in the Workbench: the part of its traits that its controllers read and set."""

from __future__ import annotations

from typing import Protocol

from search import Budget


class Choices(Protocol):
    """Traits of a Workbench; see there for what they mean."""

    @property
    def trials(self) -> int:
        """Networks to train."""

    @property
    def minutes(self) -> int:
        """Limit of time; 0 for none."""

    @property
    def workers(self) -> int:
        """Processes that train."""

    @property
    def x(self) -> str:
        """Word of the plot's axis."""

    @property
    def y(self) -> str:
        """Word of the plot's axis."""

    budget: Budget
    selected: int | None
