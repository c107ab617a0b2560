"""The house: which package may import which, and what may stand at the top of the project.

The table is that of CONTRIBUTING.md: data flows one way, and each heavy or optional package has one room.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

OURS = ("resource_models", "data", "search", "unas_widgets")

# What each package may import beside the standard library and itself. Longer names come first.
ALLOWED = {
    "resource_models": {"numpy", "msgspec"},
    "data": {"numpy", "pandas", "pooch", "PIL", "sklearn", "soundfile"},
    "search": {"resource_models", "data", "numpy", "pandas", "moocore", "psutil", "filelock", "msgspec", "typer"},
    "unas_widgets": {
        "resource_models", "data", "search",
        "numpy", "pandas", "ipywidgets", "anywidget", "traitlets", "IPython", "plotly", "itables",
    },
}  # fmt: skip

# What some files may import in addition.
ROOMS = {
    "resource_models/model_file/tflite*": {"tflite", "flatbuffers"},
    "search/training/*": {"tensorflow", "keras", "ai_edge_litert"},
    "search/training/keras_models/model_file.py": {"keras", "h5py"},
    "data/files/alone.py": {"filelock"},
    "search/deploy/proof/cortex_m/pip_only.py": {"unicorn"},
    "search/deploy/proof/tflm.py": {"tflite_micro"},
    "search/deploy/measure/port.py": {"serial"},
    "search/executors/*": {"loky"},
    "search/algorithms/bayesian*": {"dragonfly", "ot"},
    "search/algorithms/bayesian/dragonfly_compat.py": {"dragonfly", "ot"},
    "search/algorithms/optuna*": {"optuna"},
    "search/tournament/statistics.py": {"scipy"},
    "unas_widgets/data_check/pictures.py": {"PIL"},
    "unas_widgets/front/front_png.py": {"PIL"},
    "unas_widgets/widgets/html.py": {"markupsafe"},
    "unas_widgets/widgets/page_messages.py": {"msgspec"},
}

# Level 2: nothing imports it; what workers do there is named by its dotted path, in the command line too.
TRAINING = "search.training"

TOP_LEVEL = {
    "README.md", "environment.yml", "notebooks", "unas_widgets", "resource_models", "search", "data", "tests",
    "pyproject.toml", "requirements.lock", "uv.toml", "Makefile",
    "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "EXTENDING.md", "CITATION.cff",
}  # fmt: skip


def imported_modules(source: str, module: str, is_package: bool) -> Iterator[tuple[str, int]]:
    """Yield (absolute dotted name, line) for every import statement, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".") if is_package else module.split(".")[:-1]
                base = ".".join([*parts[: len(parts) - node.level + 1], *([base] if base else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def violations(path: str, source: str) -> list[str]:
    """Return what a file imports against the table; `path` is relative to the project, with slashes."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    package = module.split(".")[0]
    allowed = ALLOWED[package] | {package} | set(sys.stdlib_module_names)
    for pattern, extra in ROOMS.items():
        if fnmatchcase(path, pattern):
            allowed |= extra
    found = []
    for name, line in imported_modules(source, module, path.endswith("__init__.py")):
        if name.split(".")[0] not in allowed:
            found.append(f"{path}:{line} imports {name}")
        if f"{name}.".startswith(f"{TRAINING}.") and not path.startswith("search/training/"):
            found.append(f"{path}:{line} imports {name}, which is named by its dotted path")
    return found


@pytest.mark.parametrize("package", OURS)
def test_imports_follow_the_table(project_root: Path, package: str):
    files = sorted((project_root / package).rglob("*.py"))
    assert files, f"the package {package} has no module"
    found = []
    for file in files:
        found += violations(file.relative_to(project_root).as_posix(), file.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("resource_models/graph/graph.py", "import pandas"),
        ("resource_models/graph/graph.py", "import search"),
        ("resource_models/graph/graph.py", "import tflite"),
        ("data/published/digits.py", "from resource_models import Graph"),
        ("data/published/digits.py", "import tensorflow as tf"),
        ("search/runs/run.py", "import keras"),
        ("search/runs/run.py", "from ..training import trainer"),
        ("search/runs/run.py", "from .. import training"),
        ("search/cli/commands/run.py", "def run():\n    from search.training import trainer"),
        ("search/spaces/cnn.py", "from ..training.trainer import KerasTrainer"),
        ("search/algorithms/random.py", "def ask():\n    import dragonfly"),
        ("search/executors/processes.py", "import ray"),
        ("search/runs/run.py", "import loky"),
        ("search/tournament/frame.py", "import scipy"),
        ("search/tournament/statistics.py", "import optuna"),
        ("search/runs/run.py", "import unas_widgets"),
        ("unas_widgets/workbench.py", "from search.training import export"),
        ("unas_widgets/workbench.py", "if TYPE_CHECKING:\n    import keras"),
    ],
)
def test_the_walk_sees_what_is_forbidden(path: str, source: str):
    assert len(violations(path, source)) >= 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("resource_models/model_file/tflite_reader.py", "import tflite"),
        ("search/training/__init__.py", "from .trainer import train\nimport keras"),
        ("search/tournament/statistics.py", "def p():\n    from scipy import stats"),
        ("search/algorithms/optuna_reference.py", "import optuna"),
        ("search/algorithms/bayesian/bayesian.py", "from dragonfly.opt import gp_bandit"),
        ("search/spaces/cnn.py", "from .. import budget\nfrom ..pareto import front\nimport resource_models"),
        ("unas_widgets/workbench.py", "TRAINER = 'search.training.trainer:KerasTrainer'\nimport plotly"),
    ],
)
def test_the_walk_lets_pass_what_is_allowed(path: str, source: str):
    assert violations(path, source) == []


@pytest.mark.parametrize("package", OURS)
def test_importing_a_package_loads_nothing_heavy(package: str):
    heavy = ("tensorflow", "keras", "ray", "dragonfly", "optuna", "ai_edge_litert", "torch", "jax")
    code = f"import sys; from {package} import *; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_no_module_is_passed_over_by_git(project_root: Path):
    command = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "--", "*.py"]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("the project is not a git checkout here")
    assert [name for name in done.stdout.splitlines() if name.split("/")[0] in (*OURS, "tests")] == []


def test_the_top_level_holds_nothing_else(project_files: list[Path]):
    top = {path.parts[0] for path in project_files}
    assert {name for name in top - TOP_LEVEL if not name.startswith(".")} == set()
