"""`python -m resource_models` as people and scripts call it."""

import json
from pathlib import Path

import pytest

from resource_models.__main__ import main


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
