"""The fragments of C that programs are made of, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files


def template(file: str) -> str:
    """The text of a fragment."""
    return files("search.deploy.c").joinpath("kernels", file).read_text(encoding="utf-8")


def filled(text: str, values: Mapping[str, object]) -> str:
    """`@name@` replaced by its value."""
    return re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), text)


def named(text: str, name: str) -> str:
    """The words that begin with `net_` or `NET_` begin with the program's name."""
    return re.sub(r"\bNET_", f"{name.upper()}_", re.sub(r"\bnet_(?=[a-z])", f"{name}_", text))
