"""What is said of models that TensorFlow Lite Micro does not run, and of those that only it knows."""

import json
from pathlib import Path

import pytest

from resource_models import board, boards_that_fit, memory_timeline, profile, read_tflite
from resource_models.__main__ import main
from resource_models.model_file import tflm_support
from tests.support.tflm_models import public_like_models

MODELS = public_like_models()
FULL_INT8 = "; convert it with a representative data set to full int8"


def test_the_table_says_from_which_sources_it_is():
    table = json.loads(Path(tflm_support.__file__).with_name("tflm_operators.json").read_text(encoding="utf-8"))
    assert "github.com/tensorflow/tflite-micro" in table["source"]
    assert len(table["revision"]) == 40
    assert len(table["operators"]) + len(table["custom_operators"]) >= 110


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hybrid convolution", "hybrid models (dynamic range) are not supported" + FULL_INT8),
        ("hybrid dense", "hybrid models (dynamic range) are not supported" + FULL_INT8),
        ("uint8 convolution", "uint8 was dropped" + FULL_INT8),
        ("uint8 softmax", "uint8 was dropped" + FULL_INT8),
        ("float16 weights", "no kernel reads float16; convert it without float16, to float32, or"),
        (
            "int16 hard swish",
            "but for float32 or int8; convert it to full int8, or compute this part",
        ),
        ("shape at run time", "known only at run time, (-1, 8); give the model's input a fixed shape"),
        ("eleven tensors joined", "takes at most 10 tensors, not 11; join them in several steps"),
        ("parts that do not add up", "would give 4 along axis 1, not 9"),
        ("weights left out", "READ_VARIABLE reads 'dense/kernel', which nothing in the file assigns"),
        ("Flex operator", "it has no kernel for FlexErf (operator 0), an operator of full TensorFlow"),
        ("custom operator", "it has no kernel for MyLayer (operator 0), a custom operator; register one of your own"),
        ("no kernel: GELU", "it has no kernel for GELU (operator 0); replace that operator by others"),
    ],
)
def test_a_model_that_does_not_run_fits_nowhere(
    name: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "model.tflite"
    path.write_bytes(MODELS[f"refused: {name}"])
    report = profile(read_tflite(path), board=board("arduino-nano-33-ble"))
    assert reason in report.refused
    assert report.refused.startswith("TensorFlow Lite Micro does not run it: ")
    # No number stands beside it that would be of a network that runs.
    assert report.arena_bytes is None
    assert str(report.latency) == report.refused
    assert main(["profile", str(path), "--board", "arduino-nano-33-ble", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fits"] is False
    assert answer["fits_reason"] == report.refused
    assert main(["profile", str(path), "--board", "arduino-nano-33-ble"]) == 0
    assert f"does not fit, since {report.refused}" in capsys.readouterr().out
    assert {fit.fits for fit in boards_that_fit(read_tflite(path))} <= {False, None}


@pytest.mark.parametrize("name", ["dilated TCN, int8", "PRELU CNN, int8", "streaming 3, int8", "branches, int8"])
def test_what_cannot_be_timed_runs_and_has_its_memory(name: str):
    report = profile(read_tflite(MODELS[name]), board=board("arduino-nano-33-ble"))
    assert report.refused == ""
    assert report.arena_bytes > 1000
    assert report.latency.__class__.__name__ == "Missing"


def test_a_streaming_model_keeps_its_variables_and_what_is_in_them():
    arenas = [profile(read_tflite(MODELS[f"streaming {n}, int8"])).arena_bytes for n in (1, 3)]
    # Two more variables of 4 and 5 frames of 8 values at least.
    assert arenas[1] - arenas[0] > 8 * (4 + 5)


def test_a_streaming_model_keeps_the_order_of_its_file():
    graph = read_tflite(MODELS["streaming 3, int8"])
    timeline = memory_timeline(graph)
    assert [step.operator for step in timeline.steps] == [operator.name for operator in graph.operators]
    assert profile(graph).peak_ram_bytes == timeline.peak_bytes
    assert memory_timeline(graph, "unas").peak_bytes > 0


def test_versions_change_nothing():
    arenas = {profile(read_tflite(MODELS[f"image CNN of version {n}"])).arena_bytes for n in (2, 9, 99)}
    assert arenas == {profile(read_tflite(MODELS["image CNN, int8"])).arena_bytes}
