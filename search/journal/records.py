"""What may stand in a run's journal: each record with its fields, their types and their ranges.

Whatever comes in is read through these types, from a file or from memory, so that nothing else has to doubt it. They
are one half of the protection; the other is `History`, which refuses records that do not follow from those before.

What a newer version may add: a field that this one does not know is passed over, since a version that gives a known
field another meaning has to raise `file.SCHEMA`. A kind of record or a setting that is not known is refused: with
either the run would go on as another one. Code of a run's own (`package.module:Class`) is text, and not imported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from data.fingerprint import Fingerprint
from resource_models import Costs
from search.errors import JournalError
from search.recipes.named import AS_SEARCHED
from search.typed_json import in_words

MAX_LINE_BYTES = 1 << 22
"""Of one record; the longest that were ever seen are a hundredth of it."""
LARGEST = 1.7976931348623157e308

Count = Annotated[int, Meta(ge=0, le=2**53)]
Share = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0, le=1e15)]
Finite = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
LITERT = "litert"
"""Integer arithmetic of LiteRT's kernels, which is not quite that of boards (`search.deploy.integer.rounding`)."""
Text = Annotated[str, Meta(max_length=100_000)]
Epochs = Annotated[int, Meta(ge=1, le=1_000_000)] | Annotated[float, Meta(gt=0, le=1_000_000)]
Curve = Annotated[tuple[Share, ...], Meta(max_length=1_000_000)]
Losses = Annotated[tuple[Finite, ...], Meta(max_length=1_000_000)]
RecipeName = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9 ]{0,60}\Z")]
Channels = Annotated[dict[Text, Count], Meta(max_length=100_000)]


class Proposed(Struct, kw_only=True):
    """What an algorithm decides of a trial beside its architecture: see `search.trial.Trial`."""

    id: Count
    epochs: Epochs
    parent: Count | None
    genes: dict[Text, Finite]
    promotes: Count | None = None
    keep: bool = False
    cooldown: bool = False
    inherited: bool = False


class Proposal(Proposed, tag_field="record", tag="?", kw_only=True):
    """What `trial` and `infeasible` records say.

    Attributes:
        architecture: as JSON text, which the run's space reads.
        costs: what the network was expected to need.
    """

    architecture: msgspec.Raw
    costs: Costs


class TrialRecord(Proposal, tag="trial"):
    """A candidate was handed to a worker, or one goes on to be trained (`promotes`)."""


class InfeasibleRecord(Proposal, tag="infeasible"):
    """A proposal is over a hard bound and was not trained."""


class ObservationRecord(Struct, tag_field="record", tag="observation"):
    """A trial is over: see `search.trial.Observation`; costs are written where pruning changed them."""

    id: Count
    status: Literal["trained", "failed"]
    val_error: Share | None
    epochs: Count | Amount
    seconds: Amount
    history: Curve
    message: Text
    elapsed_s: Amount
    cpu_seconds: Amount
    losses: Losses = ()
    costs: Costs | None = None
    channels: Channels | None = None
    zeros: Count = 0
    epochs_spent: Count | Amount | None = None


class BudgetRecord(Struct, tag_field="record", tag="budget"):
    """From here on the run has another budget than its settings say."""

    budget: dict[str, Any]


class FinalRecord(Struct, tag_field="record", tag="final"):
    """A network of the front was trained again with a seed of its own, by the recipe of that name.

    The int8 errors are those of `arithmetic`; earlier versions measured with LiteRT alone.
    """

    id: Count
    seed: Count
    val_error: Share
    test_error: Share
    int8_val_error: Share
    int8_test_error: Share
    litert_val_error: Share | None = None
    litert_test_error: Share | None = None
    arithmetic: Text = LITERT
    recipe: RecipeName = AS_SEARCHED
    channels: Channels | None = None


class SessionRecord(Struct, tag_field="record", tag="session"):
    """The run began or ended to run, its limits and its clocks; once a worker has them, what its data are."""

    elapsed_s: Amount
    cpu_seconds: Amount
    event: Text = ""
    exhausted: bool = False
    validation_size: Annotated[int, Meta(ge=1, le=2**53)] | UnsetType | None = UNSET
    train_size: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    data: Fingerprint | None = None


Record = TrialRecord | InfeasibleRecord | ObservationRecord | BudgetRecord | FinalRecord | SessionRecord

_DECODER = msgspec.json.Decoder(Record)
_PLAIN = msgspec.json.Encoder()


def decode(line: bytes) -> Record:
    """The record of a line.

    Raises:
        JournalError: it is none, or a field is missing or has a value that it cannot have; in half a sentence.
    """
    if len(line) > MAX_LINE_BYTES:
        raise JournalError(f"it is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        record = _DECODER.decode(line if b"\\ud" not in line else _without_half_characters(line))
    except msgspec.ValidationError as error:
        unknown = str(error).endswith("`$.record`")
        raise JournalError("this version knows no such kind of record" if unknown else in_words(error)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise JournalError(f"it is not a JSON record ({in_words(error)})") from None
    check(record)
    return record


def record_of(values: Mapping[str, Any]) -> Record:
    """The record of JSON values that are at hand; raises as `decode` does."""
    return decode(_PLAIN.encode(values))


def _without_half_characters(line: bytes) -> bytes:
    """A line as UTF-8; earlier versions escaped names of files that are no text as halves of characters."""
    try:
        return json.dumps(json.loads(line), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return line  # which is refused for what it is


def plain(record: Record) -> dict[str, Any]:
    """A record as plain JSON values."""
    values: dict[str, Any] = msgspec.json.decode(_PLAIN.encode(record))
    return values


def check(record: Record) -> None:
    """What types cannot say.

    Raises:
        JournalError: costs below zero, a trained network without an error, or more epochs than it has.
    """
    if isinstance(record, ObservationRecord):
        if record.status == "trained" and record.val_error is None:
            raise JournalError("a trained network has a val_error")
        if record.costs is not None:
            check_costs(record.costs)
    elif isinstance(record, Proposal):
        check_costs(record.costs)


def check_costs(c: Costs) -> None:
    """Raises `JournalError` for costs below zero."""
    if c.ram_bytes < 0 or c.model_bytes < 0 or c.macs < 0 or not ((c.latency_s or 0) >= 0 and (c.energy_j or 0) >= 0):
        raise JournalError("costs: none can be below zero")


def damage(path: Path, number: int, reason: str) -> JournalError:
    """What is raised for a line that cannot be, in one sentence."""
    else_ = "" if number == 1 else ", or delete that line to go on without it"
    return JournalError(
        f"Line {number} of {path} is damaged ({reason}); nothing was changed: restore the file from a copy{else_}."
    )
