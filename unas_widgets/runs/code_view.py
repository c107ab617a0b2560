"""Python lines that do again what was done by mouse."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from search import Budget, Recipe, RunSettings
from search.runs.protocols import Readable
from search.runs.replay import Replay
from unas_widgets.replay.replay_view import recorded_name


def run_code(settings: RunSettings) -> str:
    """The lines that make a run with these settings."""
    others = "" if settings.recipe == Recipe() else ", Recipe"
    return (
        f"from search import Budget{others}, Run, RunSettings\n\n"
        f"settings = RunSettings(\n{_settings(settings)})\n"
        'run = Run.create(settings, "runs/again")  # a new folder for each run\n'
        "run.start()\n"
        "run.wait()\n"
        "run.trials()"
    )


def plot_code(run: Readable, base: Path, budget: Budget, *, x: str, y: str) -> str:
    """The lines that draw the front of a run: what is within `budget`, over the axes `x` and `y`."""
    imports, opened = _opening(run, base)
    imports = [*imports, "from search import Budget", "from unas_widgets import ParetoPlot"]
    drawn = f"ParetoPlot(run, budget={budget_code(budget)}, x={_text(x)}, y={_text(y)})"
    return "\n".join([*_merged(imports), "", *opened, drawn])


def selection_code(run: Readable, base: Path, trial: int) -> str:
    """The lines that give one network, its costs and, where its weights are there, its file for the board."""
    lines = [
        f"run.observation({trial})  # its error and its costs",
        f"run.report({trial})  # what it needs, layer by layer",
        f"run.graph({trial})",
    ]
    if not isinstance(run, Replay):
        lines.append(f'run.export({trial}, "trial-{trial}.tflite").result()')
    imports, opened = _opening(run, base)
    return "\n".join([*_merged(imports), "", *opened, *lines])


def budget_code(budget: Budget) -> str:
    """E.g. "Budget(ram_bytes=16384)"."""
    return f"Budget({', '.join(f'{name}={_text(value)}' for name, value in _given(budget))})"


def _settings(settings: RunSettings) -> str:
    return "".join(f"    {name}={_setting(value)},\n" for name, value in _given(settings))


def _setting(value: Any) -> str:
    if isinstance(value, Budget):
        return budget_code(value)
    return f"Recipe.from_json({value.to_json()!r})" if isinstance(value, Recipe) else _text(value)


def _given(source: Any) -> list[tuple[str, Any]]:
    """The fields that are not as they would be without a word."""
    found = []
    for field in fields(source):
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if (value := getattr(source, field.name)) != default:
            found.append((field.name, value))
    return found


def _opening(run: Readable, base: Path) -> tuple[list[str], list[str]]:
    """The imports and the lines that open a run again."""
    folder = run.folder
    place = folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.as_posix()
    if not isinstance(run, Replay):
        return ["from search import Run"], [f"run = Run.open({_text(place)})"]
    name = recorded_name(folder)
    imports = ["from search import Replay"] + ([] if name is None else ["from data import recorded_run"])
    opened = _text(place) if name is None else f"recorded_run({_text(name)})"
    return imports, [f"run = Replay.open({opened})", f"run.seek({run.position})  # events that are known"]


def _merged(imports: list[str]) -> list[str]:
    """Imports in order, one line for each module."""
    names: dict[str, set[str]] = {}
    for line in imports:
        module, name = line.removeprefix("from ").split(" import ")
        names.setdefault(module, set()).add(name)
    return [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]


def _text(value: Any) -> str:
    """A value as Python has it, texts in double quotes."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(dict(value)) if hasattr(value, "items") else repr(value)
