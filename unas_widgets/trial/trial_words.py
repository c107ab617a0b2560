"""Sentences about one trial: what it is, why it was not trained, what came of its export."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from search.budget import Budget
from search.journal.records import LITERT
from search.recipes.named import AS_SEARCHED
from search.runs.export_result import ExportResult
from search.trial import Observation
from unas_widgets.front.front_view import Standing
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.quantity import bytes_quantity, percent


def announcement(observation: Observation, standing: Standing) -> str:
    """One trial for a screen reader: "trial 35: error 2.1 %, RAM 6.2 KiB, flash 9.1 KiB, on the front"."""
    place = "on the front" if standing is Standing.FRONT else str(standing)
    error = "" if observation.val_error is None else f"error {percent(observation.val_error)}, "
    ram, flash = bytes_quantity(observation.costs.ram_bytes).text, bytes_quantity(observation.costs.model_bytes).text
    return f"trial {observation.trial_id}: {error}RAM {ram}, flash {flash}, {place}"


def best_words(networks: Columns | Iterable[Observation], budget: Budget) -> str:
    """The trial of lowest error within `budget`: "trial 34, error 2.2 %"; empty where there is none."""
    best = Columns.of(networks).best(budget)
    if best is None or best.val_error is None:
        return ""
    return f"trial {best.trial_id}, error {percent(best.val_error)}"


def refusal(observation: Observation, budget: Budget) -> str:
    """Why an infeasible proposal was not trained."""
    over = "; ".join(str(violation) for violation in budget.violations(observation.costs))
    return f"This proposal was never trained: {over or 'it was over a budget of its search'}."


def export_folder(trial_id: int, recipe: str) -> str:
    """The folder of an exported network; weights of another recipe than the search's have one of their own."""
    return f"trial-{trial_id}" + ("" if recipe == AS_SEARCHED else f"-{recipe.replace(' ', '-')}")


def export_sentence(trial_id: int, result: ExportResult, base: Path, *, recipe: str = AS_SEARCHED) -> str:
    """Where the file is, how large, and how good in int8 and in float; whose weights, where not the search's."""
    int8, size = result.int8_val_error, result.validation_size
    weights = "" if recipe == AS_SEARCHED else f", with the weights of the recipe {recipe},"
    return (
        f"Trial {trial_id}{weights} written to {short_path(result.path, base)} ({result.model_bytes:,} bytes). "
        f"int8 validation accuracy {percent(1 - int8)} (error {percent(int8)}{_by_litert(result)}; float error "
        f"{percent(result.float_val_error)}) on {size:,} validation examples."
    )


def _by_litert(result: ExportResult) -> str:
    """In which arithmetic the error was measured, and LiteRT's beside the board's."""
    if result.arithmetic == LITERT or result.litert_val_error is None:
        return " by LiteRT"
    return f" in the board's arithmetic, {percent(result.litert_val_error)} by LiteRT"


def short_path(path: Path, base: Path) -> str:
    """`path` relative to `base` where it lies inside."""
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
