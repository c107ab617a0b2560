"""`front`, `trials`, `export`, `finalise`: what came of a search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search.cli import console
from search.cli.console import Format
from search.cli.options import CsvFlag, Folder, JsonFlag, text
from search.deploy.project.forms import FORMS
from search.recipes.catalogue import RECIPES, named_recipe
from search.recipes.named import AS_SEARCHED
from search.runs.finalise import DEFAULT_SEEDS
from search.runs.run import Run

_WAYS = "; ".join(f"{recipe.name}: {recipe.says}" for recipe in RECIPES) + "."
_KEPT = "Whose weights: as searched, or what `finalise` with this recipe kept."
BARE = "tflite"
_FORMS = f"{BARE}: the file alone; or its C, verified, as {', '.join(FORMS)}."
Trust = Annotated[bool, typer.Option("--trust", help="Import code of its own that the run names.", show_default="no")]


def front(folder: Folder, as_json: JsonFlag = False, as_csv: CsvFlag = False) -> None:
    """Print the front of the run in DIR."""
    form = Format.of(as_json, as_csv)
    rows = [o.metrics() for o in Run.open(folder).front()]
    console.print_rows(rows, form, empty="No trial is trained yet.")


def trials(folder: Folder, as_json: JsonFlag = False, as_csv: CsvFlag = False) -> None:
    """Print all trained and failed networks of the run in DIR."""
    form = Format.of(as_json, as_csv)
    rows = [{**o.metrics(), "status": o.status} for o in Run.open(folder).networks()]
    console.print_rows(rows, form, empty="No trial is over yet.")


def export(
    folder: Folder,
    trial: Annotated[int, typer.Argument(metavar="TRIAL", help="Number of a trained trial.")],
    to: Annotated[Path, typer.Option(metavar="OUT", help="Folder to write model.tflite in.")] = Path("export"),
    recipe: Annotated[str, text("--recipe", _KEPT, AS_SEARCHED)] = AS_SEARCHED,
    form: Annotated[str, text("--as", _FORMS, BARE)] = BARE,
    trust: Trust = False,
    as_json: JsonFlag = False,
) -> None:
    """Write a trained trial as OUT/model.tflite, int8, and measure it; with --as a folder to use at once."""
    run = Run.open(folder, trust=trust)
    if form == BARE:
        result = run.export(trial, to / "model.tflite", recipe=recipe).result()
        console.print_export(result, as_json=as_json)
    else:
        exported = run.export_project(trial, to, form=form, recipe=recipe, tell=console.tell_step)
        console.print_project(exported, as_json=as_json)


def finalise(
    folder: Folder,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each network.")] = DEFAULT_SEEDS,
    recipe: Annotated[str, text("--recipe", _WAYS, AS_SEARCHED)] = AS_SEARCHED,
    trust: Trust = False,
    as_json: JsonFlag = False,
) -> None:
    """Train the front of DIR again with several seeds, as int8 too, and measure it on the test split."""
    form, run, named = Format.of(as_json), Run.open(folder, trust=trust), named_recipe(recipe)
    console.tell_forecast(run.finalise_forecast(seeds=seeds, recipe=named.name))
    finals = run.finalise(seeds=seeds, recipe=named.name, tell=console.tell_finals)
    rows = [final.metrics() for final in finals]
    console.print_rows(rows, form, empty="No trial is trained yet.")
    if named.keeps and finals:
        console.tell_kept(folder, finals[0].trial_id, named)
