"""`python -m resource_models.fitting --data DIR [--to DIR]`: fits every runtime and writes a file for each."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from resource_models.errors import ResourceModelError
from resource_models.latency.fitting import espressif, st_edge_ai, tflm_cmsis_nn, tflm_reference, tinymaix
from resource_models.latency.fitting.measurements import read_layers, read_networks
from resource_models.runtimes.latency_fit import LatencyFit
from resource_models.runtimes.runtime import FITS


def fit_all(folder: Path) -> list[LatencyFit]:
    """All entries, from the measurements in ``folder``."""
    layers, networks = read_layers(folder), read_networks(folder)
    return [
        *tflm_cmsis_nn.entries(layers, networks),
        *st_edge_ai.entries(networks),
        *espressif.entries(folder, networks),
        *tflm_reference.entries(networks),
        *tinymaix.entries(networks),
    ]


def write_fits(entries: list[LatencyFit], folder: Path) -> list[Path]:
    """Writes the entries of each runtime to a file of its own; the files.

    Raises:
        ResourceModelError: A file cannot be written.
    """
    by_runtime: dict[str, list[LatencyFit]] = {}
    for entry in entries:
        by_runtime.setdefault(entry.runtime, []).append(entry)
    paths = []
    for runtime, own in by_runtime.items():
        path = folder / f"{runtime.replace('-', '_')}.json"
        try:
            path.write_text(as_text(own), encoding="utf-8")
        except OSError as error:
            raise ResourceModelError(f"'{path}' cannot be written: {error.strerror}.") from error
        paths.append(path)
    return paths


def as_text(entries: list[LatencyFit]) -> str:
    """The file of one runtime: one line per list of numbers, so that a change can be read."""
    about = (
        "Latency coefficients: cycles per unit of each of the TERMS of resource_models.runtimes.latency_fit, per core "
        "and version. Written by `python -m resource_models.fitting`; see the modules of resource_models.latency."
    )
    lines = json.dumps({"about": about, "entries": msgspec.to_builtins(entries)}, indent=1, ensure_ascii=False)
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
    parser.add_argument("--to", type=Path, default=FITS, help="folder to write to (default: the package's own)")
    options = parser.parse_args(arguments)
    try:
        entries = fit_all(options.data)
        write_fits(entries, options.to)
    except ResourceModelError as error:
        print(error, file=sys.stderr)
        return 2
    for entry in entries:
        print(_line(entry))
    return 0


def _line(entry: LatencyFit) -> str:
    validation: dict[str, Any] = entry.validation
    errors = validation.get("single_layers") or validation.get("networks") or {}
    found = f"median error {errors['median']:.1%}" if "median" in errors else "no cross-validation"
    return f"{entry.core:16} {entry.runtime:15} {entry.version:5} {entry.samples:5} samples, {found}"


if __name__ == "__main__":
    sys.exit(main())
