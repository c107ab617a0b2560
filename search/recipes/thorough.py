"""The recipe "thorough": the accuracy that a network's form is good for, at the price of time.

Its parts are those that lowered the validation error in `tests/benchmarks/test_thorough.py`, for each kind of examples
by itself. Averaged weights are not among them: beside a rate that falls to zero they changed less than chance does.
"""

from __future__ import annotations

from dataclasses import replace

from data import Kind
from search.limits import MOST_EPOCHS
from search.recipe import Augmentation, Distillation
from search.recipes.named import NamedRecipe, Plan, Situation

TIMES_LONGER = 4
SHIFTED_SHARE = 0.07
"""Of the shorter side of an image, or of the frames of a spectrogram: the furthest that it is moved."""
TEACHER = Distillation(weight=1.0, temperature=4.0, epochs=20)
TAUGHT: tuple[Kind, ...] = ("spectrogram",)
"""Kinds of examples for which the built-in teacher helped; with photographs and windows networks were worse for it."""


def thorough(situation: Situation) -> Plan:
    """Four times the epochs with a falling rate, examples changed as their kind allows, and a teacher where it helps.

    What the run has of its own stays: its augmentation, its teacher, its pruning, whose window is the same share of the
    longer training. It never ends early, since a rate that falls to zero wants all of its epochs.
    """
    recipe, epochs = situation.recipe, min(MOST_EPOCHS, TIMES_LONGER * situation.epochs)
    teacher = TEACHER if situation.kind in TAUGHT else None
    return Plan(
        replace(
            recipe,
            schedule="cosine",
            drops=(),
            patience=None,
            augmentation=recipe.augmentation or augmentation_of(situation.kind, situation.input_shape),
            distillation=recipe.distillation or teacher,
        ),
        epochs,
    )


def augmentation_of(kind: Kind, shape: tuple[int, int, int]) -> Augmentation | None:
    """How examples of a kind are changed without changing what they mean; None where nothing is known to be safe.

    Windows of sensors may be moved in time, but nothing came of it.

    Args:
        kind: of the examples.
        shape: (height, width, channels) of one.
    """
    height, width, _ = shape
    across = _pixels(min(height, width))
    changes: dict[Kind, Augmentation] = {
        "image": Augmentation(shift=across),
        "photo": Augmentation(shift=across, flip=True),
        "spectrogram": Augmentation(time_shift=_pixels(height)),
    }
    return changes.get(kind)


def _pixels(length: int) -> int:
    return max(1, round(SHIFTED_SHARE * length))


THOROUGH = NamedRecipe(
    "thorough",
    "longer, with changed examples and, for sounds, a teacher; keeps the weights of the best seed",
    thorough,
    keeps=True,
)
