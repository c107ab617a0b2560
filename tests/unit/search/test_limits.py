"""What costs something is bounded by the machine, in words; a run of a larger one goes on with what there is."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from search import Run, RunSettings, journal
from search.budget import Budget
from search.cli import sampling
from search.errors import SettingsError
from search.executors import Machine, capacity
from search.limits import check_samples, check_settings, check_workers, fewer_workers, usable_workers
from search.runs.handmade import OwnNetworks
from search.tournament import TableRules, conduct, entrants
from tests.support.recorded_run import recorded_run
from unas_widgets import Workbench

SMALL = Machine(processors=2, memory_bytes=22 * 2**30, available_bytes=3 * 2**30)
SETTINGS = RunSettings(dataset="digits", trials=4)
SHAPE = (8, 8, 1)


def test_the_machine_bounds_workers_by_processors_and_memory() -> None:
    assert (SMALL.default_workers, SMALL.most_workers) == (2, 8)
    assert Machine(64, 4 * 2**30, 2**30).most_workers == 2
    assert (Machine(1, 2**20, 0).default_workers, Machine(1, 2**20, 0).most_workers) == (1, 1)
    here = Machine.here()
    assert 1 <= here.default_workers <= here.most_workers
    assert 0 <= here.available_bytes <= here.memory_bytes


def test_a_container_has_the_memory_that_it_may_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit, used = tmp_path / "memory.max", tmp_path / "memory.current"
    limit.write_text(f"{2**30}\n")
    used.write_text(f"{2**29}\n")
    monkeypatch.setattr(capacity, "_MEMORY_LIMITS", (str(tmp_path / "none"), str(limit)))
    monkeypatch.setattr(capacity, "_MEMORY_IN_USE", (str(used),))
    assert (Machine.here().memory_bytes, Machine.here().available_bytes) == (2**30, 2**29)
    limit.write_text("max\n")
    assert Machine.here().memory_bytes > 2**30


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"workers": 256},
            r"--workers: 256 is more .*; it has 2 processors and 22 GiB of memory: at most 8\.",
        ),
        ({"workers": 10**9}, r"--workers: 1,000,000,000 is more .* at most 8\."),
        ({"workers": 10**9, "executor": "a.b:C"}, r"--workers: 1,000,000,000 is too many; .* at most 4,096\."),
        ({"epochs": 10**9}, r"--epochs: 1,000,000,000 is too many; a training may last at most 10,000\."),
        ({"train_size": 10**9}, r"--train-size: 1,000,000,000 examples of 64 values .* at most [\d,]+\."),
        ({"validation_size": 10**9}, r"--validation-size: 1,000,000,000 examples of 64 values .* at most [\d,]+\."),
    ],
)
def test_what_cannot_be_carried_is_refused_with_its_bound(change: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        check_settings(replace(SETTINGS, **change), SHAPE, machine=SMALL)
    check_settings(replace(SETTINGS, workers=8, epochs=10_000, train_size=10**6), SHAPE, machine=SMALL)


def test_every_way_in_asks(tmp_path: Path) -> None:
    many = replace(SETTINGS, workers=10**9)
    with pytest.raises(SettingsError, match="--workers"):
        Run.create(many, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    run = Run.create(SETTINGS, tmp_path / "run")
    with pytest.raises(SettingsError, match="--workers"):
        run.extend(many)
    with pytest.raises(SettingsError, match="--seeds"):
        run.finalise(seeds=10**9)
    rules = TableRules(table="digits", budget=Budget(), equivalents=1.0)
    with pytest.raises(SettingsError, match="--workers"):
        conduct(rules, entrants(["random"]), seeds=1, workers=10**9)
    with pytest.raises(SettingsError, match="--seeds"):
        conduct(rules, entrants(["random"]), seeds=10**9)
    with pytest.raises(SettingsError, match="--count"):
        next(sampling.draw(run._problem, count=10**9, seed=0))
    with pytest.raises(SettingsError, match=r"1,000,000,000 .* at most"):
        check_samples(10**9, machine=SMALL)
    with pytest.raises(SettingsError, match="at least 1"):
        check_workers(0)


def test_the_page_names_its_bound_and_start_refuses_more(tmp_path: Path) -> None:
    bench = Workbench(base=tmp_path, board="", workers=1)
    field = bench.settings_panel._fields["workers"]
    assert field.max == Machine.here().most_workers
    assert f"at most {field.max}" in field.tooltip
    bench.workers = 10**9
    with pytest.raises(SettingsError, match="--workers: 1,000,000,000"):
        bench.start()
    assert "at most" in bench.message


def test_a_run_of_a_larger_machine_goes_on_with_what_there_is(tmp_path: Path) -> None:
    folder = recorded_run(tmp_path / "run").folder
    path = folder / journal.FILE_NAME
    header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
    values = json.loads(header)
    values["settings"]["workers"] = 10**6
    path.write_text(json.dumps(values) + "\n" + "".join(records), encoding="utf-8")
    run = Run.open(folder)
    most = Machine.here().most_workers
    assert usable_workers(run.settings) == most
    assert fewer_workers(run.settings, machine=SMALL) == (
        "This run was begun with 1,000,000 workers; it goes on with 8, which is what this machine can carry: it has "
        "2 processors and 22 GiB of memory."
    )
    said: list[str] = []
    run.subscribe(lambda event: said.append(event.payload) if event.kind == "note" else None)
    run.extend(replace(run.settings, trials=40))
    run.start()
    run.stop()
    run.wait(60)
    assert said == [fewer_workers(run.settings)]
    assert run.error is None
    OwnNetworks.beside(run)
