"""Everything that decides how a run goes: `RunSettings`, checked before anything starts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal

from resource_models import Board, check_modelled, latency_reason, runtime_code_bytes, runtime_on
from resource_models import board as find_board
from search.algorithms import DEFAULT, current_options
from search.budget import Budget
from search.errors import SettingsError
from search.executors import DEFAULT as DEFAULT_EXECUTOR
from search.quantities import DEFAULT_LATENCY_S, DEFAULTED, RESOURCES
from search.recipe import Recipe
from search.typed_json import read_typed

Accounting = Literal["tflm", "unas"]

DEFAULT_TRIALS = 100
DEFAULT_EPOCHS = 30
DEFAULT_SPACE = "cnn"
FROM_BOARD = tuple(r.key for r in RESOURCES if r.bound is not None and r.bound.from_board)
"""Bounds that a board fills in."""
DEFAULT_FINAL_SHARE = 0.4
NO_DEFAULTS = tuple(key for key in FROM_BOARD if key not in {r.key for r in DEFAULTED})
"""Those of them that are no defaults: all that a board filled in once, and what comparisons are held under."""
EARLIER: Mapping[str, Any] = MappingProxyType({"final_share": 0.0, "board_fills": NO_DEFAULTS})
"""What settings that say nothing of it had: earlier versions knew neither."""
STOP_CRITERIA = ("trials", "minutes", "cpu_seconds")
MAY_CHANGE = (*STOP_CRITERIA, "final_share", "workers", "executor", "data_dir")
"""Settings that a resumed run may change; the others decide its results."""

_SPELLING = {
    "train_size": "--train-size",
    "validation_size": "--validation-size",
    "cpu_seconds": "--cpu-seconds",
    "final_share": "--final-share",
    "start_from": "--start-from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """The settings of one run.

    Attributes:
        dataset: name of a data set.
        board: id of a board, or path of a board file; None searches for no board in particular.
        runtime: id of the inference runtime; None takes the board's own.
        accounting: "tflm" (what fits on the board) or "unas" (as published tables count).
        space: name of a search space, or `package.module:Class`.
        algorithm: name of an algorithm, or `package.module:Class`.
        options: the algorithm's own options; earlier names of them become the current ones.
        budget: what a network may cost.
        board_fills: bounds that the board fills in where the budget has none; those left out stay open. RAM and flash
            are what the board has; on the latency 1 s holds by default where it is known for the board and runtime.
        recipe: how candidates are trained.
        epochs: of every training.
        train_size, validation_size: examples to use; None means the data set's own sizes.
        data_dir: folder with local copies of data sets.
        workers: processes that train side by side; None means as many as the machine allows.
        executor: what they run on: "local" is this machine, or `package.module:Class`.
        seed: of everything random but the data set's split.
        start_from: folder of the run whose networks this one begins with, trained anew; it is read when the run is
            made, which writes them into its journal, and need not be there later.
        trials, minutes, cpu_seconds: the run ends with whichever comes first; without any, with 100 trials.
        final_share: of the minutes or CPU-seconds, the last part, in which the best networks are trained to their end
            instead of new ones (`search.runs.time_plan`); 0 for none.
    """

    dataset: str
    board: str | None = None
    runtime: str | None = None
    accounting: Accounting = "tflm"
    space: str = DEFAULT_SPACE
    algorithm: str = DEFAULT
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    budget: Budget = field(default_factory=Budget)
    board_fills: tuple[str, ...] = FROM_BOARD
    recipe: Recipe = field(default_factory=Recipe)
    epochs: int = DEFAULT_EPOCHS
    train_size: int | None = None
    validation_size: int | None = None
    data_dir: str | None = None
    workers: int | None = None
    executor: str = DEFAULT_EXECUTOR
    seed: int = 0
    start_from: str | None = None
    trials: int | None = None
    minutes: float | None = None
    cpu_seconds: float | None = None
    final_share: float = DEFAULT_FINAL_SHARE

    def __post_init__(self) -> None:
        for name in ("epochs", "train_size", "validation_size", "workers", *STOP_CRITERIA):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise SettingsError(f"{option(name)} must be above zero, not {value}.")
        object.__setattr__(self, "options", current_options(self.algorithm, self.options))
        if self.seed < 0:
            raise SettingsError(f"--seed must not be negative, not {self.seed}.")
        if not 0 <= self.final_share < 1:
            raise SettingsError(f"--final-share lies between 0 and 1, not {self.final_share}.")
        if self.accounting not in ("tflm", "unas"):
            raise SettingsError(f"--accounting is 'tflm' or 'unas', not {self.accounting!r}.")
        if all(getattr(self, name) is None for name in STOP_CRITERIA):
            object.__setattr__(self, "trials", DEFAULT_TRIALS)

    def with_board_budget(self, board: Board | None = None) -> RunSettings:
        """These settings with what the board fills in (`board_fills`) where the budget leaves it open.

        Flash is what the board has for a program, less the runtime's code. The latency has its bound by default where
        the bounds are hard, since soft ones keep nothing out. `board` is the one that is named here, where it was read
        already.

        Raises:
            BoardError: there is no such board or runtime.
            NotModelledError: it is not known what the runtime takes of the board; says what can be done.
        """
        if board is None and self.board is not None:
            board = find_board(self.board)
        check_modelled(runtime_on(board, self.runtime), self.accounting)
        if board is None:
            return self
        flash = board.usable_flash_bytes
        if flash is not None and "model_bytes" in self.board_fills and self.budget.model_bytes is None:
            flash = max(0, flash - runtime_code_bytes(runtime_on(board, self.runtime)))
        has = {"ram_bytes": board.usable_ram_bytes, "model_bytes": flash, "latency_s": self._default_latency_s(board)}
        return replace(self, budget=self.budget.filled(**{name: has[name] for name in self.board_fills}))

    def _default_latency_s(self, board: Board) -> float | None:
        kept_out = self.budget.bounds == "hard" and not latency_reason(board, self.runtime)
        return DEFAULT_LATENCY_S if kept_out else None

    def extended_by(self, other: RunSettings) -> RunSettings:
        """These settings with the stop criteria and the workers of `other`, which must be alike in all else.

        Raises:
            SettingsError: another setting differs; it is named.
        """
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if item.name not in MAY_CHANGE and _plain(mine) != _plain(theirs):
                raise SettingsError(
                    f"This run was begun with {option(item.name)} {_words(mine)}, not {_words(theirs)}; "
                    "use the same settings to continue it, or another folder for a new run."
                )
        return replace(self, **{name: getattr(other, name) for name in MAY_CHANGE})

    @property
    def own_code(self) -> dict[str, str]:
        """What is, or may be, of the user's own, by what it is: `package.module:Class` or a name of this package."""
        return {"search space": self.space, "algorithm": self.algorithm, "executor": self.executor}

    def to_json(self) -> dict[str, Any]:
        """The settings as plain JSON values."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> RunSettings:
        """The settings that `to_json` wrote.

        Raises:
            SettingsError, BudgetError: a value is of another kind or out of its range, or a setting is not known here.
        """
        parts = {"budget": Budget.from_json, "recipe": Recipe.from_json}
        read = read_typed(cls, values, "the settings", SettingsError, readers=parts)
        lacking = [name for name in parts if name not in values]
        if lacking:
            raise SettingsError(f"The settings lack {lacking[0]!r}.")
        return replace(read, **{name: value for name, value in EARLIER.items() if name not in values})


def refuse_unreadable(settings: RunSettings) -> None:
    """Make sure that what is written of settings can be read again.

    Raises:
        SettingsError, BudgetError: a value is of another kind, out of its range, or none that can be written.
    """
    try:
        written = json.dumps(settings.to_json(), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"The settings cannot be written down: {error}.") from None
    RunSettings.from_json(json.loads(written))


def option(name: str) -> str:
    """A setting as the command line spells it."""
    return _SPELLING.get(name, f"--{name}")


def _plain(value: Any) -> Any:
    if isinstance(value, Budget | Recipe):
        return value.to_json()
    return dict(value) if isinstance(value, Mapping) else value


def _words(value: Any) -> str:
    if isinstance(value, Budget):
        return f"{value} ({value.bounds})"
    return "none" if value is None else str(_plain(value))
