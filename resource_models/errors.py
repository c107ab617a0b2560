"""Errors of this package, in one tree.

ResourceModelError
├── GraphError              a graph that does not hold together
├── UnknownOperatorError    an operator without a cost rule; it is named, never costed as zero
├── ModelFileError          a model file that cannot be read
├── UnitError               a text that is not a number of bytes, seconds, …
├── BoardError              a board or runtime that cannot be found or is not valid
└── NotModelledError        what is asked of a runtime has no model
"""

from __future__ import annotations


class ResourceModelError(Exception):
    """Base of every error that `resource_models` raises on purpose."""


class GraphError(ResourceModelError):
    """A graph that does not hold together. `operator` names the place, where there is one."""

    def __init__(self, message: str, *, operator: str | None = None) -> None:
        super().__init__(message)
        self.operator = operator


class UnknownOperatorError(ResourceModelError):
    """An operator for which there is no rule. `operator` is its name as the file or caller wrote it."""

    def __init__(self, message: str, *, operator: str) -> None:
        super().__init__(message)
        self.operator = operator


class ModelFileError(ResourceModelError):
    """A model file that is damaged, of another format, or beyond the limits of the reader."""


class UnitError(ResourceModelError, ValueError):
    """A text that is not a quantity of the expected kind. `text` is what was given."""

    def __init__(self, message: str, *, text: object) -> None:
        super().__init__(message)
        self.text = text


class NotModelledError(ResourceModelError):
    """A number is asked for that nobody has measured or can derive, such as the RAM of a runtime. Never guessed."""


class BoardError(ResourceModelError):
    """An unknown or invalid board or runtime. `name` is what was asked, `near` the closest known names."""

    def __init__(self, message: str, *, name: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.near = near
