"""The Binder badge of a copy of this project, by the address that git knows of it."""

import subprocess
import sys
from pathlib import Path

import pytest

START = "[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/"
END = "/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F10_a_recorded_search.ipynb)"


@pytest.fixture
def copy(project_root: Path, tmp_path: Path) -> Path:
    """A repository with nothing but the script."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".ci").mkdir()
    script = (project_root / ".ci" / "badge.py").read_text(encoding="utf-8")
    (tmp_path / ".ci" / "badge.py").write_text(script, encoding="utf-8")
    return tmp_path


def badge(copy: Path, remote: str | None) -> subprocess.CompletedProcess[str]:
    if remote is not None:
        subprocess.run(["git", "remote", "add", "origin", remote], cwd=copy, check=True)
    return subprocess.run([sys.executable, copy / ".ci" / "badge.py"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("remote", "place"),
    [
        ("https://github.com/someone/workbench.git", "gh/someone/workbench"),
        ("https://user@GitHub.com/someone/work.bench/", "gh/someone/work.bench"),
        ("git@github.com:someone/workbench.git", "gh/someone/workbench"),
        ("ssh://git@gitlab.com:22/group/part/workbench.git", "gl/group%2Fpart%2Fworkbench"),
        ("https://gitlab.com/someone/workbench", "gl/someone%2Fworkbench"),
    ],
)
def test_the_badge_opens_the_recorded_search(copy: Path, remote: str, place: str) -> None:
    assert badge(copy, remote).stdout == f"{START}{place}{END}\n"


@pytest.mark.parametrize(
    ("remote", "host"),
    [("https://me:secret@example.org/someone/workbench.git", "example.org"), ("/srv/git/workbench", "this machine")],
)
def test_a_remote_that_binder_does_not_know_is_told_of(copy: Path, remote: str, host: str) -> None:
    done = badge(copy, remote)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'The remote "origin" is on {host}; Binder finds copies on github.com and gitlab.com.\n'


def test_a_copy_without_a_remote_is_told_of(copy: Path) -> None:
    done = badge(copy, None)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'This copy has no git remote "origin"; publish it on GitHub or GitLab first.\n'


def test_the_notebook_is_there(project_root: Path) -> None:
    assert (project_root / "notebooks" / "10_a_recorded_search.ipynb").exists()
