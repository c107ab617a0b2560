"""How candidates are trained: plain numbers, written into the journal so that a resumed run trains alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

from search.errors import SettingsError
from search.typed_json import read_typed

PruningKind = Literal["structured", "unstructured"]

BUILT_IN_TEACHER = "cnn"
TEACHER_FILE = "teacher.npz"
"""Where a run keeps the weights of the built-in teacher, inside of its folder."""


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes of training examples, drawn anew for every example of every step; validation has none.

    Attributes:
        shift: up to so many pixels along both axes; what moves in mirrors the edge (symmetric padding).
        flip: left and right are exchanged in half of the examples.
        rotation: up to so many radians, in either direction.
        rotation_share: share of the examples that are rotated.
        time_shift: up to so many frames along the first axis of a spectrogram.
    """

    shift: int = 0
    flip: bool = False
    rotation: float = 0.0
    rotation_share: float = 0.3
    time_shift: int = 0

    def __post_init__(self) -> None:
        if self.shift < 0 or self.time_shift < 0:
            raise SettingsError("An augmentation's shift and time_shift must not be negative.")
        if not (0 <= self.rotation_share <= 1 and self.rotation >= 0):
            raise SettingsError("An augmentation's rotation must not be negative, its rotation_share within 0 to 1.")


@dataclass(frozen=True, slots=True)
class Pruning:
    """Pruning during training: dynamic model pruning with feedback (Lin et al., ICLR 2020).

    The target sparsity of a trial is its gene `sparsity`, within `lowest` and `highest`.

    Attributes:
        kind: "structured" removes output channels and units, so the network becomes smaller; "unstructured" sets
            single weights to zero.
        begin, end: shares of the training between which the sparsity rises from 0 to its target.
        lowest, highest: range of the gene.
        interval: steps between two choices of what is pruned.
    """

    kind: PruningKind = "structured"
    begin: float = 0.1
    end: float = 0.6
    lowest: float = 0.05
    highest: float = 0.8
    interval: int = 16

    def __post_init__(self) -> None:
        if self.kind not in ("structured", "unstructured"):
            raise SettingsError(f"Pruning is 'structured' or 'unstructured', not {self.kind!r}.")
        if not 0 <= self.begin <= self.end < 1:
            raise SettingsError("Pruning begins and ends at shares of the training: 0 ≤ begin ≤ end < 1.")
        if not 0 <= self.lowest <= self.highest < 1:
            raise SettingsError("The sparsities of pruning must be 0 ≤ lowest ≤ highest < 1.")
        if self.interval < 1:
            raise SettingsError("The interval of pruning must be at least 1 step.")


@dataclass(frozen=True, slots=True)
class Distillation:
    """Learning from a teacher too: loss = task + weight · temperature² · KL(teacher, student), both softened.

    Attributes:
        teacher: "cnn", a small network that is trained once per run, or the path of a Keras model file.
        weight: of the teacher's part.
        temperature: that both sets of logits are divided by.
        epochs: of the built-in teacher's training.
    """

    teacher: str = BUILT_IN_TEACHER
    weight: float = 0.3
    temperature: float = 1.0
    epochs: int = 20

    def __post_init__(self) -> None:
        if not (self.weight >= 0 and self.temperature > 0 and self.epochs > 0):
            raise SettingsError("Distillation needs weight ≥ 0, temperature > 0 and epochs > 0.")


@dataclass(frozen=True, slots=True)
class Recipe:
    """AdamW with a learning rate that rises, then falls along half a cosine to zero at the end, unless told otherwise.

    Attributes:
        batch_size: examples in one step (at most the training split); the incomplete last batch of an epoch is
            left out, and the shuffle decides anew each epoch which examples that are.
        learning_rate: the highest.
        warmup: steps that the rate rises in from zero, at most a quarter of the training (Goyal et al., 2017). Tiny
            networks want a high rate, and without a warm-up it kills some of them
            (`tests/benchmarks/test_recipe.py`).
        weight_decay: of kernels, decoupled from the gradient, times the learning rate.
        dropout: share of units dropped before each hidden dense layer.
        optimiser: "adamw" or "sgd".
        momentum: of "sgd".
        schedule: "cosine" (to zero at the last step) or "constant".
        drops: (epoch, divisor) pairs: from that epoch on the rate is divided.
        class_weights: whether every class counts the same in the loss, however many examples it has.
        patience: a training ends after so many epochs without a new lowest validation error; None never.
        average: decay, per step, of an exponential moving average of the weights, which is then what is measured and
            kept, with statistics of batch normalisation of its own; None keeps the last weights.
        augmentation, pruning, distillation: None for none.
    """

    batch_size: int = 32
    learning_rate: float = 1e-2
    warmup: int = 50
    weight_decay: float = 1e-2
    dropout: float = 0.0
    optimiser: Literal["adamw", "sgd"] = "adamw"
    momentum: float = 0.9
    schedule: Literal["cosine", "constant"] = "cosine"
    drops: tuple[tuple[int, float], ...] = ()
    class_weights: bool = False
    patience: int | None = None
    average: float | None = None
    augmentation: Augmentation | None = None
    pruning: Pruning | None = None
    distillation: Distillation | None = None

    def __post_init__(self) -> None:
        if self.warmup < 0:
            raise SettingsError("The warm-up of a recipe is a number of steps, and not negative.")
        if self.average is not None and not 0 < self.average < 1:
            raise SettingsError(f"The average of a recipe is a decay between 0 and 1, not {self.average}.")

    def stretched(self, share: float) -> Recipe:
        """This recipe with its drops at `share` times their epochs, for a training of another length."""
        return replace(self, drops=tuple((max(1, round(share * epoch)), by) for epoch, by in self.drops))

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        values = asdict(self)
        values["drops"] = [list(drop) for drop in self.drops]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recipe:
        """The recipe that `to_json` wrote; one that says nothing of a warm-up has none.

        Raises:
            SettingsError: a value is of another kind or out of its range, or is not known here.
        """
        readers = {name: partial(_part, kind, name) for name, kind in _PARTS.items()}
        read = read_typed(cls, values, "the recipe", SettingsError, readers=readers)
        return read if "warmup" in values else replace(read, warmup=0)


_PARTS: dict[str, type[Any]] = {"augmentation": Augmentation, "pruning": Pruning, "distillation": Distillation}


def _part(kind: type[Any], name: str, values: Any) -> Any:
    return None if values is None else read_typed(kind, values, f"the {name}", SettingsError)
