"""The networks that a run begins with where it was begun from another one: a part of the header of its journal.

So a run needs nothing of the other run's folder once it was made: it is gone on with, and begun again from its copy,
where that folder is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from search.journal.records import Count, damage
from search.spaces import Architecture, SearchSpace
from search.typed_json import in_words

KEY = "inherited"


class Inherited(Struct, frozen=True, kw_only=True):
    """What a run was given of another one.

    Attributes:
        networks: as JSON values, in the order in which they are proposed.
        repaired: how many of them were changed to come within the budget.
        left_out: networks of the front that could not be brought within it, or are none for these data.
    """

    networks: Annotated[tuple[dict[str, Any], ...], Meta(max_length=1000)] = ()
    repaired: Count = 0
    left_out: Count = 0

    def to_json(self) -> dict[str, Any]:
        """What the header of the journal says of it; nothing where there is none."""
        return {KEY: msgspec.to_builtins(self)} if self.networks else {}

    def words(self, start_from: str) -> str:
        """E.g. "9 networks of the run first (2 changed to fit the budget; 1 of its front did not fit)"."""
        count = len(self.networks)
        changed = f"{self.repaired} changed to fit the budget" if self.repaired else ""
        out = f"{self.left_out} of its front did not fit" if self.left_out else ""
        more = "; ".join(part for part in (changed, out) if part)
        networks = "1 network" if count == 1 else f"{count} networks"
        return f"{networks} of the run {run_name(start_from)}" + (f" ({more})" if more else "")


def run_name(start_from: str) -> str:
    """What a list calls the run in this folder."""
    return Path(start_from).name or start_from


def inherited_of(header: Mapping[str, Any], path: Path) -> Inherited:
    """What the header of the journal at `path` says that the run begins with.

    Raises:
        JournalError: it cannot be read.
    """
    try:
        return msgspec.convert(header.get(KEY, {}), Inherited)
    except (msgspec.ValidationError, RecursionError) as error:
        raise damage(path, 1, f"{KEY}: {in_words(error)}") from None


def inherited_networks(header: Mapping[str, Any], space: SearchSpace, path: Path) -> tuple[Architecture, ...]:
    """The networks that the run whose journal is at `path` begins with, in their order.

    Raises:
        JournalError: they cannot be read, or one is none of the space.
    """
    documents = inherited_of(header, path).networks
    try:
        return tuple(space.from_json(document) for document in documents)
    except Exception as error:  # a space may be anybody's own; whatever it raises, the header is at fault
        raise damage(path, 1, f"{KEY}: {error}") from error
