"""Random networks within a budget: what is drawn and written, and what is refused; from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from resource_models import costs, read_tflite
from search.budget import Budget
from search.cli import sampling
from search.cli.app import main
from search.cli.sampling import draw, parse_input, sampling_problem
from search.errors import BudgetError
from search.settings import RunSettings
from search.spaces import space
from search.training.random_weights import random_weights

SMALL = ("--input", "28x28x1", "--ram", "2500B", "--flash", "4500B", "--accounting", "unas")


def problem(space_name="cnn-extended", **budget):
    settings = RunSettings(dataset="none", space=space_name, budget=Budget.parse(**budget))
    return sampling_problem(settings, shape=(16, 16, 1), classes=4)


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["sample", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("space_name", ["cnn", "cnn-extended"])
def test_networks_are_within_the_budget_and_the_files_hold_them(tmp_path: Path, capsys, space_name: str) -> None:
    to = tmp_path / "new" / "folder"
    found = command(capsys, *SMALL, "--space", space_name, "--count", "2", "--to", str(to))
    assert found["count"] == len(found["networks"]) == 2 <= found["drawn"]
    assert sorted(path.name for path in to.iterdir()) == [f"sample_000{i}.json" for i in range(2)]
    networks = space(space_name, (28, 28, 1), 10)
    for row in found["networks"]:
        document = json.loads(Path(row["file"]).read_text())
        assert (document["space"], document["input_shape"], document["num_classes"]) == (space_name, [28, 28, 1], 10)
        assert (document["accounting"], document["board"], document["runtime"]) == ("unas", None, "tflm-reference")
        needs = costs(networks.lower(networks.from_json(document["architecture"])), accounting="unas")
        figures = {"ram_bytes": needs.ram_bytes, "model_bytes": needs.model_bytes, "macs": needs.macs}
        assert figures.items() <= row.items()
        assert figures.items() <= document.items()
        assert needs.ram_bytes <= 2500
        assert needs.model_bytes <= 4500


def test_a_board_fills_the_budget_and_a_data_set_the_task(tmp_path: Path, capsys) -> None:
    options = ("--dataset", "digits", "--board", "arduino-nano-33-ble", "--latency", "3ms")
    found = command(capsys, *options, "--count", "2", "--to", str(tmp_path))
    document = json.loads((tmp_path / "sample_0001.json").read_text())
    assert (document["input_shape"], document["num_classes"]) == ([8, 8, 1], 10)
    assert document["budget"]["ram_bytes"] > 100_000
    assert document["runtime"] == "tflm-cmsis-nn"
    assert all(0 < row["latency_s"] <= 0.003 for row in found["networks"])


def test_the_same_seed_draws_the_same_and_a_larger_count_more_of_them(tmp_path: Path, capsys) -> None:
    texts = {}
    for name, count, seed in (("a", 2, 5), ("b", 4, 5), ("c", 2, 6)):
        found = command(
            capsys,
            *SMALL,
            "--space",
            "cnn-extended",
            "--count",
            str(count),
            "--seed",
            str(seed),
            "--to",
            str(tmp_path / name),
        )
        texts[name] = [Path(row["file"]).read_text() for row in found["networks"]]
    assert texts["a"] == texts["b"][:2]
    assert texts["a"] != texts["c"]


def test_no_two_networks_are_the_same() -> None:
    settings = RunSettings(dataset="none", space="cnn-extended", budget=Budget.parse(macs=50))
    tiny = sampling_problem(settings, shape=(3, 1, 1), classes=2)
    drawn = [tiny.space.lower(tiny.space.sample(np.random.default_rng((0, i)))) for i in range(200)]
    allowed = [graph for graph in drawn if costs(graph).macs <= 50]
    distinct = list(dict.fromkeys(allowed))
    assert len(distinct) < len(allowed)  # otherwise this shows nothing
    found = list(draw(tiny, count=len(distinct), seed=0))
    assert [one.graph for one in found] == distinct
    assert [one.number for one in found] == list(range(len(distinct)))
    assert [drawn[one.drawn - 1] for one in found] == distinct


def costs_of_mlp() -> int:
    """Bytes of the smallest network of the mlp space."""
    networks = space("mlp", (16, 16, 1), 4)
    return costs(networks.lower(networks.smallest()[0])).model_bytes


def test_a_search_in_vain_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "PATIENCE", 300)
    only_one = problem("mlp", flash=costs_of_mlp())
    with pytest.raises(BudgetError, match=r"After \d of 5 networks, none of 300 random ones was a new one"):
        list(draw(only_one, count=5, seed=0))


def test_news_come_while_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "PATIENCE", 30)
    monkeypatch.setattr(sampling, "NEWS_EVERY", 10)
    news: list[tuple[int, int]] = []
    with pytest.raises(BudgetError):
        list(draw(problem("mlp", flash=costs_of_mlp()), count=5, seed=1, tell=lambda *args: news.append(args)))
    assert [drawn for drawn, _ in news] == [10 * (i + 1) for i in range(len(news))]
    assert len(news) >= 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--dataset"),
        (("--dataset", "digits", "--input", "8x8x1"), "either a data set"),
        (("--dataset", "digits", "--classes", "3"), "--classes goes with --input"),
        (("--dataset", "digit"), "There is no data set 'digit'"),
        (("--input", "28x28"), "'28x28' is not of the form 28x28x1"),
        (("--input", "8x8x0"), "not of the form"),
        (("--input", "2x2x1", "--space", "cnn-extended"), "at least 3 high or wide, not 2×2"),
        (("--input", "8x8x1", "--classes", "1"), "at least 2 classes"),
        (("--input", "8x8x1", "--space", "cmm"), "no search space 'cmm'"),
        (("--input", "8x8x1", "--ram", "100B"), "the smallest needs"),
        (("--input", "8x8x1", "--macs", "3", "--space", "cnn-extended"), "the smallest needs 11 MACs"),
        (("--input", "8x8x1", "--latency", "2ms"), "no board is chosen"),
        (("--input", "8x8x1", "--board", "arduino-nano-33-blue"), "did you mean"),
        (("--input", "8x8x1", "--runtime", "tflm"), "There is no runtime 'tflm'"),
        (("--input", "8x8x1", "--accounting", "guess"), "'guess'"),
        (("--input", "8x8x1", "--count", "0"), "--count"),
        (("--input", "8x8x1", "--seed", "-1"), "--seed"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(tmp_path: Path, capsys, arguments, words: str) -> None:
    to = tmp_path / "samples"
    assert main(["sample", *arguments, "--to", str(to)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1, printed.err
    assert not to.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").touch()
    assert main(["sample", "--input", "8x8x1", "--to", str(tmp_path / "file" / "samples")]) == 2
    printed = capsys.readouterr()
    assert "cannot be written" in printed.err
    assert len(printed.err.splitlines()) == 1


def test_without_tflite_no_framework_is_loaded(tmp_path: Path, project_root: Path) -> None:

    code = (
        "import sys; from search.cli.app import main; "
        f"status = main(['sample', '--input', '8x8x1', '--count', '1', '--to', {str(tmp_path)!r}]); "
        "print([status, 'tensorflow' in sys.modules, 'keras' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=project_root)
    assert done.stdout.splitlines()[-1] == "[0, False, False]"


@pytest.mark.parametrize(("text", "shape"), [("28x28x1", (28, 28, 1)), ("49×40×1", (49, 40, 1)), (" 30 ", (30,))])
def test_shapes_are_read(text: str, shape: tuple[int, ...]) -> None:
    assert parse_input(text) == shape


def test_random_weights_leave_nothing_at_zero_and_scale_stays() -> None:
    rng = np.random.default_rng(0)
    assert all((random_weights(name, (40,), rng) != 0).all() for name in ("bias", "beta", "moving_mean"))
    assert random_weights("moving_variance", (100,), rng).min() >= 0.5
    outputs = rng.normal(size=(200, 300)) @ random_weights("kernel", (300, 100), rng)
    assert 1 < outputs.std() < 2  # of variance 2, as before a ReLU


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("--dataset", "digits", "--space", "mlp", "--flash", "32KiB"),
        ("--dataset", "digits", "--space", "cnn", "--ram", "8KiB", "--flash", "32KiB"),
        ("--input", "128x1x3", "--classes", "2", "--space", "cnn-extended", "--ram", "16KiB", "--flash", "64KiB"),
    ],
)
def test_tflite_files_are_what_was_foreseen(tmp_path: Path, capsys, arguments: tuple[str, ...]) -> None:
    first = command(capsys, *arguments, "--count", "3", "--to", str(tmp_path / "a"), "--tflite")
    for row in first["networks"]:
        size = Path(row["tflite"]).stat().st_size
        assert size == row["tflite_bytes"]
        assert abs(size - row["model_bytes"]) <= max(0.02 * size, 512)
        read = costs(read_tflite(Path(row["tflite"])))
        assert read.macs == row["macs"]
        assert abs(read.ram_bytes - row["ram_bytes"]) <= 64
    again = command(capsys, *arguments, "--count", "2", "--to", str(tmp_path / "b"), "--tflite")
    for before, after in zip(first["networks"], again["networks"], strict=False):
        assert Path(before["tflite"]).read_bytes() == Path(after["tflite"]).read_bytes()
