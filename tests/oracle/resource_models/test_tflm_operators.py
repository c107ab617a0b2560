"""The arena of one operator at a time against TensorFlow Lite Micro itself (mcufit, 32 bits, reference kernels)."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from resource_models import plan_arena, read_tflite
from tests.support.operator_files import Case, cases

ALLOWED = 16
"""Bytes; on the day of writing every one of them was exact."""
NOT_IN_TFLM = {"RSQRT int8", "MIRROR_PAD int16", "REDUCE_MAX int16", "RESIZE_BILINEAR int16"}
"""What TFLM refuses to run, at least on zeros."""


def arena_by_tflm(path: Path) -> int:
    """Bytes of head and tail that TFLM reports after one inference."""
    from mcufit.estimation.wasm import WasmArenaEstimator

    node = shutil.which("node")
    if node is None:
        pytest.skip("mcufit needs node")
    estimate = WasmArenaEstimator(node).estimate(SimpleNamespace(path=path))
    return estimate.peak_activation_bytes + estimate.overhead_bytes


CASES = [case for dtype in ("int8", "int16", "float32") for case in cases(dtype) if case.name not in NOT_IN_TFLM]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_arena_of_one_operator(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(case.write())
    plan = plan_arena(read_tflite(path), runtime="tflm-reference")
    assert abs(plan.arena_bytes - arena_by_tflm(path)) <= ALLOWED


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 100
    assert sum("LSTM" in case.name for case in CASES) >= 20
