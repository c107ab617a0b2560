"""A long journal, made of the records of a recorded one with fresh numbers."""

import json
from pathlib import Path
from typing import Any

from data import recorded_run
from search.journal import FILE_NAME


def long_journal(folder: Path, lines: int) -> Path:
    """Write a run of at least so many lines into `folder`, the recorded one over and over; returns the folder."""
    header, *records = map(json.loads, (recorded_run("digits") / FILE_NAME).read_text(encoding="utf-8").splitlines())
    header["settings"]["trials"] = 10**6
    body = [r for r in records if r["record"] in ("trial", "infeasible", "observation")]
    size = max(r["id"] for r in body) + 1
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE_NAME).open("w", encoding="utf-8") as file:
        file.write(json.dumps(header, separators=(",", ":")) + "\n")
        for lap in range(-(-lines // len(body))):
            for record in body:
                file.write(json.dumps(_later(record, lap, size), separators=(",", ":")) + "\n")
    return folder


def _later(record: dict[str, Any], lap: int, size: int) -> dict[str, Any]:
    numbers = {k: record[k] + lap * size for k in ("id", "parent", "promotes") if record.get(k) is not None}
    clocks = {k: record[k] + lap * 1000.0 for k in ("elapsed_s", "cpu_seconds") if k in record}
    return {**record, **numbers, **clocks}
