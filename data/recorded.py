"""Recorded runs that travel with the project: searches that were made once, to be replayed without training."""

from __future__ import annotations

from pathlib import Path

from data.errors import DataError

FOLDER = Path(__file__).resolve().parent / "runs"


def recorded_runs() -> tuple[str, ...]:
    """Names of the recorded runs."""
    return tuple(sorted(journal.parent.name for journal in FOLDER.glob("*/journal.jsonl")))


def recorded_run(name: str) -> Path:
    """The folder of the recorded run of that name; it is to be read only.

    Raises:
        DataError: there is none.
    """
    if name not in recorded_runs():
        raise DataError(f"There is no recorded run {name!r}; there is {', '.join(recorded_runs()) or 'none'}.")
    return FOLDER / name
