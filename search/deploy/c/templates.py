"""The fragments of C that programs are made of, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

_ROOMS = ("program", "layers", "arithmetic")


def rendered(file: str, name: str, values: Mapping[str, object] | None = None) -> str:
    """A fragment for the program `name`.

    Words that begin with `net_` or `NET_` begin with the name instead; then `@word@` is replaced by its value.
    """
    kernels = files("search.deploy.c").joinpath("kernels")
    places = (kernels.joinpath(room, file) for room in _ROOMS)
    text = next(place for place in places if place.is_file()).read_text(encoding="utf-8")
    text = re.sub(r"\bNET_", f"{name.upper()}_", re.sub(r"\bnet_(?=[a-z])", f"{name}_", text))
    return re.sub(r"@(\w+)@", lambda match: str((values or {})[match[1]]), text)
