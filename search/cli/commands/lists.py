"""`algorithms`, `datasets`, `spaces`, `presets`: what can be chosen."""

from __future__ import annotations

from data.catalogue import OWN_DATA
from search.cli import catalogue, console
from search.cli.console import Format
from search.cli.options import JsonFlag


def algorithms(as_json: JsonFlag = False) -> None:
    """List the search algorithms."""
    console.print_rows(catalogue.algorithm_rows(), Format.of(as_json), empty="There is none.")


def datasets(as_json: JsonFlag = False) -> None:
    """List the data sets."""
    console.print_rows(catalogue.dataset_rows(), Format.of(as_json), empty="There is none.")
    if not as_json:
        print(f"Your own: {', '.join(f'{kind}:PATH' for kind in OWN_DATA)}.")


def spaces(as_json: JsonFlag = False) -> None:
    """List the search spaces."""
    console.print_rows(catalogue.space_rows(), Format.of(as_json), empty="There is none.")


def presets(as_json: JsonFlag = False) -> None:
    """List the ready-made configurations."""
    console.print_rows(catalogue.preset_rows(), Format.of(as_json), empty="There is no preset yet.")
