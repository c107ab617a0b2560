"""The other roads to the same environment: conda, Binder, continuous integration, plain uv commands."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement


@pytest.fixture(scope="module")
def conda(project_root: Path) -> dict[str, list]:
    return yaml.safe_load((project_root / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pip_pins(conda: dict[str, list]) -> list[str]:
    return next(entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))


def test_the_conda_environment_has_the_versions_of_the_lock(project_root: Path, pip_pins: list[str]):
    lock = (project_root / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.removesuffix(" \\") for line in lock.splitlines() if not line.startswith(" ")}
    assert {pin for pin in pip_pins if pin not in locked} == set()


def test_the_conda_environment_has_all_of_the_core_but_dragonfly(project_root: Path, pip_pins: list[str]):
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {Requirement(text).name.lower() for text in project["dependencies"]}
    assert core - {Requirement(pin).name for pin in pip_pins} == {"dragonfly-opt"}


def test_the_conda_environment_has_the_python_of_the_lock(conda: dict[str, list]):
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    assert plain == ["python=3.11", "pip", "uv"]


def test_the_second_step_is_written_down_where_it_is_needed(project_root: Path):
    step = "--editable ."
    head = (project_root / "environment.yml").read_text(encoding="utf-8").split("name:")[0]
    assert f"uv pip install {step}" in head
    assert step in (project_root / ".binder" / "postBuild").read_text(encoding="utf-8")
    settings = tomllib.loads((project_root / "uv.toml").read_text(encoding="utf-8"))
    builders = settings["extra-build-dependencies"]["dragonfly-opt"]
    assert any(requirement.startswith("setuptools==") for requirement in builders)


def test_binder_has_the_same_environment(project_root: Path):
    ours, theirs = project_root / "environment.yml", project_root / ".binder" / "environment.yml"
    assert theirs.read_text(encoding="utf-8") == ours.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
@pytest.mark.parametrize("script", [".ci/run", ".binder/postBuild"])
def test_scripts_can_be_executed(project_root: Path, script: str):
    assert os.access(project_root / script, os.X_OK)


def test_ci_runs_only_commands_that_a_person_has_too(project_root: Path):
    parts = re.search(r"^for part in (.*); do$", (project_root / ".ci/run").read_text(encoding="utf-8"), re.M)
    targets = re.findall(r"^([\w-]+):", (project_root / "Makefile").read_text(encoding="utf-8"), re.M)
    assert parts is not None
    assert parts[1].split() == ["env", "browser", "check", "docs", "test", "test-long", "verify-board", "notebooks"]
    assert set(parts[1].split()) <= set(targets)
    assert {"lab", "test", "env", "check", "docs", "notebooks", "test-long", "test-slow", "bench"} <= set(targets)


def test_the_setup_asks_for_help_in_one_sentence(project_root: Path, tmp_path: Path):
    """A Python with neither venv nor pip, and no uv: what a bare Debian offers."""
    bootstrap = (project_root / ".ci" / "bootstrap.py").read_text(encoding="utf-8")
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "bootstrap.py").write_text(bootstrap, encoding="utf-8")
    for name in ("requirements.lock", "pyproject.toml", "uv.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    blind = tmp_path / "blind"
    for module in ("venv", "pip"):
        (blind / module).mkdir(parents=True)
        (blind / module / "__init__.py").touch()
        (blind / module / "__main__.py").write_text(f"raise SystemExit('No module named {module}')", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(blind), "PATH": str(tmp_path)}
    environment.pop("UV", None)
    command = [sys.executable, str(tmp_path / ".ci" / "bootstrap.py"), "env"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "neither venv nor pip" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv").exists()
