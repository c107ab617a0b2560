"""`unas lab`: the workbench in JupyterLab."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.files.atomic import atomic_write
from search.cli.exits import BAD_INPUT, INTERRUPTED

NOTEBOOK = Path("workbench.ipynb")
OF_THE_PROJECT = Path("notebooks", "00_workbench.ipynb")
HELP = """Usage: {name} lab [OPTIONS OF JUPYTERLAB]

  Open the workbench in JupyterLab: notebooks/00_workbench.ipynb where this folder has it, else workbench.ipynb of this
  folder, which is made where it is missing; or the notebook that you name.

  Options are JupyterLab's, such as --no-browser or --port 8899; `jupyter lab --help-all` lists them."""
_WORDS = """# The μNAS workbench

Find neural networks that fit a microcontroller. Run the cell below, set the budgets for RAM, flash and latency, and \
press **Start**. Networks are trained in processes of their own, so the notebook stays free; every point on the front \
can be looked into and written as an int8 `.tflite` file. A latency of "1 s, default" keeps slower networks out until \
you move it or type `none`. Runs are kept in the folder `runs` beside this notebook."""
_CODE = """from unas_widgets import Workbench

Workbench()"""


def main(arguments: Sequence[str], *, name: str) -> int:
    """Open JupyterLab; returns its exit status, or 2 with one sentence on stderr where it cannot be opened.

    Args:
        arguments: "lab" and the options that JupyterLab is given.
        name: of the program, as its help shows it.
    """
    options = list(arguments[1:])
    if "--help" in options or "-h" in options:
        print(HELP.format(name=name))
        return 0
    if importlib.util.find_spec("jupyterlab") is None:
        return _refuse("JupyterLab is not installed here; `pip install jupyterlab` brings it.")
    if not any(option.endswith(".ipynb") for option in options):
        try:
            options.append(str(notebook_in(Path())))
        except OSError as error:
            return _refuse(f"This folder takes no notebook ({error.strerror}); go to another one, and try again.")
    return _open([*_as_root(), *options])


def notebook_in(folder: Path) -> Path:
    """The notebook to open in `folder`, which is made if it is missing.

    Raises:
        OSError: it cannot be written.
    """
    existing = [path for path in (OF_THE_PROJECT, Path(OF_THE_PROJECT.name), NOTEBOOK) if (folder / path).is_file()]
    if existing:
        return folder / existing[0]
    path = folder / NOTEBOOK
    atomic_write(path, json.dumps(fresh_notebook(), indent=1, ensure_ascii=False) + "\n")
    return path


def fresh_notebook() -> dict[str, Any]:
    """A notebook with the workbench's cell, as nbformat 4.5 has it."""
    return {
        "cells": [
            {"cell_type": "markdown", "id": "words", "metadata": {}, "source": _WORDS.splitlines(keepends=True)},
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "workbench",
                "metadata": {},
                "outputs": [],
                "source": _CODE.splitlines(keepends=True),
            },
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _as_root() -> list[str]:
    """JupyterLab refuses root otherwise."""
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _open(options: list[str]) -> int:
    command = [sys.executable, "-m", "jupyterlab", *options]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return INTERRUPTED


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT
