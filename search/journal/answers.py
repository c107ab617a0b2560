"""What workers answer, read through types: a trainer may be anybody's, and what it says is written down for good."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from data.fingerprint import Fingerprint
from search.errors import TrainingError
from search.journal.records import LITERT, Amount, Channels, Count, Losses, Share, Text
from search.trial import epochs_text, measurements
from search.typed_json import in_words

Answer = TypeVar("Answer", bound=Struct)


class Trained(Struct):
    """What `search.training.tasks.train_trial` answers."""

    history: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=1_000_000)]
    losses: Losses
    seconds: Amount
    channels: Channels | None = None
    zeros: Count = 0
    epochs_spent: Amount | None = None


class WarmedUp(Struct):
    """What `search.training.tasks.warm_up` answers."""

    validation_size: Annotated[int, Meta(ge=1, le=2**53)]
    train_size: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    data: Fingerprint | None = None


class TrainedAgain(Struct):
    """What `search.training.tasks.finalise_trial` answers."""

    val_error: Share
    test_error: Share
    int8_val_error: Share
    int8_test_error: Share
    litert_val_error: Share | None = None
    litert_test_error: Share | None = None
    arithmetic: Text = LITERT
    seconds: Amount = 0.0
    channels: Channels | None = None


class Exported(Struct):
    """What `search.training.tasks.export_trial` answers."""

    model_bytes: Count
    int8_val_error: Share
    float_val_error: Share
    validation_size: Annotated[int, Meta(ge=1, le=2**53)]
    litert_val_error: Share | None = None
    arithmetic: Text = LITERT


def read_answer(kind: type[Answer], values: Any, *, what: str) -> Answer:
    """A worker's answer; numbers and arrays of numpy are as good as Python's.

    Args:
        kind: of the answer.
        values: that came.
        what: it is the answer of, as in "the export".

    Raises:
        TrainingError: a value is missing, of another kind or out of its range.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(values, enc_hook=_from_numpy), kind)
    except (msgspec.ValidationError, TypeError, OverflowError, RecursionError) as error:
        raise TrainingError(f"{what} gave an answer that cannot be: {in_words(error)}") from None


def read_training(values: Any, *, epochs: float) -> Trained:
    """The answer of a training of up to so many epochs in all.

    Raises:
        TrainingError: as `read_answer` does, and for more epochs than were asked for, or losses of others.
    """
    errors = values.get("history") if isinstance(values, dict) else None
    if isinstance(errors, Iterable) and not all(_is_finite(e) for e in errors):
        raise TrainingError("its training gave no finite validation error")
    trained = read_answer(Trained, values, what="its training")
    if len(trained.history) > measurements(epochs):
        raise TrainingError(
            f"its training gave the errors of {len(trained.history)} epochs, and was asked for {epochs_text(epochs)}"
        )
    if len(trained.losses) > len(trained.history):
        raise TrainingError(f"its training gave {len(trained.losses)} losses for {len(trained.history)} epochs")
    return trained


def _from_numpy(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is no value of JSON")


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except (TypeError, OverflowError):
        return True  # no number at all, or far too large a one, which is another fault
