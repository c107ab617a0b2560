"""The examples of EXTENDING.md do what they say, as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "EXTENDING.md"
SAYS = {
    "A board": r"latency|Estimate\(value=0\.0",
    "A data set": r"^\(16, 16, 1\) 2 1[0-9][0-9] ",
    "A search algorithm": r"^$",
    "A search space": r"^$",
    "A runtime": r"\d+ .*code size of TFLM with kernels of my own is not modelled",
    "An executor": r"^$",
    "A named recipe": r"^Plan\(recipe=Recipe\(.*patience=None.*, epochs=60\)$",
    "A quantity": r"^0\.002 2 mJ start_energy$",
}
"""What the example of each section prints."""


def examples() -> dict[str, str]:
    """The Python under each heading."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {section.partition("\n")[0]: re.findall(r"```python\n(.*?)```", section, re.DOTALL) for section in sections}
    assert all(len(blocks) == 1 for blocks in found.values()), "each section has one example"
    return {title: blocks[0] for title, blocks in found.items()}


def run(folder: Path, module: str, code: str, project_root: Path) -> subprocess.CompletedProcess[str]:
    """The code as a module that a person would have in the current folder."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(project_root)])}
    return subprocess.run(
        [sys.executable, f"{module}.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_every_section_has_its_example() -> None:
    assert list(examples()) == list(SAYS)


@pytest.mark.parametrize("title", SAYS)
def test_an_example_does_what_it_says(title: str, tmp_path: Path, project_root: Path) -> None:
    done = run(tmp_path, "my_module", examples()[title], project_root)
    assert done.returncode == 0, done.stderr
    assert re.search(SAYS[title], done.stdout.strip(), re.MULTILINE), done.stdout
    if title == "An executor":
        assert len((tmp_path / "tasks.txt").read_text().splitlines()) > 5


@pytest.mark.parametrize(
    ("title", "option"),
    [
        ("A search space", ("--space", "my_module:OneLayer")),
        ("A board", ("--board", "my_board.toml")),
    ],
)
def test_commands_take_what_was_plugged_in(
    title: str, option: tuple[str, str], tmp_path: Path, project_root: Path
) -> None:
    code = examples()[title]
    assert run(tmp_path, "my_module", code, project_root).returncode == 0
    command = [
        sys.executable,
        "-m",
        "search",
        "sample",
        "--dataset",
        "digits",
        *option,
        "--count",
        "2",
        "--to",
        "drawn",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(project_root)])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "drawn").glob("*.json"))) == 2


@pytest.mark.long
@pytest.mark.tf
def test_a_search_with_an_algorithm_a_space_and_an_executor_of_ones_own(tmp_path: Path, project_root: Path) -> None:
    for title, module in (("A search algorithm", "climb"), ("A search space", "layers"), ("An executor", "noted")):
        code = re.sub(r"^check_search_\w+\(.*\n", "", examples()[title], flags=re.MULTILINE)
        (tmp_path / f"{module}.py").write_text(code.replace("my_module", module), encoding="utf-8")
    command = [sys.executable, "-m", "search", "run", "--dataset", "digits", "--out", "run", "--trials", "2"]
    command += ["--epochs", "1", "--workers", "1", "--algorithm", "climb:HillClimbing", "--set", "share=0.5"]
    command += ["--space", "layers:OneLayer", "--executor", "noted:Noted"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(project_root)])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2 trained" in done.stdout
    assert (tmp_path / "tasks.txt").read_text().count("train_trial") == 2
