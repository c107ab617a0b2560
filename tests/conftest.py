"""Fixtures that all kinds of tests share."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Cores are shared with worker processes here, so the time of one example says nothing.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project_files(project_root: Path) -> list[Path]:
    """The files that git knows or would add, relative to the project; skips outside of git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the project is not a git checkout here")
    paths = sorted({Path(name) for name in listing.split("\0") if name})
    return [path for path in paths if (project_root / path).is_file()]
