"""Whether a run goes on with the data that it was begun with; the journal keeps their fingerprint.

It stands as `data` in the `session` record that says how many examples there are. Where the data changed and the change
was allowed, another such record has the new fingerprint, and `data_change`: what differs, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from data.check import Fingerprint
from search.errors import ChangedDataError
from search.journal.history import History, Json

UNKNOWN = (
    "The journal of this run is of an earlier version and has no fingerprint of its data: whether they are the same "
    "could not be checked; from now on they are."
)
ALLOW = "--allow-changed-data (in Python Run.open(folder, allow_changed_data=True))"


def news_of_data(known: Fingerprint | None, now: Fingerprint | None, *, name: str, allow_changed: bool) -> Json:
    """What a record has to say of the data as they are now; nothing where they are as they were known.

    Args:
        known: by the journal; None in runs of earlier versions, and before the first worker has loaded them.
        now: as a worker found them; None where it did not say.
        name: of the data set.
        allow_changed: whether the run may go on with other examples.

    Raises:
        ChangedDataError: they are others, and that is not allowed or cannot be.
    """
    if now is None or known == now:
        return {}
    if known is None:
        return {"data": as_json(now)}
    if not (allow_changed and known.same_task(now)):
        raise changed(known, now, name)
    return {"data": as_json(now), "data_change": known.difference(now)}


def refuse_changed_data(name: str, known: Json, now: Json) -> None:
    """Make sure that two fingerprints, as plain values, are of the same data, which go by that name.

    Raises:
        ChangedDataError: they are not.
    """
    if known != now:
        raise changed(msgspec.convert(known, Fingerprint), msgspec.convert(now, Fingerprint), name)


def as_json(found: Fingerprint) -> Json:
    """A fingerprint as plain values: what a journal and a task hold of it."""
    values: Json = msgspec.json.decode(msgspec.json.encode(found))
    return values


def changed(known: Fingerprint, now: Fingerprint, name: str) -> ChangedDataError:
    """What is raised where data differ, in one sentence."""
    begun = f"{name} is no longer the data that this run was begun with: {known.difference(now)}"
    if not known.same_task(now):
        return ChangedDataError(f"{begun}; put the earlier data back, or begin a new run with these.")
    return ChangedDataError(f"{begun}; put the earlier data back, or allow the change with {ALLOW}.")


def data_record(history: History, news: Mapping[str, Any]) -> Json:
    """The record of news of the data that came while no session was under way; the clocks stay as they are."""
    parts = news["data"]
    return {
        "record": "session",
        "event": "ready",
        "train_size": parts["train"]["count"],
        "validation_size": parts["validation"]["count"],
        **news,
        "exhausted": history.exhausted,
        "elapsed_s": history.elapsed_s,
        "cpu_seconds": history.cpu_seconds,
    }
