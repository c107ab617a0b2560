"""How the commands print: tables for people, one line of JSON for scripts, news of a running search."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from resource_models import ACCOUNTINGS, UnitError, format_bytes, parse_seconds
from search.budget import Budget
from search.deploy.project.make import Exported
from search.errors import SettingsError
from search.journal.records import LITERT
from search.quantities import ERROR, QUANTITIES
from search.recipes.forecast import Forecast
from search.recipes.named import NamedRecipe
from search.runs.events import RunEvent, RunState
from search.runs.export_result import ExportResult
from search.runs.run import Run
from search.settings import Accounting
from search.trial import Observation, epochs_text

Row = Mapping[str, Any]
_WIDTH = 79  # of a line of a terminal that is written over
TOLD = 3  # of the quantities, in the line that tells of a trained network

_SHOWN: dict[str, Callable[[Any], str]] = {
    **{quantity.key: quantity.show for quantity in QUANTITIES},
    **dict.fromkeys(
        (
            "error",
            "final_val_error",
            "test_error",
            "test_error_std",
            "int8_val_error",
            "int8_test_error",
            "litert_val_error",
            "litert_test_error",
        ),
        ERROR.show,
    ),
}


class Format(Enum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"

    @classmethod
    def of(cls, as_json: bool, as_csv: bool = False) -> Format:
        """The format that the flags ask for.

        Raises:
            SettingsError: both are set.
        """
        if as_json and as_csv:
            raise SettingsError("--json and --csv exclude each other.")
        return cls.JSON if as_json else cls.CSV if as_csv else cls.TABLE


def accounting(text: str) -> Accounting:
    """The accounting of that name.

    Raises:
        SettingsError: there is none.
    """
    for known in ACCOUNTINGS:
        if text == known:
            return known
    raise SettingsError(f"--accounting is {' or '.join(map(repr, ACCOUNTINGS))}, not {text!r}.")


def duration(text: str | None, option: str, *, unit: str) -> float | None:
    """Seconds of a time on the command line, "90 s" or "1,5"; None where there is none.

    Args:
        text: what was given.
        option: what it was given for.
        unit: of a number alone, e.g. "min".

    Raises:
        SettingsError: it is no time.
    """
    try:
        return None if text is None else parse_seconds(text, bare=unit)
    except UnitError as error:
        raise SettingsError(f"{option}: {error}") from None


def minutes(text: str | None) -> float | None:
    """Minutes of a time on the command line; see `duration`."""
    seconds = duration(text, "--minutes", unit="min")
    return None if seconds is None else seconds / 60


def algorithm_options(pairs: Sequence[str]) -> dict[str, Any]:
    """The options in texts such as "population=50"; values are JSON where they can be read so, else text.

    Raises:
        SettingsError: a text without "=".
    """
    options = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals):
            raise SettingsError(f"--set: {pair!r} is not of the form key=value.")
        try:
            options[key] = json.loads(value)
        except ValueError:
            options[key] = value
    return options


def print_rows(rows: Sequence[Row], form: Format, *, empty: str) -> None:
    """Print rows to stdout."""
    if form is Format.JSON:
        print(json.dumps(list(rows)))
    elif form is Format.CSV:
        names = list(rows[0]) if rows else []
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        print(_table(rows) if rows else empty)


def print_run(run: Run, *, as_json: bool) -> None:
    """Print what a search has found."""
    progress, found, prices = run.progress(), [o.metrics() for o in run.front()], run.shadow_prices()
    if run.error:
        complain(run.error)
    if as_json:
        summary = {
            "trials": progress.trained + progress.failed,
            "trained": progress.trained,
            "failed": progress.failed,
            "infeasible": progress.infeasible,
            "epochs": progress.epochs,
            "seconds": round(progress.elapsed_s, 3),
            "cpu_seconds": round(progress.cpu_seconds, 3),
            "front": found,
            "shadow_prices": [price.to_json() for price in prices],
        }
        print(json.dumps(summary))
        return
    trials = f"{progress.trained} trained, {progress.failed} failed, {progress.infeasible} infeasible"
    if progress.promotions:
        trials += f", {progress.promotions} promotions"
    print(
        f"{run.state}: {trials}; "
        f"{progress.elapsed_s:.0f} s, {progress.cpu_seconds:.0f} CPU-seconds; run folder {run.folder}"
    )
    print_rows(found, Format.TABLE, empty="The front is empty.")
    for price in prices if progress.trained else ():
        print(price.sentence)


def tell_begun(budget: Budget) -> None:
    """Say what a new search keeps to where a part of it was set by nobody, and how that is moved."""
    options = " and ".join(resource.option for resource in budget.defaults)
    if options:
        _news(f"budget: {budget}; {options} moves the default, none switches it off")


def tell_budget(before: Budget, now: Budget) -> None:
    """Say that a run goes on under another budget, if it does."""
    if now != before:
        old, new = (f"{b}, {b.bounds}" + (f", error {100 * b.error:.3g} %" if b.error else "") for b in (before, now))
        _news(f"budget changed from {old} to {new}; what was found before is kept")


def tell_forecast(found: Forecast) -> None:
    """Say how long `finalise` will take, and how that is known."""
    if found.trainings:
        _news(f"{found.words} {found.method}" if found.seconds is not None else found.words)


def tell_kept(folder: Path, trial_id: int, recipe: NamedRecipe) -> None:
    """Say how the weights that `finalise` kept are had as a file."""
    _news(f"weights kept; as a file: unas export {folder} {trial_id} --recipe {recipe.slug} --to DIR")


def tell_finals(done: int, total: int) -> None:
    """Say how far `finalise` is."""
    print(f"{done} of {total} trainings done", file=sys.stderr, flush=True)


def tell_step(words: str) -> None:
    """Say what is done next."""
    _news(f"{words} …")


def tell_phase(run: Run) -> None:
    """Say on a terminal how far the start of a search is, in one line that is written over."""
    if sys.stderr.isatty() and run.state == RunState.STARTING:
        sys.stderr.write(f"\r{run.progress().phase:<{_WIDTH}}")
        sys.stderr.flush()


def print_export(result: ExportResult, *, as_json: bool) -> None:
    """Print what was exported."""
    values = {
        "path": str(result.path),
        "model_bytes": result.model_bytes,
        "int8_val_error": result.int8_val_error,
        "litert_val_error": result.litert_val_error,
        "arithmetic": result.arithmetic,
        "float_val_error": result.float_val_error,
        "int8_drop": result.int8_drop,
        "validation_size": result.validation_size,
    }
    if as_json:
        print(json.dumps(values))
        return
    print(
        f"{result.path}: {format_bytes(result.model_bytes)}, int8 validation error "
        f"{100 * result.int8_val_error:.3g} %{_by_litert(result)} (float {100 * result.float_val_error:.3g} %, "
        f"{100 * result.int8_drop:+.2f} points) on {result.validation_size} examples"
    )


def _by_litert(result: ExportResult) -> str:
    """LiteRT's error beside the board's."""
    if result.arithmetic == LITERT or result.litert_val_error is None:
        return " by LiteRT"
    return f" on the board, {100 * result.litert_val_error:.3g} % by LiteRT"


def print_project(exported: Exported, *, as_json: bool) -> None:
    """Print what a folder holds, and what was verified."""
    values = exported.to_json()
    if as_json:
        print(json.dumps(values))
        return
    print(
        f"{exported.path}: {format_bytes(values['ram_bytes'])} RAM, {format_bytes(values['weight_bytes'])} weights, "
        f"validation error on the board {100 * values['int8_val_error']:.3g} %, "
        f"{100 * values['litert_val_error']:.3g} % by LiteRT (float {100 * values['float_val_error']:.3g} %) on "
        f"{values['validation_size']} examples"
    )
    for record in exported.contents.verified:
        print(f"  {record.words}")


def watcher(run: Run) -> Callable[[RunEvent], None]:
    """Something that tells a run's news on stderr, one line each."""

    def tell(event: RunEvent) -> None:
        if event.kind == "state" and event.payload != RunState.RUNNING:
            _news(str(event.payload))
        elif event.kind == "note":
            _news(event.payload)
        elif event.kind == "observation":
            _news(_observation_line(event.payload, run))

    return tell


def _observation_line(observation: Observation, run: Run) -> str:
    head = f"trial {run.observation(observation.trial_id).trial_id}"
    if observation.trial.promotes is not None:
        head = f"{head}, promoted to {epochs_text(observation.trial.epochs)} epochs"
    if observation.status == "failed":
        return f"{head}, failed: {observation.message}"
    shown = ", ".join(f"{q.word} {_show(q.key, q.of(observation))}" for q in QUANTITIES[:TOLD])
    progress = run.progress()
    return f"{head}: {shown} ({progress.trained} trained, {progress.infeasible} infeasible)"


BEGINNINGS = frozenset(
    {"a", "all", "an", "at", "class", "classes", "each", "every", "for", "in", "it", "its", "neither", "no", "none"}
    | {"nothing", "of", "one", "only", "some", "that", "the", "there", "these", "this", "those", "three", "to", "trial"}
    | {"two", "what", "while", "without", "you"}
)
"""Words that begin sentences and are no names; all else may be a file, a column or a data set, and stays as it is."""


def sentence(message: str) -> str:
    """A message as it stands alone: with a full stop, and with a capital unless it may begin with a name or a path."""
    message = message.strip()
    first = message.partition(" ")[0].rstrip(",:;.")
    message = message[:1].upper() + message[1:] if first in BEGINNINGS else message
    return message + ("" if message.endswith((".", "?")) else ".")


def complain(message: str) -> None:
    """Tell in one sentence on stderr why something could not be done."""
    _news(sentence(message))


def _news(line: str) -> None:
    print(f"\r{line:<{_WIDTH}}" if sys.stderr.isatty() else line, file=sys.stderr, flush=True)


def _show(key: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{k}={v}" for k, v in value.items()) or "–"
    if isinstance(value, list):
        return "×".join(map(str, value))
    return _SHOWN.get(key, str)(value)


def _table(rows: Sequence[Row]) -> str:
    names = list(rows[0])
    cells = [names, *[[_show(name, row[name]) for name in names] for row in rows]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells)
