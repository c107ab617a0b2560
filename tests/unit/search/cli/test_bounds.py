"""The options that bound what a network may cost: one for each resource, in every command that takes a budget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search.__main__ import main
from search.budget import RESOURCES
from search.cli import console
from search.cli.app import app
from search.errors import SettingsError
from search.presets import presets
from search.tournament.__main__ import app as tournaments
from search.tournament.__main__ import main as tournament


@pytest.mark.parametrize(
    ("commands", "names"), [(app, ["run", "sample"]), (tournaments, ["table", "live"])], ids=["search", "tournament"]
)
def test_every_command_that_takes_a_budget_has_an_option_for_each_resource(commands, names) -> None:
    from typer.main import get_command

    for name in names:
        options = [option for parameter in get_command(commands).commands[name].params for option in parameter.opts]
        assert {r.option for r in RESOURCES} <= set(options)


def test_networks_are_drawn_within_an_energy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--input", "8x8x1", "--board", "nucleo-f446re", "--energy", "0,2 mJ", "--count", "2")
    assert main(["sample", *options, "--to", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert all(0 < network["energy_j"] <= 0.0002 for network in found["networks"])
    assert json.loads((tmp_path / "sample_0000.json").read_text())["budget"]["energy_j"] == 0.0002


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--energy", "2 ms"], "--energy: '2 ms' is not an energy; write e.g. '2 mJ'"),
        (["--energy", "2mJ"], "--energy: energy cannot be estimated here (no board is chosen)"),
        (["--energy", "2mJ", "--board", "arduino-nano-33-ble"], "(the active power of Arduino Nano 33 BLE (Sense) has"),
        (["--latency", "1,250 ms"], "--latency: '1,250 ms' may be 1250 ms or 1.250 ms"),
        (["--minutes", "soon"], "--minutes: 'soon' is not a time"),
        (["--minutes", "nan"], "--minutes: 'nan' is not a time"),
        (["--minutes", "0"], "--minutes must be above zero"),
        (["--cpu-seconds", "inf"], "--cpu-seconds: 'inf' is not a time"),
        (["--error", "3,5"], "--error: '3,5' is not between 0 and 1"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--dataset", "digits", "--out", str(tmp_path / "run"), *options]) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
    assert not (tmp_path / "run").exists()


def test_a_tournament_takes_an_energy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["digits", "--algorithm", "random", "--to", str(tmp_path), "--trials", "1", "--energy", "nothing"]
    assert tournament(["live", *options]) == 2
    assert "--energy: 'nothing' is not an energy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.5", 90), ("1,5", 90), ("90 s", 90), ("1 h 10 min", 4200), (None, None)]
)
def test_minutes_may_have_another_unit(text: str | None, seconds: float | None) -> None:
    assert console.duration(text, "--minutes", unit="min") == seconds


def test_a_time_that_is_none_names_its_option() -> None:
    with pytest.raises(SettingsError, match="--cpu-seconds: 'x' is not a time"):
        console.duration("x", "--cpu-seconds", unit="s")


def test_presets_bound_by_the_same_names() -> None:
    assert all(set(preset.bounds) <= {r.argument for r in RESOURCES} for preset in presets())
