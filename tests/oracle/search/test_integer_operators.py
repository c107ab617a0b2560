"""The integer arithmetic against TensorFlow Lite Micro itself, operator by operator; and public models."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from resource_models import ModelFileError, ResourceModelError
from search.deploy.integer.model_file import read_network
from search.deploy.proof.tflm import run_on_tflm, tflm_version
from search.errors import DeployError
from tests.support.integer_operators import CASES, Case

pytestmark = pytest.mark.skipif(tflm_version() is None, reason="tflite-micro is not installed; it is for Linux x86-64")


def differing(model: bytes, inputs: int, seed: int) -> int:
    """Bytes that differ in any tensor."""
    network = read_network(model)
    rng = np.random.default_rng(seed)
    values = rng.integers(-128, 128, (inputs, *network.source.shape), np.int8)
    if network.source.shape == (1, 256):
        values[0] = np.arange(-128, 128)
    expected = network.trace(values)
    found = run_on_tflm(network, model, values)
    assert found
    return sum(int(np.sum(values != expected[tensor].reshape(inputs, -1))) for tensor, values in found.items())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_operator(case: Case) -> None:
    assert [differing(case.write(seed), 12, seed) for seed in range(4)] == [0] * 4


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_operator_with_many_codes(case: Case) -> None:
    assert sum(differing(case.write(seed), 20, seed) for seed in range(100, 160)) == 0


def test_public_models_are_the_same_or_refused_by_name(project_root: Path) -> None:
    folder = Path(os.environ.get("UNAS_MCU_DIR", project_root.parent / "shared" / "mcu")) / "models"
    if not folder.exists():
        pytest.skip(f"{folder} is not there: public models, which the project does not hold")
    same, refused = [], {}
    for path in sorted(folder.rglob("*.tflite")):
        try:
            different = differing(path.read_bytes(), 3, 0)
        except (DeployError, ResourceModelError, ModelFileError) as error:
            refused[path.name] = str(error)
            continue
        assert different == 0, path.name
        same.append(path.name)
    assert len(same) >= 12
    assert all(message.endswith(".") or "element type" in message for message in refused.values()), refused
