"""Code of the user's own, named `package.module:Class`: the only place where it is imported.

Looking at a run imports nothing of the kind, since a folder may come from a stranger. What calls `load_class` is asked
for by the user: a search that is started or resumed, a tournament, a worker of either.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from search.errors import SearchError


def is_own(name: str) -> bool:
    """Whether a name is the dotted path of a class of the user's own."""
    return ":" in name


def import_words(names: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences that say which code of the user's own is about to be imported, and from where; nothing is imported.

    Args:
        names: of a space, an algorithm and the like, by what they are.
    """
    return tuple(
        f"Importing {module} ({_source(module)}) for the {what} {name}."
        for what, name in names.items()
        if is_own(name) and (module := name.partition(":")[0])
    )


def _source(module: str) -> str:
    """The file of a module, also where it is not imported yet."""
    known = sys.modules.get(module)
    if known is not None:
        return str(getattr(known, "__file__", None) or "built in")
    path, found = None, None
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):  # `importlib.util.find_spec` would import the packages on the way
        found = importlib.machinery.PathFinder.find_spec(".".join(parts[:depth]), path)
        if found is None:
            return "a file that is not found"
        path = found.submodule_search_locations
    return str(found.origin if found is not None and found.origin else "a folder without code")


def load_class(path: str, *, what: str, methods: Sequence[str], error: type[SearchError]) -> Any:
    """The class that `package.module:Class` names; its module is imported.

    Args:
        path: of the class.
        what: it is for, e.g. "algorithm".
        methods: that it must have.
        error: of which kind to raise.

    Raises:
        SearchError: of the kind given; there is no such module or class, it cannot be imported, or it lacks a method.
    """
    module_name, _, class_name = path.partition(":")
    head = f"The {what} {path!r} cannot be loaded"
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except ModuleNotFoundError as missing:
        raise error(f"{head}: there is no module {missing.name!r}.") from None
    except AttributeError:
        raise error(f"{head}: {module_name} has no {class_name!r}.") from None
    except Exception as failure:
        raise error(f"{head}: importing {module_name} ends in {type(failure).__name__}: {failure}.") from failure
    lacking = [method for method in methods if not callable(getattr(found, method, None))]
    if lacking or not callable(found):
        lacks = f"has no method {' and no method '.join(lacking)}" if lacking else "is no class"
        raise error(f"The {what} {path!r} cannot be used: {class_name} of {module_name} {lacks}.")
    return found
