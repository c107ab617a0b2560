"""How the lessons are written; that they run is what `make notebooks` checks."""

import ast
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

LESSONS = (
    "01_what_fits_a_microcontroller",
    "02_memory_over_time",
    "03_latency_and_energy",
    "04_search_space_and_morphisms",
    "05_random_search_and_pareto_fronts",
    "06_aging_evolution",
    "07_bayesian_optimisation",
    "08_early_stopping_and_fidelity",
    "09_pruning_distillation_int8",
    "11_bring_your_own_data",
)
ABOUT_TRAINING = ("09_pruning_distillation_int8",)
IN_TABLES = (
    "04_search_space_and_morphisms",
    "05_random_search_and_pareto_fronts",
    "06_aging_evolution",
    "07_bayesian_optimisation",
    "08_early_stopping_and_fidelity",
)
SLOW = (*ABOUT_TRAINING, *IN_TABLES, "11_bring_your_own_data")


@pytest.fixture(params=LESSONS)
def path(request: pytest.FixtureRequest, project_root: Path) -> Path:
    return project_root / "notebooks" / f"{request.param}.ipynb"


@pytest.fixture
def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in found]


@pytest.fixture
def code(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def tagged(cells: list[Any], tag: str) -> list[Any]:
    return [cell for cell in cells if tag in cell["metadata"].get("tags", ())]


def lines(cell: dict[str, Any]) -> list[str]:
    return [line for line in cell["source"].splitlines() if line.strip()]


def test_it_is_small_and_without_outputs(path: Path, code: list[dict[str, Any]]):
    assert path.stat().st_size < 50_000
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_it_has_one_title_and_begins_with_it(cells: list[dict[str, Any]]):
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    assert cells[0]["source"].startswith("# ")
    assert len(re.findall(r"^# ", text, flags=re.MULTILINE)) == 1
    assert "## What to take away" in text


def test_cells_are_short(code: list[dict[str, Any]]):
    lengths = sorted(len(lines(cell)) for cell in code)
    assert lengths[len(lengths) // 2] <= 2
    assert lengths[-1] <= 6
    assert max(len(line) for cell in code for line in lines(cell)) <= 100


def test_cells_define_no_helpers(code: list[dict[str, Any]]):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in code:
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell["source"]))), cell["source"]


def test_no_more_than_two_code_cells_in_a_row_lack_words(cells: list[dict[str, Any]]):
    plain = "".join("." if cell["metadata"].get("tags") else cell["cell_type"][0] for cell in cells)
    assert "cccc" not in plain


def test_a_picture_comes_early(code: list[dict[str, Any]]):
    early = code[:5] if any("_figure(" in cell["source"] for cell in code) else code[:8]
    assert any(re.search(r"_figure\(|px\.", cell["source"]) for cell in early)


def test_every_exercise_has_an_answer_a_check_and_a_folded_solution(cells: list[dict[str, Any]]):
    exercises = sum("### Exercise" in cell["source"] for cell in cells)
    order = [tag for cell in cells for tag in cell["metadata"].get("tags", ())]
    assert exercises >= 3
    assert order == ["answer", "check", "solution"] * exercises
    assert all(cell["metadata"]["jupyter"]["source_hidden"] for cell in tagged(cells, "solution"))


def test_it_names_no_framework_and_no_folder_outside(path: Path):
    text = path.read_text(encoding="utf-8")
    assert "../" not in text
    assert bool(re.search(r"import (tensorflow|keras)|search\.training", text)) == (path.stem in ABOUT_TRAINING)


@pytest.mark.parametrize("path", IN_TABLES, indirect=True)
def test_it_searches_in_a_table_unless_told_to_train(code: list[dict[str, Any]]):
    source = "\n".join(cell["source"] for cell in code)
    assert re.findall(r"^LIVE = \w+", source, flags=re.MULTILINE) == ["LIVE = False"]
    assert 'table("digits")' in source
    assert "rules = LiveRules(" in source


def test_links_between_lessons_lead_somewhere(path: Path, cells: list[dict[str, Any]]):
    linked = {link for cell in cells for link in re.findall(r"\]\(([\w./]+\.ipynb)\)", cell["source"])}
    assert linked
    assert all((path.parent / link).is_file() for link in linked)


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in LESSONS],
    indirect=True,
)
def test_checks_refuse_the_open_exercise_and_accept_the_solution(path: Path):
    """Each check runs twice: on the cell as it stands, and with the solution in place of the answer."""
    notebook = nbformat.read(path, as_version=4)
    doubled = []
    for cell in notebook.cells:
        doubled.append(cell)
        if tagged([cell], "solution"):
            doubled.append(deepcopy(tagged(doubled, "check")[-1]))
    notebook.cells = doubled
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent.parent)}}
    ).execute()
    said = [cell.outputs[0]["text"][0] for cell in tagged(notebook.cells, "check")]
    assert said == ["…", "✓"] * (len(said) // 2)
