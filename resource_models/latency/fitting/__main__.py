"""`python -m resource_models.fitting --data DIR [--to FILE]`: fits every runtime and writes the coefficient file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from resource_models.errors import ResourceModelError
from resource_models.latency.fitting import espressif, st_edge_ai, tflm_cmsis_nn, tflm_reference, tinymaix
from resource_models.latency.fitting.entries import Entry
from resource_models.latency.fitting.measurements import read_layers, read_networks

COEFFICIENTS = Path(__file__).parent.parent / "latency_coefficients.json"


def fit_all(folder: Path) -> list[Entry]:
    """All entries, from the measurements in ``folder``."""
    layers, networks = read_layers(folder), read_networks(folder)
    return [
        *tflm_cmsis_nn.entries(layers, networks),
        *st_edge_ai.entries(networks),
        *espressif.entries(folder, networks),
        *tflm_reference.entries(networks),
        *tinymaix.entries(networks),
    ]


def as_text(entries: list[Entry]) -> str:
    """The coefficient file: one line per list of numbers, so that a change can be read."""
    about = (
        "Latency coefficients: cycles per unit of each term of resource_models.latency.features.TERMS, per core, "
        "runtime and version. Written by `python -m resource_models.fitting`; see the modules there for the models."
    )
    lines = json.dumps({"about": about, "entries": entries}, indent=1, ensure_ascii=False)
    return _join_numbers(lines) + "\n"


def _join_numbers(text: str) -> str:
    """Puts lists of plain numbers, and the error summaries, on one line each."""
    out: list[str] = []
    pending: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if pending:
            pending.append(stripped)
            if stripped[:1] in "]}":
                out.append(pending[0] + " ".join(pending[1:-1]) + pending[-1])
                pending = []
            elif stripped[-1:] in "[{":
                out += pending
                pending = []
        elif stripped.endswith("[") and stripped != '"entries": [':
            pending = [line]
        else:
            out.append(line)
    return "\n".join(out)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; 0 when done, 2 when the folder cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m resource_models.fitting", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with op_points.csv and the other tables")
    parser.add_argument("--to", type=Path, default=COEFFICIENTS, help="file to write (default: the package's own)")
    options = parser.parse_args(arguments)
    try:
        entries = fit_all(options.data)
    except ResourceModelError as error:
        print(error, file=sys.stderr)
        return 2
    options.to.write_text(as_text(entries), encoding="utf-8")
    for entry in entries:
        print(_line(entry))
    return 0


def _line(entry: Entry) -> str:
    validation: dict[str, Any] = entry["validation"]
    errors = validation.get("single_layers") or validation.get("networks") or {}
    found = f"median error {errors['median']:.1%}" if "median" in errors else "no cross-validation"
    return f"{entry['core']:16} {entry['runtime']:15} {entry['version']:5} {entry['samples']:5} samples, {found}"


if __name__ == "__main__":
    sys.exit(main())
