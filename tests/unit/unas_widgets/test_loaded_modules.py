"""What a notebook waits for: the modules that are loaded before its first Workbench is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# What takes long to load, and is needed later or never: grammars of web addresses, notebooks, data sets, statistics,
# tables in notebooks.
LATER = ("rfc3987_syntax", "lark", "jsonschema", "nbformat.v4", "sklearn", "scipy", "itables", "pyarrow.parquet")


def answer(statements: str, folder: Path) -> object:
    """What a fresh interpreter prints last as JSON, in an empty folder."""
    done = subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("made", ["", "unas_widgets.Workbench()"])
def test_what_is_not_needed_is_not_loaded(made: str, tmp_path: Path):
    names = f"[name for name in {LATER!r} if name in sys.modules]"
    assert answer(f"import json, sys, unas_widgets\n{made}\nprint(json.dumps({names}))", tmp_path) == []


def test_plotly_is_loaded_by_whoever_draws(tmp_path: Path):
    asked = "import json, sys, unas_widgets\nprint(json.dumps('plotly.graph_objects' in sys.modules))"
    assert answer(asked, tmp_path) is False


def test_a_plain_figure_is_still_shown_and_notebooks_are_read(tmp_path: Path):
    shown = """
import json, unas_widgets.widgets.live_figure
import plotly.graph_objects as go, plotly.io
plotly.io.renderers.default = "plotly_mimetype"
plotly.io.templates.default = "none"
go.Figure(layout={"title": {"text": "seen"}}).show()
import nbformat.v4
print(json.dumps(nbformat.v4.new_notebook()["nbformat"]))
"""
    assert answer(shown, tmp_path) == 4
