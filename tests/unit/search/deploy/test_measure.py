"""Lines of a board's self-test: what is read, what is refused, and what a run then holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from resource_models import board, read_tflite
from resource_models.latency.calibrate import calibrate, read_measurements
from search import Run
from search.cli.unas import main
from search.deploy.measure.lines import Reading, readings
from search.deploy.measure.measured import MeasuredTrial, measured, measured_in
from search.deploy.project.card import CARD, SCHEMA
from search.errors import DeployError
from tests.support.integer_operators import branchy
from tests.support.recorded_run import recorded_run


def lines(network: str = "net", *, count: int = 3, failed: int = 0, clock: bool = True, arena: int = 432) -> list[str]:
    """What a board prints; each validation example takes 100 µs more than the one before."""
    found = []
    for number in range(count):
        bad = number < failed
        kind = "validation" if number < count - 1 else "random"
        us = f" us={1000 + 100 * number}" if clock else ""
        layer = " layer=2_conv" if bad else ""
        begin = f"unas-selftest network={network} example={number} kind={kind} ok={int(not bad)}"
        found.append(f"{begin} class=1 confidence=9{us}{layer}")
    return [*found, f"unas-selftest network={network} done={count} failed={failed} arena={arena}"]


def test_whole_self_tests_are_read_among_other_lines() -> None:
    whole = lines()
    text = [*whole[2:], "boot: ok", *whole[:2], *whole, "noise", *lines("other", clock=False, failed=1)]
    first, second = readings(text)
    assert first == Reading("net", 3, 0, None, 432, (1000, 1100))
    assert first.milliseconds == 1.05
    assert second == Reading("other", 3, 1, "2_conv", 432, ())
    assert second.milliseconds is None
    assert list(readings([])) == list(readings(whole[:-1])) == list(readings(whole[1:])) == []


def test_a_reset_in_the_midst_of_a_line_begins_anew() -> None:
    whole = lines()
    (found,) = readings([whole[0], whole[1][:30] + whole[0], *whole[1:]])
    assert found.microseconds == (1000, 1100)


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        (lambda w: [w[0], w[1].replace("example=1", "example=x"), *w[2:]], "damaged: 'unas-selftest.*measure again"),
        (lambda w: [w[0], *w[2:]], "lines were lost"),
        (lambda w: [*w[:-1], w[-1].replace("failed=0", "failed=1")], "lines were lost"),
        (lambda w: [*w[:-1], w[-1].replace("arena", "area")], "damaged"),
    ],
)
def test_damaged_lines_are_refused(spoilt, words: str) -> None:
    with pytest.raises(DeployError, match=words):
        list(readings(spoilt(lines())))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return recorded_run(tmp_path / "run")


def export(folder: Path, run: Run, trial: int, name: str = "net") -> Path:
    folder.mkdir()
    (folder / "model.tflite").write_bytes(branchy(trial))
    estimates = asdict(run.observation(trial).costs)
    source = {"dataset": run.settings.dataset, "trial": trial, "estimates": estimates}
    card = {"schema": SCHEMA, "name": name, "source": source, "resources": {"c": {"ram_bytes": 432}}, "files": {}}
    (folder / CARD).write_text(json.dumps(card))
    return folder


def printed(folder: Path, text: list[str]) -> str:
    (folder / "board.txt").write_text("\n".join(text))
    return str(folder / "board.txt")


def test_times_stand_beside_the_estimates_in_the_run_and_feed_the_calibration(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = [o.trial_id for o in run.networks() if o.status == "trained"][:2]
    for number, trial in enumerate(trials):
        folder = export(tmp_path / f"out{number}", run, trial, f"net_{number}")
        words = ["measure", str(folder), "--run", str(run.folder), "--from", printed(tmp_path, lines(f"net_{number}"))]
        assert main(words) == 0
        assert main(words) == 0  # again, in place of the first
    out = capsys.readouterr().out
    costs = run.observation(trials[0]).costs
    assert "1.05 ms measured" in out
    assert "2 measured; from two on: unas calibrate" in out
    assert list(run.measured()) == sorted(trials)
    assert run.measured()[trials[0]] == MeasuredTrial(
        model="net_0.tflite",
        milliseconds=1.05,
        trial=trials[0],
        network="net_0",
        arena_bytes=432,
        estimated_milliseconds=None if costs.latency_s is None else pytest.approx(1000 * costs.latency_s),
        estimated_ram_bytes=costs.ram_bytes,
    )
    table = run.folder / "measured-board" / "measurements.csv"
    report = calibrate(read_measurements(table, read_tflite), board("arduino-nano-33-ble"))
    assert [seconds for _, seconds, _ in report.rows] == [0.00105, 0.00105]
    assert report.board.calibrations


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lines("another"), "another with 432 bytes of RAM; .* holds net with 432"),
        (lines(arena=431), "431 bytes"),
        (lines(failed=2), "2 of 3 examples differ, first in layer 2_conv"),
        (lines(clock=False), "NET_CLOCK_US"),
    ],
)
def test_what_is_no_measurement_is_refused_and_nothing_written(
    run: Run, tmp_path: Path, text: list[str], words: str
) -> None:
    folder = export(tmp_path / "out", run, run.networks()[0].trial_id)
    (reading,) = readings(text)
    with pytest.raises(DeployError, match=words):
        measured(folder, reading)
    assert measured_in(run.folder) == ()


def test_the_command_says_what_is_missing(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (o.trial_id for o in run.networks()[:2])
    folder = export(tmp_path / "out", run, first)
    source = ["--from", printed(tmp_path, lines())]
    assert main(["measure", str(folder)]) == 2
    assert main(["measure", str(folder), *source, "--port", "/dev/x"]) == 2
    assert main(["measure", str(tmp_path), *source]) == 2
    assert main(["measure", str(folder), "--from", printed(tmp_path / "out", ["nothing"])]) == 2
    assert main(["measure", str(folder), "--from", str(tmp_path / "absent")]) == 2
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 5
    for line, words in zip(
        err, ("either --port", "either --port", "no folder that", "no whole self-test", "cannot be read"), strict=True
    ):
        assert words in line
    card = json.loads((folder / CARD).read_text())
    card["source"]["trial"] = second
    (folder / CARD).write_text(json.dumps(card))
    assert main(["measure", str(folder), "--run", str(run.folder), *source]) == 2
    assert f"not of trial {second}" in capsys.readouterr().err


def test_a_damaged_table_is_named(run: Run) -> None:
    (run.folder / "measured-board").mkdir()
    (run.folder / "measured-board" / "measurements.csv").write_text("model,milliseconds\na,x\n")
    with pytest.raises(DeployError, match=r"measurements\.csv cannot be read .*measure again"):
        run.measured()
