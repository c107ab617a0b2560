"""Where a new run is kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def new_run_folder(base: Path, *, dataset: str, algorithm: str, seed: int, now: datetime) -> Path:
    """`base/runs/<date>-<time>-<dataset>-<algorithm>-seed<seed>`, with a number behind it where that exists."""
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in f"{dataset}-{algorithm}")
    stem = f"{now:%Y%m%d-%H%M%S}-{plain}-seed{seed}"
    folder, count = base / "runs" / stem, 1
    while folder.exists():
        count += 1
        folder = base / "runs" / f"{stem}-{count}"
    return folder
