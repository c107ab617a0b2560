"""The console command `unas`: every command of both packages under one name, light at its start; JupyterLab."""

import importlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from resource_models.cli.parser import parser_of
from search.cli import lab, unas
from search.cli.app import app

PROMISED = (
    "data run front trials export finalise measure sample "  # searches
    "algorithms datasets spaces presets profile boards runtimes calibrate lab"
)
COMMANDS = {command.name: command for group in unas.GROUPS.values() for command in group}


def shell(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call `unas` in a process of its own, as its script does."""
    code = "import sys; from search.cli.unas import script; sys.argv[0] = 'unas'; script()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_project_installs_it(project_root: Path) -> None:
    scripts = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"unas": "search.cli.unas:script"}
    module, _, function = scripts["unas"].partition(":")
    assert getattr(importlib.import_module(module), function) is unas.script


def test_it_has_every_command_that_is_promised_and_no_other() -> None:
    assert sorted(COMMANDS) == sorted(PROMISED.split())
    of_search = {info.callback.__name__ for info in app.registered_commands if info.callback is not None}
    assert {name for name, command in COMMANDS.items() if command.module == unas.SEARCH} == of_search
    of_models = {name for name, command in COMMANDS.items() if command.module == unas.MODELS}
    for name in of_models:  # each is known there: its help ends the process with status 0
        with pytest.raises(SystemExit) as left:
            parser_of("unas").parse_args([name, "--help"])
        assert left.value.code == 0


def test_one_page_names_them_all_in_groups() -> None:
    done = shell("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {name:11} {command.says}" in done.stdout for name, command in COMMANDS.items())
    assert all(f"\n{title}:\n" in done.stdout for title in unas.GROUPS)
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_its_help_loads_nothing_of_weight() -> None:
    code = (
        "import sys; before = set(sys.modules); from search.cli import unas; unas.main(['--help'])\n"
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))\n"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in ('search', 'resource_models', 'data')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == [
        "['search']",
        "['search', 'search.cli', 'search.cli.exits', 'search.cli.unas']",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "out", "err"),
    [
        (("spaces",), 0, "cnn", ""),
        (("runtimes",), 0, "tflm-cmsis-nn", ""),
        (("run", "--help"), 0, "Usage: unas run [OPTIONS]", ""),
        (("profile", "--help"), 0, "usage: unas profile", ""),
        ((), 2, "", "Usage: unas COMMAND"),
        (("profil",), 2, "", "There is no command 'profil'; did you mean 'profile'?"),
        (("xyz",), 2, "", "`unas --help` lists all."),
        (("front", "nowhere"), 2, "", "no run in"),
        (("profile",), 2, "", "The following arguments are required: MODEL.tflite; `unas profile --help`"),
        (("profile", "none.tflite"), 2, "", "none.tflite"),
    ],
)
def test_it_answers_as_the_packages_do(
    arguments: tuple[str, ...], status: int, out: str, err: str, tmp_path: Path
) -> None:
    done = shell(*arguments, cwd=tmp_path, PYTHONPATH=os.pathsep.join(p for p in sys.path if p))
    assert done.returncode == status, done.stderr
    assert out in done.stdout
    assert err in done.stderr
    if status == 2:
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1 or not arguments
    else:
        assert done.stderr == ""


def test_json_is_the_same_as_that_of_the_packages() -> None:
    for package, name in (("search", "presets"), ("resource_models", "boards")):
        theirs = subprocess.run(
            [sys.executable, "-m", package, name, "--json"], capture_output=True, text=True, check=True
        )
        assert json.loads(shell(name, "--json").stdout) == json.loads(theirs.stdout)


class TestLab:
    """`unas lab`, with what it starts written down instead of started."""

    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
        commands: list[str] = []
        monkeypatch.setattr(lab, "_open", lambda options: commands.extend(options) or 0)
        monkeypatch.setattr(lab, "_as_root", list)
        monkeypatch.chdir(tmp_path)
        return commands

    def test_a_folder_without_a_notebook_gets_one(self, started: list[str], tmp_path: Path) -> None:
        assert unas.main(["lab", "--no-browser"]) == 0
        assert started == ["--no-browser", "workbench.ipynb"]
        notebook = nbformat.read(tmp_path / "workbench.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[-1].source == "from unas_widgets import Workbench\n\nWorkbench()"

    def test_its_cell_is_that_of_the_project(self, project_root: Path) -> None:
        ours = json.loads((project_root / lab.OF_THE_PROJECT).read_text(encoding="utf-8"))
        assert lab.fresh_notebook()["cells"][-1]["source"] == ours["cells"][-1]["source"]
        assert lab.fresh_notebook()["metadata"] == ours["metadata"]

    def test_a_notebook_that_is_there_is_opened_as_it_is(self, started: list[str], tmp_path: Path) -> None:
        (tmp_path / "workbench.ipynb").write_text("mine")
        assert unas.main(["lab"]) == 0
        assert (started, (tmp_path / "workbench.ipynb").read_text()) == (["workbench.ipynb"], "mine")

    @pytest.mark.parametrize("name", ["notebooks/00_workbench.ipynb", "00_workbench.ipynb"])
    def test_the_project_has_its_own(self, started: list[str], tmp_path: Path, name: str) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        assert unas.main(["lab"]) == 0
        assert started == [str(Path(name))]
        assert not (tmp_path / "workbench.ipynb").exists()

    def test_another_notebook_may_be_named(self, started: list[str], tmp_path: Path) -> None:
        assert unas.main(["lab", "mine.ipynb"]) == 0
        assert started == ["mine.ipynb"]
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_written_is_one_sentence(
        self, started: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(*_args: object, **_options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("search.cli.lab.atomic_write", refuse)
        assert unas.main(["lab"]) == 2
        assert (
            capsys.readouterr().err
            == "This folder takes no notebook (Permission denied); go to another one, and try again.\n"
        )
        assert started == []

    def test_jupyterlab_is_what_starts(self, tmp_path: Path) -> None:
        done = shell("lab", "--version", cwd=tmp_path, PYTHONPATH=os.pathsep.join(p for p in sys.path if p))
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()[0].isdigit()
