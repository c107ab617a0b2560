"""Measured networks and layers, where they are at hand."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def measurements(project_root: Path) -> Path:
    """The folder of measurements; skips where there is none."""
    folder = Path(os.environ.get("UNAS_MCU_DIR", project_root.parent / "shared" / "mcu"))
    if not (folder / "op_points.csv").is_file():
        pytest.skip(f"no measurements in {folder}; UNAS_MCU_DIR names their folder")
    return folder


@pytest.fixture(scope="session")
def measured_models(measurements: Path) -> Path:
    """The folder of measured .tflite files."""
    return measurements / "models"
