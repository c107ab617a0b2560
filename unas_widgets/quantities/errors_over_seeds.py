"""What training again with other seeds gave: the spread around a network's error, and its error on the test split."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from search.recipes.named import AS_SEARCHED
from search.runs.finalise import Final
from unas_widgets.quantities.quantity import Quantity, percent, significant
from unas_widgets.widgets.html import Html, lines, tag


class Spread(NamedTuple):
    """A network's validation error over seeds, in the picture.

    Attributes:
        trial_id: of the network.
        x: its place across, in axis units.
        mean, std: of the validation error over the seeds, in percent.
        hover: what it says under the pointer.
        words: what was done, e.g. "trained again".
    """

    trial_id: int
    x: float
    mean: float
    std: float
    hover: Html
    words: str


AGAIN, TEST = "trained again", "test error"
_EXPLAINED = (
    "Validation error of the float network, mean ± standard deviation over the seeds",
    "Error of the int8 file on the board, on the test split, which nothing was chosen by; mean ± standard deviation",
)


def again_words(recipe: str) -> str:
    """What was done with a network, with the recipe where it was not the search's own: "trained again, thorough"."""
    return _with(AGAIN, recipe)


def heads_of(recipe: str) -> dict[str, str]:
    """The heads of the columns that a recipe brings, each with what is below it."""
    by = "" if recipe == AS_SEARCHED else f", by the recipe {recipe}"
    return {_with(word, recipe): f"{text}{by}" for word, text in zip((AGAIN, TEST), _EXPLAINED, strict=True)}


def _with(word: str, recipe: str) -> str:
    return word if recipe == AS_SEARCHED else f"{word}, {recipe}"


def spread_of(final: Final, x: float) -> Spread:
    """The spread of one network at its place across."""
    words, done = f"error {again(final).text}  ({again(final).hover})", again_words(final.recipe)
    hover = lines((tag("b", f"trial {final.trial_id}"), f", {done}"), words)
    return Spread(final.trial_id, x, 100 * final.mean("val_error"), 100 * final.std("val_error"), hover, done)


def again(final: Final) -> Quantity:
    """Validation error over the seeds: "1.76 ± 0.16 %"."""
    return _spread(final, "val_error", "validation error of the float network")


def on_test(final: Final) -> Quantity:
    """Test error of the int8 file over the seeds; LiteRT's and that of the float network are on hover."""
    floats = _words(final.mean("test_error"), final.std("test_error"))
    found = _spread(final, "int8_test_error", "error of the int8 file on the test split")
    litert = "by LiteRT alone" if final.litert_test_error is None else f"by LiteRT {percent(final.litert_test_error)}"
    return Quantity(found.text, f"{found.hover}; {litert}; as float network {floats}", found.value)


def final_quantities(final: Final | None) -> tuple[Quantity, ...]:
    """The cells under the heads of a recipe; dashes where the network was not trained again by it."""
    if final is None:
        return tuple(Quantity("–", "not trained again yet; press Finalise", None) for _ in _EXPLAINED)
    return again(final), on_test(final)


def finals_by_trial(finals: Iterable[Final], recipe: str = AS_SEARCHED) -> dict[int, Final]:
    """Those of a recipe by the network's number."""
    return {final.trial_id: final for final in finals if final.recipe == recipe}


def recipes_of(finals: Iterable[Final]) -> tuple[str, ...]:
    """The recipes that networks were trained again by, in the order in which they come."""
    return tuple(dict.fromkeys(final.recipe for final in finals))


def prefix_of(recipe: str) -> str:
    """What stands before the names of columns of a data frame: nothing for the search's own recipe."""
    return "" if recipe == AS_SEARCHED else f"{recipe.replace(' ', '_')}_"


def _spread(final: Final, figure: str, what: str) -> Quantity:
    values, mean = final.errors[figure], final.mean(figure)
    each = ", ".join(percent(value) for value in values)
    count = f"{len(values)} seeds" if len(values) > 1 else "1 seed, so no spread"
    return Quantity(_words(mean, final.std(figure)), f"{what}, {count}: {each}", mean)


def _words(mean: float, std: float) -> str:
    """Mean and spread in percent with as many decimals as three figures of the mean need."""
    return f"{significant(100 * mean)} ± {significant(100 * std, 2)} %" if std else percent(mean)
