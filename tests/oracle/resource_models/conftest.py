"""Models of other people, where they are at hand."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def public_models(project_root: Path) -> Path:
    """The folder of public .tflite files; skips where there is none."""
    folder = Path(os.environ.get("UNAS_MCU_DIR", project_root.parent / "shared" / "mcu")) / "models" / "public"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; UNAS_MCU_DIR names a folder with models/public")
    return folder
