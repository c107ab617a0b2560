"""Measured networks and layers, where they are at hand."""

import os
from pathlib import Path

import pytest

from resource_models.latency.fitting.measurements import TABLES


@pytest.fixture(scope="session")
def measurements(project_root: Path) -> Path:
    """The folder of measurements; skips where there is none, and says what is missing and where it comes from."""
    folder = Path(os.environ.get("UNAS_MCU_DIR", project_root.parent / "shared" / "mcu"))
    missing = [name for name in (*TABLES, "tflm_arena.csv", "models") if not (folder / name).exists()]
    if missing:
        pytest.skip(
            f"{folder} lacks {', '.join(missing)}: published measurements, which the project does not hold. What was "
            "fitted to them is in resource_models/runtimes/fits, each fit with the source to gather them from; "
            "UNAS_MCU_DIR names a folder that has them."
        )
    return folder


@pytest.fixture(scope="session")
def measured_models(measurements: Path) -> Path:
    """The folder of measured .tflite files."""
    return measurements / "models"
