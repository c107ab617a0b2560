"""Which named recipes there are."""

from __future__ import annotations

import difflib

from search.errors import SettingsError
from search.recipes.named import SEARCHED, NamedRecipe
from search.recipes.thorough import THOROUGH

RECIPES: tuple[NamedRecipe, ...] = (SEARCHED, THOROUGH)
NAMES = tuple(recipe.name for recipe in RECIPES)


def named_recipe(name: str) -> NamedRecipe:
    """The recipe of that name; hyphens are as good as spaces.

    Raises:
        SettingsError: there is none.
    """
    wanted = name.strip().replace("-", " ").lower()
    for recipe in RECIPES:
        if recipe.name == wanted:
            return recipe
    near = difflib.get_close_matches(wanted, NAMES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(map(repr, NAMES))}."
    raise SettingsError(f"--recipe: there is no recipe {name!r}; {hint}")
