"""`run`: search, or go on with a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from search.algorithms import DEFAULT
from search.budget import Budget
from search.cli import console
from search.cli.bounds import Amounts, board_fills, no_amounts, none_or_preset, with_bounds, with_preset
from search.cli.exits import BAD_INPUT, FAILED, INTERRUPTED, heed_termination
from search.cli.options import Board, DataDir, JsonFlag, Runtime, Space, TrainSize, ValidationSize, takes, text
from search.errors import RunError, SettingsError
from search.executors import DEFAULT as DEFAULT_EXECUTOR
from search.presets import Preset, adjusted
from search.presets import preset as find_preset
from search.recipe import Recipe
from search.runs.events import RunState
from search.runs.run import Run
from search.settings import DEFAULT_EPOCHS, DEFAULT_FINAL_SHARE, DEFAULT_TRIALS, RunSettings


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What `run` is asked for; see its `--help`."""

    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Folder of the run; a run in it is continued, under another budget if one is given."
        ),
    ]
    dataset: Annotated[
        str | None, text("--dataset", "Data set: see `python -m search datasets`.", "the preset's; else required")
    ] = None
    preset: Annotated[
        str | None, text("--preset", "Ready-made settings: see `python -m search presets`. Other options override it.")
    ] = None
    board: Board = None
    amounts: Amounts = field(default_factory=no_amounts)
    error: Annotated[
        str | None, text("--error", "Target for the validation error, e.g. 0.05.", "the preset's, or none")
    ] = None
    bounds: Annotated[str | None, text("--bounds", "hard: over budget is never trained; soft: it is.", "hard")] = None
    accounting: Annotated[
        str | None, text("--accounting", "tflm: what fits the board; unas: as published.", "the preset's, or tflm")
    ] = None
    runtime: Runtime = None
    space: Space = "cnn"
    algorithm: Annotated[str, typer.Option(help="Name, or package.module:Class.")] = DEFAULT
    start_from: Annotated[
        str | None,
        typer.Option(
            metavar="RUN", help="Begin with the front of the run in this folder, trained anew.", show_default="none"
        ),
    ] = None
    train_size: TrainSize = None
    validation_size: ValidationSize = None
    data_dir: DataDir = None
    epochs: Annotated[
        int | None, text("--epochs", "Epochs of every training.", f"the preset's, or {DEFAULT_EPOCHS}")
    ] = None
    augmentation: Annotated[
        str | None, text("--augmentation", "on: changed images, as presets have it; none.", "the preset's, or none")
    ] = None
    pruning: Annotated[
        str | None, text("--pruning", "While training: structured, unstructured or none.", "the preset's, or none")
    ] = None
    teacher: Annotated[
        str | None, text("--teacher", "Distil from: cnn (trained first), a Keras model file, or none.")
    ] = None
    workers: Annotated[int | None, text("--workers", "Processes.", "as many as the machine allows")] = None
    executor: Annotated[
        str, typer.Option(help="What trainings run on: local (this machine), or package.module:Class.")
    ] = DEFAULT_EXECUTOR
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0
    trials: Annotated[int | None, text("--trials", "End after so many.", f"{DEFAULT_TRIALS} without another limit")] = (
        None
    )
    minutes: Annotated[str | None, text("--minutes", "End after so many, e.g. 1.5, or 90s.")] = None
    cpu_seconds: Annotated[
        str | None, text("--cpu-seconds", "End after so many, all processes, e.g. 600, or 10min.")
    ] = None
    final_share: Annotated[
        float,
        typer.Option(help="Last part of a limit of time, for training the best networks to their end."),
    ] = DEFAULT_FINAL_SHARE
    options: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Option of the algorithm.", show_default="none"),
    ] = None
    allow_changed_data: Annotated[
        bool,
        typer.Option(
            "--allow-changed-data",
            help="Continue though the data are others than before, and note it.",
            show_default="off",
        ),
    ] = False
    as_json: JsonFlag = False

    def settings(self) -> RunSettings:
        """What is searched for, and how.

        Raises:
            SettingsError, BudgetError: an option that cannot be read, or none that names the data.
        """
        base = None if self.preset is None else find_preset(self.preset)
        if self.dataset is None and base is None:
            raise SettingsError("Name a data set with --dataset, or ready-made settings with --preset.")
        same = ("board", "runtime", "space", "algorithm", "data_dir", "train_size", "validation_size")
        limits = ("workers", "executor", "seed", "start_from", "trials")
        return RunSettings(
            dataset=self._or_preset("dataset", base),
            accounting=console.accounting(self._or_preset("accounting", base, "tflm")),
            options=console.algorithm_options(self.options or []),
            budget=self._budget(base),
            board_fills=board_fills(self.amounts, defaults=base is None),
            recipe=self._recipe(base),
            epochs=self._or_preset("epochs", base, DEFAULT_EPOCHS),
            minutes=console.minutes(self.minutes),
            cpu_seconds=console.duration(self.cpu_seconds, "--cpu-seconds", unit="s"),
            final_share=self.final_share,
            **{name: getattr(self, name) for name in (*same, *limits)},
        )

    @property
    def given_bounds(self) -> dict[str, str | None]:
        """The bounds as they were typed; None for one that was not."""
        return {**self.amounts, "error": self.error, "bounds": self.bounds}

    def _budget(self, base: Preset | None) -> Budget:
        return Budget.parse(
            **with_preset(self.amounts, base), error=self._or_preset("error", base), bounds=self.bounds or "hard"
        )

    def _recipe(self, base: Preset | None) -> Recipe:
        recipe = Recipe() if base is None else base.recipe(self.epochs)
        return adjusted(
            recipe,
            dataset=self._or_preset("dataset", base),
            augmentation=self.augmentation,
            pruning=self.pruning,
            teacher=self.teacher,
        )

    def _or_preset(self, name: str, base: Preset | None, default: Any = None) -> Any:
        """What was given, else the preset's value of that name, else the default."""
        given = getattr(self, name)
        if given is not None:
            return given
        return default if base is None else getattr(base, name)


@with_bounds(none_or_preset)
@takes(RunOptions)
def run(options: RunOptions) -> None:
    """Search, or continue the search in DIR."""
    search = open_or_create(options.settings(), options.out, options.given_bounds)
    raise typer.Exit(conduct(search, as_json=options.as_json, allow_changed_data=options.allow_changed_data))


def open_or_create(settings: RunSettings, folder: Path, bounds: Mapping[str, str | None]) -> Run:
    """A new run, or the one in `folder` with the limits of `settings` and with those bounds that were given."""
    existing = Run.open(folder) if Run.exists(folder) else None
    source_is_gone = settings.start_from is not None and not Run.exists(settings.start_from)
    if existing is None or (existing.untouched and not source_is_gone):
        fresh = Run.create(settings, folder)
        console.tell_begun(fresh.settings.budget)
        return fresh
    before = existing.settings.budget
    existing.extend(replace(settings, budget=before))
    existing.change_budget(before.changed(**bounds))
    console.tell_budget(before, existing.settings.budget)
    return existing


def conduct(search: Run, *, as_json: bool, allow_changed_data: bool = False) -> int:
    """Run to the end or to an interruption; returns the exit status."""
    heed_termination()
    search.subscribe(console.watcher(search))
    try:
        search.start(own_cpu_offset=0.0, allow_changed_data=allow_changed_data)
        while search.wait(timeout=0.5).active:  # in short pieces, so that Ctrl-C is heard on every system
            console.tell_phase(search)
    except RunError:
        pass  # told below, with what was found before
    except KeyboardInterrupt:
        search.stop()
        search.wait()
    console.print_run(search, as_json=as_json)
    return status_of(search)


def status_of(search: Run) -> int:
    """The exit status of a search that is over; one that failed before it trained anything was asked for in vain."""
    progress = search.progress()
    if search.state == RunState.STOPPED:
        return INTERRUPTED
    if search.state == RunState.FAILED:
        return FAILED if progress.failed or progress.trained else BAD_INPUT
    return FAILED if progress.failed and not progress.trained else 0
