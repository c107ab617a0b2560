"""What can go wrong with a data set.

DataError
├── UnknownDatasetError      no data set of that name
├── DatasetUnavailableError  its files, or a package that reads them, are not here
└── DatasetSizeError         more examples asked for than there are
"""

from __future__ import annotations

from collections.abc import Sequence


class DataError(Exception):
    """Base of every error that `data` raises on purpose; the message is one sentence for the user."""


class UnknownDatasetError(DataError):
    """No data set of that name. Carries `name` and the names that `exist`."""

    def __init__(self, name: str, exist: Sequence[str]) -> None:
        super().__init__(f"there is no data set {name!r}; there are {', '.join(exist)}")
        self.name = name
        self.exist = tuple(exist)


class DatasetUnavailableError(DataError):
    """A known data set cannot be read here. Carries `name` and the `reason`, which says the way out."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"data set {name!r} cannot be loaded: {reason}")
        self.name = name
        self.reason = reason


class DatasetSizeError(DataError):
    """A split was asked to be larger than the data allows, or not positive."""
