"""A recipe with what a user switches on or off by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from search.errors import SettingsError
from search.presets.preset import presets
from search.recipe import Augmentation, Distillation, Pruning, PruningKind, Recipe

NONE = "none"


def adjusted(
    recipe: Recipe,
    *,
    dataset: str,
    augmentation: str | None = None,
    pruning: str | None = None,
    teacher: str | None = None,
) -> Recipe:
    """The recipe with the parts that are named; None leaves a part as it is, "none" takes it out.

    Args:
        recipe: to begin with.
        dataset: decides what "on" means for the augmentation.
        augmentation: "on" or "none".
        pruning: "structured", "unstructured" or "none"; window and range stay those of the recipe where it has them.
        teacher: "cnn", the path of a Keras model file, or "none".

    Raises:
        SettingsError: another word.
    """
    changes: dict[str, Any] = {}
    if augmentation is not None:
        changes["augmentation"] = _augmentation(augmentation, dataset)
    if pruning is not None:
        changes["pruning"] = _pruning(pruning, recipe.pruning)
    if teacher is not None:
        changes["distillation"] = None if teacher == NONE else Distillation(teacher=teacher)
    return replace(recipe, **changes)


def augmentation_for(dataset: str) -> Augmentation | None:
    """The augmentation that the presets have for a data set; None for one that they do not name."""
    for preset in presets():
        if preset.dataset.partition("?")[0] == dataset.partition("?")[0]:
            return preset.full_recipe.augmentation
    return None


def _augmentation(word: str, dataset: str) -> Augmentation | None:
    if word not in ("on", NONE):
        raise SettingsError(f"--augmentation is 'on' or 'none', not {word!r}.")
    if word == NONE:
        return None
    found = augmentation_for(dataset)
    if found is None:
        raise SettingsError(f"There is no augmentation for the data set {dataset}; leave --augmentation out.")
    return found


def _pruning(word: str, present: Pruning | None) -> Pruning | None:
    if word == NONE:
        return None
    for kind in get_args(PruningKind):
        if word == kind:
            return replace(present or Pruning(), kind=kind)
    raise SettingsError(f"--pruning is 'structured', 'unstructured' or 'none', not {word!r}.")
