"""One ready-made configuration, read from its file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from search.budget import Budget
from search.errors import SettingsError
from search.quantities import RESOURCES
from search.recipe import Pruning, Recipe
from search.settings import Accounting

PRUNED = "-pruning"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings that go together; whatever a user says beside a preset replaces its part.

    Attributes:
        name: what it is offered by.
        title: for people.
        dataset: name of the data set.
        accounting: that its bounds are counted in.
        error: target for the validation error.
        bounds: of resources, by the argument of `Budget.parse` that takes them, e.g. "ram".
        epochs: of every training.
        full_recipe: for a training of that many epochs.
    """

    name: str
    title: str
    dataset: str
    accounting: Accounting
    error: float
    bounds: Mapping[str, str]
    epochs: int
    full_recipe: Recipe

    @property
    def budget(self) -> Budget:
        """The bounds, hard."""
        return Budget.parse(**self.bounds, error=self.error)

    def recipe(self, epochs: int | None = None) -> Recipe:
        """The recipe for trainings of another length; what is bound to epochs moves in proportion."""
        return self.full_recipe if epochs is None else self.full_recipe.stretched(epochs / self.epochs)


def presets() -> tuple[Preset, ...]:
    """All presets, in alphabetical order."""
    found = []
    for path in sorted(_FOLDER.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        plain = _read(path.stem, document)
        found.append(plain)
        if "pruning" in document:
            found.append(_pruning(plain, document["pruning"]))
    return tuple(found)


def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        SettingsError: there is none.
    """
    known = {found.name: found for found in presets()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}."
        raise SettingsError(f"--preset: there is no preset {name!r}; {hint}")
    return known[name]


def _read(name: str, document: Mapping[str, Any]) -> Preset:
    bounds, recipe = _bounds(document), Recipe.from_json(document["recipe"])
    values = {key: value for key, value in document.items() if key not in ("recipe", "pruning", *bounds)}
    return Preset(name=name, full_recipe=recipe, bounds=bounds, **values)


def _bounds(section: Mapping[str, Any]) -> dict[str, str]:
    return {r.argument: section[r.argument] for r in RESOURCES if r.argument in section}


def _pruning(plain: Preset, section: Mapping[str, Any]) -> Preset:
    pruning = Pruning(
        begin=section["first_epoch"] / plain.epochs,
        end=section["last_epoch"] / plain.epochs,
        lowest=section["lowest"],
        highest=section["highest"],
    )
    return replace(
        plain,
        name=plain.name + PRUNED,
        title=f"{plain.title}, with pruning of channels",
        full_recipe=replace(plain.full_recipe, pruning=pruning),
        error=section.get("error", plain.error),
        bounds={**plain.bounds, **_bounds(section)},
    )
