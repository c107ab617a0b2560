"""Damaged tables and arrays give arrays or one sentence: never a traceback, and never a constant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data import DataError, load
from tests.support.mutated_files import SCHEMES, mutated

FEW, MANY = 40, 900


def read(kind, seed, folder):
    """The data set of a mutated file, or the sentence that refuses it; whatever else is raised is a defect."""
    path = folder / f"x.{kind}"
    path.write_bytes(mutated(kind, seed))
    try:
        return load(SCHEMES[kind].format(path))
    except DataError as refused:
        return str(refused)


def count_read(kind, seeds, folder):
    """How many were read; each of those holds numbers that differ, and each class in each part."""
    count = 0
    for seed in seeds:
        try:
            outcome = read(kind, seed, folder)
        except Exception as error:  # noqa: BLE001 - any at all, named with its seed
            pytest.fail(f"{kind} {seed}: {type(error).__name__}: {error}")
        if isinstance(outcome, str):
            assert len(outcome) > 20, (kind, seed)
            assert "\n" not in outcome, (kind, seed)
            continue
        for split in outcome.splits().values():
            assert np.isfinite(split.as_float()).all(), (kind, seed)
            assert min(split.class_counts(outcome.num_classes)) > 0, (kind, seed)
        assert outcome.train.x.min() < outcome.train.x.max(), (kind, seed)
        count += 1
    return count


@pytest.mark.parametrize("kind", SCHEMES)
def test_a_few_mutated_files(kind, tmp_path):
    assert 0 < count_read(kind, range(FEW), tmp_path) < FEW


def test_damaged_files_of_others(tmp_path):
    """Samples that once ended in a traceback, where this machine has them beside the project."""
    folder = Path(__file__).resolve().parents[5] / "shared" / "cases" / "hostile"
    files = [*folder.glob("npz_*.npz"), *folder.glob("table_*.parquet")]
    if not files:
        pytest.skip("there are no samples of damaged files beside the project")
    for file in files:
        with pytest.raises(DataError) as refused:
            load(f"{'npz' if file.suffix == '.npz' else 'table'}:{file}")
        assert "\n" not in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEMES)
def test_many_mutated_files(kind, tmp_path):
    count = count_read(kind, range(FEW, FEW + MANY), tmp_path)
    print(f"{kind}: {count} of {MANY} read, {MANY - count} refused in one sentence")
    assert 0 < count < MANY
