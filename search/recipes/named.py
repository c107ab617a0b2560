"""What a recipe with a name is: from how a run trained its candidates to how the best of them are trained again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data import Kind
from search.recipe import Recipe

AS_SEARCHED = "as searched"
"""The name of the recipe that changes nothing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a run trained, and how.

    Attributes:
        recipe: of its candidates.
        epochs: of a full training.
        kind: what its examples are.
        input_shape: (height, width, channels) of an example.
    """

    recipe: Recipe
    epochs: int
    kind: Kind
    input_shape: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is trained again: the recipe, and for how many epochs."""

    recipe: Recipe
    epochs: int


@dataclass(frozen=True, slots=True)
class NamedRecipe:
    """A recipe that people choose by its name.

    Attributes:
        name: as it is chosen, and as the journal has it.
        says: what it does, in a few words.
        plan: what comes of it in a situation. It sees no data, so that nothing of the test split can steer it.
        keeps: whether the weights of the best seed, by the validation split, stay in the run's folder.
    """

    name: str
    says: str
    plan: Callable[[Situation], Plan]
    keeps: bool = False

    @property
    def slug(self) -> str:
        """The name as a part of the names of files and columns."""
        return self.name.replace(" ", "-")


SEARCHED = NamedRecipe(
    AS_SEARCHED, "as in the search, for its full number of epochs", lambda s: Plan(s.recipe, s.epochs)
)
