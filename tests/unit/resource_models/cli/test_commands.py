"""`python -m resource_models` as people and scripts call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from resource_models.__main__ import main
from tests.support.tflite_files import small_network


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


@pytest.mark.parametrize("command", ["boards", "runtimes"])
def test_lists_have_names_and_say_what_is_available(capsys: pytest.CaptureFixture[str], command: str):
    found = answer_of(capsys, command)
    assert isinstance(found, list)
    assert all({"name", "available"} <= set(item) for item in found)
    assert main([command]) == 0
    text = capsys.readouterr().out
    assert all(item["name"] in text for item in found)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["profile", "none.tflite"], "none.tflite"),
        (["profile", "none.tflite", "--board", "nucleo"], "no board 'nucleo'"),
        (["calibrate", "none.csv", "--board", "nucleo-f446re"], "cannot be read"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str], arguments: list[str], word: str):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert word in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_profile_of_a_real_model(capsys: pytest.CaptureFixture[str], measured_models: Path):
    path = str(measured_models / "mlperf_tiny" / "kws_ref_model.tflite")
    found = answer_of(capsys, "profile", path, "--board", "nucleo-l4r5zi")
    assert isinstance(found, dict)
    assert found["macs"] == 2656768
    assert found["latency_low_s"] < 0.1106 < found["latency_high_s"]
    assert found["latency_s"] == pytest.approx(0.1106, rel=0.25)
    assert found["energy_j"] == pytest.approx(0.042 * found["latency_s"])
    assert found["layers"]
    found = answer_of(capsys, "profile", path)
    assert isinstance(found, dict)
    assert found["latency_s"] is None
    assert found["latency_s_reason"]
    assert found["fits"] is None


def test_calibrate_and_use_the_board(capsys: pytest.CaptureFixture[str], measured_models: Path, tmp_path: Path):
    models = ["mlperf_tiny/kws_ref_model.tflite", "mlperf_tiny/ad01_int8.tflite", "tinymaix/cifar10_q.tflite"]
    rows = [f"{measured_models / model},{time}" for model, time in zip(models, (110.6, 8.92, 120), strict=True)]
    table = tmp_path / "measured.csv"
    table.write_text("\n".join(["model,milliseconds", *rows]) + "\n")
    target = str(tmp_path / "own.json")
    found = answer_of(capsys, "calibrate", str(table), "--board", "raspberry-pi-pico", "--to", target)
    assert isinstance(found, dict)
    assert found["samples"] == 3
    assert len(found["networks"]) == 3
    profile = answer_of(capsys, "profile", str(measured_models / models[0]), "--board", target)
    assert isinstance(profile, dict)
    assert profile["latency_s"] == pytest.approx(0.1106, rel=0.3)


def test_which_boards_can_run_a_model(capsys: pytest.CaptureFixture[str], measured_models: Path):
    found = answer_of(capsys, "boards", "--model", str(measured_models / "mlperf_tiny" / "ad01_int8.tflite"))
    assert isinstance(found, list)
    assert len(found) >= 30
    assert all(item["reason"] for item in found)


@pytest.fixture
def small_model(tmp_path: Path) -> str:
    path = tmp_path / "small.tflite"
    path.write_bytes(small_network())
    return str(path)


def test_runtimes_say_what_is_modelled(capsys: pytest.CaptureFixture[str]):
    found = answer_of(capsys, "runtimes")
    assert isinstance(found, list)
    by_name = {item["name"]: item for item in found}
    assert by_name["tflm-cmsis-nn"]["ram_modelled"] is by_name["tflm-cmsis-nn"]["code_modelled"] is True
    assert by_name["tinymaix"]["ram_modelled"] is by_name["tinymaix"]["code_modelled"] is False
    assert "not modelled" in by_name["tinymaix"]["ram_modelled_reason"]
    assert by_name["st-edge-ai@8.1"]["samples"] < by_name["st-edge-ai"]["samples"]
    assert main(["runtimes"]) == 0
    assert "TinyMaix; RAM and code size not modelled; latency" in capsys.readouterr().out


def test_profile_with_a_runtime_that_is_not_modelled(capsys: pytest.CaptureFixture[str], small_model: str):
    found = answer_of(capsys, "profile", small_model, "--board", "raspberry-pi-pico", "--runtime", "tinymaix")
    assert isinstance(found, dict)
    for name in ("arena_bytes", "flash_bytes", "fits"):
        assert found[name] is None
        assert "TinyMaix" in found[f"{name}_reason"]
    assert found["peak_ram_bytes"] > 0
    assert main(["profile", small_model, "--board", "raspberry-pi-pico", "--runtime", "tinymaix"]) == 0
    text = capsys.readouterr().out
    assert "RAM (arena)    the RAM that TinyMaix needs is not modelled" in text


@pytest.mark.parametrize(("board", "fits"), [("raspberry-pi-pico", True), (None, None)])
def test_profile_says_whether_a_model_fits(
    capsys: pytest.CaptureFixture[str], small_model: str, board: str | None, fits: bool | None
):
    found = answer_of(capsys, "profile", small_model, *(["--board", board] if board else []))
    assert isinstance(found, dict)
    assert found["fits"] is fits
    if board:
        found = answer_of(capsys, "profile", small_model, "--board", board, "--reserve-flash", "4 MiB")
        assert isinstance(found, dict)
        assert found["fits"] is False


@pytest.mark.parametrize("size", ["1.024 B", "5 ms", "-1"])
def test_a_reserve_that_is_no_size_names_its_option(capsys: pytest.CaptureFixture[str], small_model: str, size: str):
    assert main(["profile", small_model, f"--reserve-flash={size}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"--reserve-flash: '{size}' ")
    assert said.count("\n") == 1


def test_the_same_commands_run_as_a_module(small_model: str):
    for module in ("resource_models", "resource_models.fitting"):
        done = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert f"python -m {module}" in done.stdout
    command = [sys.executable, "-m", "resource_models", "profile", small_model, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["arena_bytes"] > 2256
