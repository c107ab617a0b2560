"""`data`: what a data set holds, before anything is trained on it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Annotated

import typer

from data import Dataset, kind_of, load
from data.check import DataCheck, check_data
from search.cli import console
from search.cli.console import Format
from search.cli.options import DataDir, JsonFlag, TrainSize, ValidationSize, text
from search.errors import SettingsError

FIGURE = "unas_widgets.data_check.data_figure"  # named, since what shows is above what searches
PAGES = (".html", ".htm")


def data(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Name, or folder:, audio:, npz: or table:PATH.")],
    figure: Annotated[
        Path | None, text("--figure", "Page to write (FILE.html): examples of each class as pictures or traces.")
    ] = None,
    train_size: TrainSize = None,
    validation_size: ValidationSize = None,
    data_dir: DataDir = None,
    as_json: JsonFlag = False,
) -> None:
    """Check a data set: its classes, parts and duplicates, what was left out, and what is doubtful."""
    if figure is not None and figure.suffix.lower() not in PAGES:
        raise SettingsError(f"--figure {figure}: the figure is a page; name it {figure.stem}.html.")
    loaded = load(
        dataset,
        train_size=train_size,
        validation_size=validation_size,
        data_dir=data_dir,
    )
    written = None if figure is None else _write_figure(loaded, dataset, figure)
    check = check_data(loaded)
    if as_json:
        print(json.dumps({**check.to_json(), "figure": None if written is None else str(written)}))
        return
    print_check(check)
    if written is not None:
        print(f"Figure: {written}")


def print_check(check: DataCheck) -> None:
    """Print a check for people."""
    shape = "×".join(map(str, check.input_shape))
    print(f"{check.name}: {check.description}")
    print(f"Source: {check.source}")
    print(f"Examples: {shape}, {check.element}, values {check.low:.4g} to {check.high:.4g} as they are trained on\n")
    titles = list(check.counts)
    rows = [
        {"class": name, **dict(zip(titles, counts, strict=True))}
        for name, *counts in zip(check.class_names, *check.counts.values(), strict=True)
    ]
    console.print_rows([*rows, {"class": "(all)", **check.sizes}], Format.TABLE, empty="")
    print(
        f"\nChance: guessing errs in {100 * check.chance_error:.3g} %; always saying {check.largest_class!r}, the "
        f"largest class ({100 * check.largest_share:.3g} % of the training examples), in "
        f"{100 * check.majority_error:.3g} % of the test examples."
    )
    print(_duplicate_line(check))
    _print_list("Left out or changed", check.notes)
    _print_list("Doubtful", check.warnings)


def _duplicate_line(check: DataCheck) -> str:
    found = check.duplicates
    words = [f"{count:,} within {title}" for title, count in found.within.items() if count]
    words += [f"{count:,} of {other} in {one} too" for (one, other), count in found.across.items() if count]
    pair = found.first_across or found.first_within
    first = "" if pair is None else f" (e.g. {pair.words(check.class_names)}; counted from 0)"
    return f"Equal examples, byte by byte: {', '.join(words) or 'none'}{first}."


def _print_list(title: str, sentences: tuple[str, ...]) -> None:
    print(f"{title}:" if sentences else f"{title}: nothing.")
    for sentence in sentences:
        print(f"  - {console.sentence(sentence)}")


def _write_figure(loaded: Dataset, name: str, path: Path) -> Path:
    try:
        written: Path = importlib.import_module(FIGURE).write_data_figure(loaded, kind_of(name), path)
    except OSError as error:
        raise SettingsError(f"--figure: {path} cannot be written ({error.strerror}); choose another file.") from None
    return written
