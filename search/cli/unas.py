"""The console command `unas`: one name for the commands of `python -m search` and of `python -m resource_models`.

Nothing but the standard library is loaded before a command is known, so that its help is there at once.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from search.cli.exits import BAD_INPUT, leave

NAME = "unas"
SEARCH, MODELS, LAB = "search.cli.app", "search.cli.models", "search.cli.lab"


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    Attributes:
        name: as it is typed.
        module: whose `main` carries it out.
        says: what it does, in one line.
    """

    name: str
    module: str
    says: str


GROUPS: dict[str, tuple[Command, ...]] = {
    "The notebook": (Command("lab", LAB, "Open the workbench in JupyterLab."),),
    "The data": (
        Command("data", SEARCH, "Check a data set: classes, parts, duplicates, what is doubtful; with a figure."),
    ),
    "Searches": (
        Command("run", SEARCH, "Search, or continue the search in DIR."),
        Command("front", SEARCH, "Print the front of the run in DIR."),
        Command("trials", SEARCH, "Print all trained and failed networks of the run in DIR."),
        Command("export", SEARCH, "Write a trained trial as an int8 .tflite file, and measure it."),
        Command(
            "finalise", SEARCH, "Train the front again with several seeds, as int8 too; measure it on the test split."
        ),
        Command("measure", SEARCH, "Read an export's self-test from a board; put its times beside the estimates."),
        Command("sample", SEARCH, "Write random networks that are within a budget."),
    ),
    "What a model needs on a board": (
        Command("profile", MODELS, "RAM, flash, latency and energy of a .tflite file, or a Keras model, on a board."),
        Command("calibrate", MODELS, "Fit the latency of a board to networks that you measured."),
    ),
    "What there is": (
        Command("algorithms", SEARCH, "Search algorithms and their options."),
        Command("datasets", SEARCH, "Data sets."),
        Command("spaces", SEARCH, "Search spaces."),
        Command("presets", SEARCH, "Ready-made configurations."),
        Command("boards", MODELS, "Boards, or those that can run a model."),
        Command("runtimes", MODELS, "Inference runtimes and their versions."),
    ),
}


def help_page() -> str:
    """All commands, in groups."""
    lines = [f"Usage: {NAME} COMMAND [OPTIONS]", "", "Search for neural networks that fit a microcontroller."]
    for title, commands in GROUPS.items():
        lines += ["", f"{title}:", *(f"  {command.name:11} {command.says}" for command in commands)]
    return "\n".join([*lines, "", f"`{NAME} COMMAND --help` lists the options of a command with their defaults."])


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command in `arguments` (by default the process's own); returns the exit status.

    0 done, 1 every training failed, 2 bad input (one sentence on stderr), 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("--help", "-h", "help"):
        print(help_page(), file=sys.stdout if given else sys.stderr)
        return 0 if given else BAD_INPUT
    commands = {command.name: command for group in GROUPS.values() for command in group}
    if given[0] not in commands:
        print(_unknown(given[0], list(commands)), file=sys.stderr)
        return BAD_INPUT
    status: int = importlib.import_module(commands[given[0]].module).main(given, name=NAME)
    return status


def script() -> None:
    """What the installed `unas` calls."""
    leave(main)


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"`{NAME} --help` lists all."
    return f"There is no command {name!r}; {hint}"


if __name__ == "__main__":
    script()
