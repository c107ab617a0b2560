"""What is written of our own code in CONTRIBUTING.md, measured: docstrings, lengths, files in a folder."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("resource_models", "data", "search", "unas_widgets")
MOST_FILES = 16
MEDIAN_LINES, LINES_OF_NINE_IN_TEN, MOST_LINES = 8, 25, 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def undescribed(body: list[ast.stmt], place: str) -> Iterator[str]:
    """Yield every public class, function and method without a docstring, those inside public classes included."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{place}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undescribed(node.body, f"{place}{node.name}.")


def lengths(tree: ast.AST) -> dict[str, int]:
    """Lines of every function, by name and first line."""
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    return {f"{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1 for node in functions}


@pytest.fixture(scope="module")
def trees(project_root: Path) -> dict[str, ast.Module]:
    files = [file for package in OURS for file in sorted((project_root / package).rglob("*.py"))]
    return {file.relative_to(project_root).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def test_everything_public_has_a_docstring(trees: dict[str, ast.Module]) -> None:
    missing = [name for path, tree in trees.items() for name in undescribed(tree.body, f"{path}:")]
    assert missing == []
    assert [path for path, tree in trees.items() if not ast.get_docstring(tree)] == []


def test_functions_are_short(trees: dict[str, ast.Module]) -> None:
    found = {f"{path}:{name}": lines for path, tree in trees.items() for name, lines in lengths(tree).items()}
    ordered = sorted(found.values())
    assert statistics.median(ordered) <= MEDIAN_LINES
    assert ordered[int(0.9 * len(ordered))] <= LINES_OF_NINE_IN_TEN
    assert {name: lines for name, lines in found.items() if lines > MOST_LINES} == {}


def test_no_folder_is_a_heap(project_files: list[Path]) -> None:
    counts: dict[str, int] = {}
    for path in project_files:
        if path.parts[0] in OURS:
            counts[path.parent.as_posix()] = counts.get(path.parent.as_posix(), 0) + 1
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_the_measures_see_what_they_are_to_see() -> None:
    source = '''class A:
    """Is described."""
    def b(self): ...
    def _c(self): ...
    class D:
        def e(self):
            """Is described."""
def f():
    return (
        1
    )
class _G:
    def h(self): ...
'''
    assert list(undescribed(ast.parse(source).body, "")) == ["A.b", "A.D", "f"]
    assert lengths(ast.parse(source)) == {"f:8": 4, "b:3": 1, "_c:4": 1, "h:13": 1, "e:6": 2}
