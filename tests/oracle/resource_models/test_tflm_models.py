"""Whole models over operators, element types and versions: what is said of each is what TensorFlow Lite Micro does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resource_models import profile, read_tflite
from resource_models.model_file import tflm_support
from tests.support import tflm_judge
from tests.support.tflm_models import public_like_models
from tests.support.tflm_probes import PROBES, SIGNALS, Probe
from tests.support.tflm_types import combinations

MODELS = public_like_models()
NUMBERS_DECIDE = ("RSQRT int8", "DIV int8", "TFLite_Detection_PostProcess")
"""What fails on some numbers: roots of what is below zero, divisions by zero, boxes inside out."""
UNCHECKED = ("LOGICAL_AND", "LOGICAL_OR")
"""What TFLM runs on any type, to read its bytes as booleans: it is said not to run."""
TABLE = json.loads(Path(tflm_support.__file__).with_name("tflm_operators.json").read_text(encoding="utf-8"))
LINES = {**TABLE["operators"], **TABLE["custom_operators"]}
NO_PROBE = {"CALL_ONCE", "IF", "WHILE", "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "TFLM_DECODE"}
"""Operators that come with subgraphs or variables, which whole models have, and one of whose memory nothing is said."""


@pytest.fixture(scope="module")
def truths() -> dict[str, int | None]:
    """The arena that TFLM takes for each model, None where it does not run it."""
    return tflm_judge.arenas(MODELS)


def differences(models: dict[str, bytes], truths: dict[str, int | None]) -> tuple[dict[str, str], dict[str, int]]:
    """What is said of each model of which it is wrong, and the bytes of arena above those of TFLM of the others."""
    wrong: dict[str, str] = {}
    above: dict[str, int] = {}
    for name, data in models.items():
        report = profile(read_tflite(data), runtime="tflm-reference")
        truth = truths[name]
        if (truth is None) != bool(report.refused):
            wrong[name] = report.refused or "it runs"
        elif truth is not None:
            above[name] = report.arena_bytes - truth
    return wrong, above


def test_there_are_models_of_every_kind(truths: dict[str, int | None]) -> None:
    assert len(MODELS) >= 60
    assert sum(truth is None for truth in truths.values()) >= 20
    assert sum(truth is not None for truth in truths.values()) >= 50


def test_a_model_fits_where_tflm_runs_it_and_takes_the_arena_that_is_said(truths: dict[str, int | None]) -> None:
    wrong, above = differences(MODELS, truths)
    assert wrong == {}
    close = [name for name, more in above.items() if abs(more) <= max(0.01 * (truths[name] or 0), 64)]
    assert len(close) >= 0.98 * len(above)
    assert {name: more for name, more in above.items() if more < -32} == {}
    # On the day of writing every one of them was exact.
    assert {name: more for name, more in above.items() if abs(more) > 16} == {}


def tried(probe: Probe) -> dict[str, bytes]:
    return {
        f"{probe.name} {' '.join(reads)} > {' '.join(writes)}": probe.write(reads, writes)
        for reads, writes in combinations(probe, LINES[probe.name])
    }


def test_every_operator_of_the_table_is_tried() -> None:
    assert {probe.name for probe in (*PROBES, *SIGNALS)} == LINES.keys() - NO_PROBE


@pytest.mark.long
def test_every_operator_in_every_type_runs_where_the_table_says_so_and_nowhere_else() -> None:
    models = {name: data for probe in (*PROBES, *SIGNALS) for name, data in tried(probe).items()}
    models = {name: data for name, data in models.items() if not name.startswith(NUMBERS_DECIDE)}
    truths = tflm_judge.arenas(models)
    assert len(models) >= 800
    wrong, above = differences(models, truths)
    assert {name: said for name, said in wrong.items() if not name.startswith(UNCHECKED)} == {}
    assert {name: more for name, more in above.items() if abs(more) > 16} == {}


def test_models_that_people_try_first(public_models: Path) -> None:
    models = {path.name: path.read_bytes() for path in sorted(public_models.glob("*.tflite"))}
    truths = tflm_judge.arenas(models)
    assert truths["okay_nabu.tflite"] == 20508
    wrong, above = differences(models, truths)
    assert wrong == {}
    assert set(above.values()) == {0}
    report = profile(read_tflite(models["mobilenet_v1_0.25_128_quant.tflite"]))
    assert "uint8 was dropped; convert it with a representative data set to full int8" in report.refused
