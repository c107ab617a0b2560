"""Names that people import: those of the version before are still there, and those that pages use exist."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search.algorithms import algorithms

NAMES = {
    "data": """
        DataError Dataset DatasetInfo DatasetSizeError DatasetUnavailableError Split UnknownDatasetError
        datasets describe load recorded_run recorded_runs stratified_split
    """,
    "resource_models": """
        ACCOUNTINGS BYTES_PER_ELEMENT Accounting Add ArenaPlan AveragePool2D Binary Board BoardError Buffer
        Concatenate Conv2D Costs Dense DepthwiseConv2D Estimate Flatten Graph GraphBuilder GraphError
        LayerCost Lstm MaxPool2D MemoryTimeline Missing ModelFileError Operator OperatorSpec Pad PadAxes
        Reduce Reshape Resize ResourceModelError ResourceReport Runtime Schedule Slice Softmax Split Step Svdf
        TensorSpec TimelineStep TimelineTensor Transpose TransposeConv2D Unary UnitError UnknownOperatorError
        as_converted board boards costs format_bytes format_count format_hertz format_joules format_seconds
        format_watts is_board_file macs macs_by_operator memory_timeline minimum_peak_schedule model_bytes
        parameters parse_bytes parse_count parse_hertz parse_joules parse_seconds plan_arena profile
        read_tflite runtime runtime_code_bytes runtimes schedule_in_order to_dot to_svg weight_bytes
    """,
    "search": """
        RESOURCES Architecture Budget BudgetError ExportResult JournalError Observation Progress Recipe
        Resource Run RunError RunEvent RunSettings RunState SearchAlgorithm SearchError SearchSpace
        SettingsError Trainer TrainingError TrainingResult Trial Violation default_workers front hypervolume
    """,
    "unas_widgets": """
        ArenaMap BoardForm BoardsMatrix BudgetPanel Comparison LatencyByLayer LearningCurve Lineage LogPanel
        MemoryTimeline NetworkEditor NetworkView Notify ParallelPlot ParetoPlot PeakMorphs ProgressPlot
        ReplayControl RunControl ShadowPrices TrialTable WidgetError Workbench report
    """,
}
"""What could be imported from each package in version 0.1.0.dev0; a name that leaves this list breaks somebody."""

PAGES = ("README.md", "EXTENDING.md", "CONTRIBUTING.md")
OURS = ("data", "resource_models", "search", "unas_widgets")


@pytest.mark.parametrize("package", OURS)
def test_the_names_of_the_version_before_are_still_there(package: str) -> None:
    module = importlib.import_module(package)
    assert [name for name in NAMES[package].split() if not hasattr(module, name)] == []
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_what_type_checkers_read_is_what_is_loaded(project_root: Path) -> None:
    tree = ast.parse((project_root / "search" / "__init__.py").read_text(encoding="utf-8"))
    checked = {
        (node.module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    } - {("typing", "TYPE_CHECKING"), ("typing", "Any")}
    assert checked == {(module, name) for module, names in search._HOMES.items() for name in names}
    assert {name for _, name in checked} == set(search.__all__)


def test_a_name_that_is_not_there_is_an_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'search' has no attribute 'Rum'"):
        search.Rum  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Rum' from 'search'"):
        exec("from search import Rum")  # noqa: S102


def test_modules_are_reached_through_their_package() -> None:
    code = "import search; print('Budget' in dir(search), search.budget.Budget is search.Budget)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_shipped_algorithms_are_found_by_their_dotted_paths() -> None:
    """Journals and commands name them so."""
    for path in (
        "search.algorithms.random:RandomSearch",
        "search.algorithms.aging_evolution:AgingEvolution",
        "search.algorithms.bayesian:Bayesian",
        "search.algorithms.local_bayesian:LocalBayesian",
        "search.algorithms.pareto_halving:ParetoHalving",
        "search.algorithms.successive_halving:SuccessiveHalving",
    ):
        module, _, name = path.partition(":")
        assert callable(getattr(importlib.import_module(module), name)), path
    assert {"random", "aging_evolution", "bayesian", "local_bayesian"} <= {info.name for info in algorithms()}


def imported(code: str) -> Iterator[tuple[str, str | None]]:
    """Yield (module, name or None) for every import of our packages."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names if alias.name.split(".")[0] in OURS)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS:
            yield from ((node.module, alias.name) for alias in node.names)


def code_of(path: Path) -> list[str]:
    """The Python on a page or in the cells of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    cells = json.loads(text)["cells"]
    lines = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return ["\n".join(line for line in cell.splitlines() if not line.lstrip().startswith(("%", "!"))) for cell in lines]


def test_what_pages_and_notebooks_import_exists(project_root: Path) -> None:
    pages = [project_root / name for name in PAGES if (project_root / name).exists()]
    found = 0
    for path in [*pages, *sorted((project_root / "notebooks").glob("*.ipynb"))]:
        for code in code_of(path):
            for module, name in imported(code):
                found += 1
                loaded = importlib.import_module(module)
                assert name is None or hasattr(loaded, name) or importlib.util.find_spec(f"{module}.{name}"), (
                    f"{path.name}: {name} of {module}"
                )
    assert found > 20
