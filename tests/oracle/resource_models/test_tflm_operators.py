"""The arena of one operator at a time against TensorFlow Lite Micro itself (mcufit, 32 bits, reference kernels)."""

from __future__ import annotations

import pytest

from resource_models import plan_arena, read_tflite
from tests.support import tflm_judge
from tests.support.operator_files import Case, cases

ALLOWED = 16
"""Bytes; on the day of writing every one of them was exact."""
NOT_IN_TFLM = {"RSQRT int8", "MIRROR_PAD int16", "REDUCE_MAX int16", "RESIZE_BILINEAR int16"}
"""What TFLM refuses to run, at least on zeros."""


CASES = [case for dtype in ("int8", "int16", "float32") for case in cases(dtype) if case.name not in NOT_IN_TFLM]


@pytest.fixture(scope="module")
def arenas() -> dict[str, int | None]:
    """What TFLM takes for each of them."""
    return tflm_judge.arenas({case.name: case.write() for case in CASES})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_arena_of_one_operator(case: Case, arenas: dict[str, int | None]) -> None:
    plan = plan_arena(read_tflite(case.write()), runtime="tflm-reference")
    truth = arenas[case.name]
    assert truth is not None
    assert abs(plan.arena_bytes - truth) <= ALLOWED


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 100
    assert sum("LSTM" in case.name for case in CASES) >= 20
