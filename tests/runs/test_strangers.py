"""A folder from a stranger is looked at without importing what its journal names; a start imports it, and says so."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search import Replay, Run, RunError, SettingsError, journal
from search.runs.handmade import OwnNetworks
from search.spaces import SpaceError
from tests.support.recorded_run import SETTINGS, recorded_run
from tests.support.running import PATIENCE_S, wait_for
from unas_widgets import Workbench
from unas_widgets.report.run_report import report
from unas_widgets.runs.settings_panel import run_options

PACKAGE = "strangers_code"
CODE = """
from pathlib import Path
import search.executors.local
from search.algorithms.random import RandomSearch
from search.spaces.cnn import CnnSpace

(Path(__file__).parent / f"{__name__}.imported").touch()

class Algorithm(RandomSearch):
    pass

class Space(CnnSpace):
    pass

class Executor(search.executors.local.LocalExecutor):
    pass
"""
NAMES = {
    "algorithm": f"{PACKAGE}.code:Algorithm",
    "space": f"{PACKAGE}.code:Space",
    "executor": f"{PACKAGE}.code:Executor",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package whose modules leave a file behind when they are imported."""
    folder = tmp_path / "elsewhere" / PACKAGE
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(CODE.partition("class")[0])
    (folder / "code.py").write_text(CODE)
    monkeypatch.syspath_prepend(folder.parent)
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def imported(package: Path) -> list[str]:
    return sorted(path.name for path in package.glob("*.imported"))


def strange(folder: Path, **names: str) -> Path:
    """A recorded run whose journal names such code."""
    recorded_run(folder, settings=replace(SETTINGS, algorithm="random"))
    path = folder / journal.FILE_NAME
    header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
    values = json.loads(header)
    values["settings"] |= names
    path.write_text(json.dumps(values) + "\n" + "".join(records), encoding="utf-8")
    return folder


def built(run: Run) -> bool:
    """Whether the networks of a run are built, or it is said that they are not."""
    try:
        return bool(run.graph(run.front()[0].trial_id).operators)
    except SpaceError:
        return False


@pytest.mark.parametrize("names", [{name: NAMES[name]} for name in NAMES] + [NAMES], ids=[*NAMES, "all"])
def test_looking_imports_nothing(package: Path, tmp_path: Path, names: dict[str, str]) -> None:
    folder = strange(tmp_path / "runs" / "strange", **names)
    plain = recorded_run(tmp_path / "plain", settings=replace(SETTINGS, algorithm="random"))
    run, replay = Run.open(folder), Replay.open(folder)
    replay.seek(len(replay))
    for shown in (run, replay):
        assert [o.metrics() for o in shown.front()] == [o.metrics() for o in plain.front()]
        assert list(shown.trials()["trial"]) == list(plain.trials()["trial"])
        assert shown.hypervolume() == plain.hypervolume()
        assert shown.shadow_prices() == plain.shadow_prices()
        assert len(shown.infeasible()) == len(plain.infeasible())
    OwnNetworks.beside(run)
    said = report(run, tmp_path / "report.html").read_text(encoding="utf-8")
    assert (f"Not shown: of the space {NAMES['space']}" in said) == ("space" in names)
    bench = Workbench(base=tmp_path)
    bench.show_run(folder)
    bench.selected = run.front()[0].trial_id
    assert (f"Not shown: of the space {NAMES['space']}" in bench.static_html()) == ("space" in names)
    bench.show_replay(folder)
    bench.compare(folder)
    assert bench.run is not None
    assert imported(package) == []


@pytest.mark.long
def test_the_commands_that_look_import_nothing(package: Path, tmp_path: Path) -> None:
    folder = strange(tmp_path / "strange", **NAMES)
    for command in ("front", "trials"):
        asked = [sys.executable, "-m", "search", command, str(folder), "--json"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True, env=_environment(package))
        assert json.loads(done.stdout)
    asked = [sys.executable, "-m", "search", "export", str(folder), "0", "--to", str(tmp_path / "out")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=_environment(package))
    assert done.returncode == 2
    assert "--trust" in done.stderr
    assert imported(package) == []


def test_a_search_begins_from_it_without_importing_anything(package: Path, tmp_path: Path) -> None:
    folder = strange(tmp_path / "runs" / "strange", algorithm=NAMES["algorithm"], executor=NAMES["executor"])
    run = Run.create(replace(SETTINGS, start_from=str(folder)), tmp_path / "next")
    assert run.begun_from.endswith("networks of the run strange")
    other = strange(tmp_path / "runs" / "other", **NAMES)
    with pytest.raises(SettingsError, match=f"searched the space {NAMES['space']}, not cnn"):
        Run.create(replace(SETTINGS, start_from=str(other)), tmp_path / "last")
    assert [value for _, value in run_options(tmp_path)] == ["", str(folder)]
    assert imported(package) == []


def test_networks_that_are_not_shown_say_why(package: Path, tmp_path: Path) -> None:
    run = Run.open(strange(tmp_path / "strange", space=NAMES["space"]))
    trial = run.front()[0].trial_id
    for look in (run.graph, run.report):
        with pytest.raises(SpaceError, match="not imported when a run is only looked at"):
            look(trial)
    with pytest.raises(RunError, match=f"needs {PACKAGE}.code:Space"):
        run.export(trial, tmp_path / "model.tflite")
    with pytest.raises(RunError, match=f"needs {PACKAGE}.code:Space"):
        run.finalise()
    assert imported(package) == []
    trusted = Run.open(run.folder, trust=True)
    assert trusted.report(trial).macs == trusted.observation(trial).costs.macs
    assert imported(package) == [f"{PACKAGE}.code.imported", f"{PACKAGE}.imported"]


def test_a_start_imports_it_and_says_what_and_from_where(package: Path, tmp_path: Path) -> None:
    run = Run.open(strange(tmp_path / "strange", **NAMES))
    said: list[str] = []

    def hear(event: object) -> None:
        if event.kind == "note":
            said.append(event.payload)
            assert imported(package) == []  # it is said before

    run.subscribe(hear)
    run.start()
    wait_for(lambda: built(run), "the networks of the space that was imported")
    run.stop()
    run.wait(PATIENCE_S)
    file = package / "code.py"
    assert said == [
        f"Importing {PACKAGE}.code ({file}) for the {what} {NAMES[name]}."
        for what, name in (("search space", "space"), ("algorithm", "algorithm"), ("executor", "executor"))
    ]
    assert imported(package) == [f"{PACKAGE}.code.imported", f"{PACKAGE}.imported"]
    assert built(run)


def test_a_start_that_is_stopped_at_once_shows_networks_or_says_why_not(package: Path, tmp_path: Path) -> None:
    run = Run.open(strange(tmp_path / "strange", **NAMES))
    run.start()
    run.stop()
    run.wait(PATIENCE_S)
    assert built(run) in (True, False)  # and nothing else is raised
    assert [o.metrics() for o in run.front()]


def _environment(package: Path) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")])}
