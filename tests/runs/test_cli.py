"""The commands, as scripts call them: answers, exit statuses, one sentence for bad input."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import Run, RunSettings
from search.cli.app import main
from tests.support.running import PATIENCE_S, finish_command, finished_trials, start_command, wait_for

KEYS = ["trial", "val_error", "ram_bytes", "model_bytes", "macs", "latency_s", "energy_j", "epochs"]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "search", *arguments], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def answer(*arguments: str) -> list | dict:
    done = command(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "run"
    result = finish_command(folder, "--trials", "3", "--workers", "2")
    counts = ["trials", "trained", "failed", "infeasible", "epochs", "seconds", "cpu_seconds"]
    assert list(result) == [*counts, "front", "shadow_prices"]
    assert [price["resource"] for price in result["shadow_prices"]] == ["ram_bytes", "model_bytes"]
    assert result["trials"] == result["trained"] + result["failed"] == 3
    assert result["epochs"] == 2 * result["trained"]
    assert all(list(row) == KEYS for row in result["front"])
    assert all(row["ram_bytes"] <= 12 * 1024 for row in result["front"])
    (folder.parent / "answer.json").write_text(json.dumps(result))
    return folder


@pytest.mark.tf
def test_front_is_that_of_the_run(run_folder: Path) -> None:
    assert answer("front", str(run_folder)) == json.loads((run_folder.parent / "answer.json").read_text())["front"]


@pytest.mark.tf
def test_trials_have_a_status_each(run_folder: Path) -> None:
    rows = answer("trials", str(run_folder))
    assert len(rows) == 3
    assert all(list(row) == [*KEYS, "status"] for row in rows)
    assert {row["status"] for row in rows} <= {"trained", "failed"}


@pytest.mark.tf
def test_csv_has_the_same_rows(run_folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(command("trials", str(run_folder), "--csv").stdout)))
    assert [int(row["trial"]) for row in rows] == [row["trial"] for row in answer("trials", str(run_folder))]


@pytest.mark.tf
def test_the_same_command_again_changes_nothing(run_folder: Path) -> None:
    before = finished_trials(run_folder)
    assert finish_command(run_folder, "--trials", "3", "--workers", "2")["trials"] == 3
    assert finished_trials(run_folder) == before


@pytest.mark.tf
def test_other_settings_are_refused_by_name(run_folder: Path) -> None:
    process = start_command(run_folder, "--trials", "3", "--algorithm", "random")
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "--algorithm aging_evolution, not random" in err


@pytest.mark.tf
def test_another_budget_is_said_and_kept_and_what_was_found_stays(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    smallest = min(answer("trials", str(folder)), key=lambda row: row["ram_bytes"])
    options = ["--trials", "3", "--ram", str(smallest["ram_bytes"])]
    process = start_command(folder, *options)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    before = "budget changed from RAM 12 KiB, flash 64 KiB, latency 1 s, default, hard to RAM "
    assert err.splitlines()[0].startswith(before)
    assert all(row["ram_bytes"] <= smallest["ram_bytes"] for row in json.loads(out.splitlines()[-1])["front"])
    assert answer("trials", str(folder)) == answer("trials", str(run_folder))
    assert f"{smallest['trial']}" in command("front", str(folder)).stdout


@pytest.mark.tf
def test_export_writes_the_model(run_folder: Path, tmp_path: Path) -> None:
    best = answer("front", str(run_folder))[0]
    result = answer("export", str(run_folder), str(best["trial"]), "--to", str(tmp_path / "out"))
    assert (tmp_path / "out" / "model.tflite").stat().st_size == result["model_bytes"]
    assert result["float_val_error"] == best["val_error"]
    assert 0 <= result["int8_val_error"] <= 1
    assert result["int8_drop"] == pytest.approx(result["int8_val_error"] - result["float_val_error"])


@pytest.mark.long
@pytest.mark.tf
def test_a_command_prints_nothing_but_its_own_lines(run_folder: Path, tmp_path: Path) -> None:
    best = answer("front", str(run_folder))[0]
    done = command("export", str(run_folder), str(best["trial"]), "--to", str(tmp_path / "out"))
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
    assert "fully_quantize" in (run_folder / "logs" / "export-1.log").read_text()  # what the converter says
    again = command("finalise", str(run_folder), "--seeds", "1")
    before, *told = re.sub(r"\d+", "N", again.stderr).splitlines()
    assert before.startswith("About N ")
    assert set(told) == {"N of N trainings done"}


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """New processes hear SIGINT, even if the tests were started in the background of a shell, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.long
@pytest.mark.tf
@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_was_finished(tmp_path: Path, sent: signal.Signals) -> None:
    folder = tmp_path / "run"
    process = start_command(folder, "--trials", "500", "--workers", "1")
    try:
        wait_for(lambda: finished_trials(folder) or process.poll() is not None, "a trial")
        os.killpg(process.pid, sent)  # as Ctrl-C in a shell does: workers get it too
        out, err = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()  # of 500 trials; does nothing where it is over
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[-1])["trials"] == len(finished_trials(folder))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("algorithms", {"random", "aging_evolution"}),
        ("datasets", {"digits"}),
        ("spaces", {"cnn"}),
        ("presets", {"unas-mnist", "unas-mnist-pruning", "unas-visual-wake-words"}),
    ],
)
def test_lists_have_name_and_availability(name: str, expected: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert all({"name", "available"} <= row.keys() for row in rows)
    assert expected <= {row["name"] for row in rows}
    assert main([name]) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in expected)


def test_help_shows_every_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    options = text.split("Options: ")[1].removeprefix("--").split(" --")
    assert len(options) > 20
    for option in options:
        name = option.split()[0]
        assert name in ("json", "help") or "default" in option or "required" in option, name


RUN = ("run", "--dataset", "digits", "--out", "{out}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*RUN, "--ram", "12 parsecs"), "'12 parsecs' is not a number of bytes"),
        ((*RUN, "--ram", "100 B"), "the smallest needs"),
        ((*RUN, "--board", "arduino-nano-33-blue"), "did you mean arduino-nano-33-ble"),
        ((*RUN, "--trails", "3"), "--trials"),
        ((*RUN, "--trials", "three"), "--trials"),
        ((*RUN, "--set", "population"), "key=value"),
        ((*RUN, "--algorithm", "pareto_halving", "--set", "openings=3"), "did you mean 'warmup_trials'"),
        ((*RUN, "--algorithm", "genetic"), "no algorithm 'genetic'"),
        ((*RUN, "--accounting", "guess"), "'guess'"),
        (("run", "--dataset", "digit", "--out", "{out}"), "There is no data set 'digit'"),
        (("run", "--out", "{out}"), "--dataset"),
        (("run", "--out", "{out}", "--preset", "unas-mnits"), "did you mean 'unas-mnist'"),
        ((*RUN, "--pruning", "much"), "--pruning is 'structured'"),
        ((*RUN, "--augmentation", "on"), "no augmentation for the data set digits"),
        (("front", "{out}"), "no run in"),
        (("trials", "{out}", "--json", "--csv"), "exclude each other"),
        (("export", "{out}", "0"), "no run in"),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "run"
    assert main([a.format(out=out) for a in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1, printed.err
    assert not out.exists()


def test_a_process_with_bad_input_ends_with_status_2_and_no_traceback(tmp_path: Path) -> None:
    done = command("run", "--dataset", "digits", "--out", str(tmp_path / "run"), "--ram", "12 parsecs")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("--ram: '12 parsecs'")
    assert len(done.stderr.splitlines()) == 1


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["run", "--dataset", "digits", "--out", str(tmp_path / "file" / "run")]) == 2
    printed = capsys.readouterr().err
    assert "cannot be made" in printed
    assert len(printed.splitlines()) == 1


@pytest.mark.parametrize(
    ("line", "text", "words"),
    [(1, "{torn", "Line 2 of"), (0, '{"record":"header","schema":99}', "newer version")],
)
def test_a_damaged_journal_is_one_sentence_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: int, text: str, words: str
) -> None:
    Run.create(RunSettings(dataset="digits"), tmp_path / "run")
    path = tmp_path / "run" / "journal.jsonl"
    lines = [*path.read_text().splitlines(), '{"record":"session"}', '{"record":"session"}']
    lines[line] = text
    path.write_text("\n".join(lines) + "\n")
    before = path.read_bytes()
    for arguments in (["front"], ["trials"], ["run", "--dataset", "digits", "--out"]):
        assert main([*arguments, str(tmp_path / "run")]) == 2
        printed = capsys.readouterr().err
        assert words in printed
        assert len(printed.splitlines()) == 1
    assert path.read_bytes() == before
