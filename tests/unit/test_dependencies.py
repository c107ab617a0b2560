"""What the project stands on: the lock is complete and hashed, and the fragile parts import."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LOCKS = ("requirements.lock", ".ci/requirements-gpu.lock")


def locked(text: str) -> list[str]:
    """Return the entries of a lock, each a package with its continuation lines."""
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_is_pinned_and_hashed(project_root: Path, name: str):
    entries = locked((project_root / name).read_text(encoding="utf-8"))
    assert len(entries) > 100
    faulty = [e for e in entries if not re.match(r"[\w.-]+==\S+", e) or "--hash=sha256:" not in e]
    assert faulty == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_path(project_root: Path, name: str):
    text = (project_root / name).read_text(encoding="utf-8")
    assert re.findall(r"^.*(?:://|file:|--index|--find-links| @ |#).*$", text, flags=re.MULTILINE) == []


def test_the_lock_satisfies_what_the_project_asks_for(project_root: Path):
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = locked((project_root / "requirements.lock").read_text(encoding="utf-8"))
    pins = {}
    for entry in entries:
        name, _, rest = entry.partition("==")
        pins.setdefault(name.lower(), set()).add(rest.split()[0])
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        versions = pins.get(wanted.name.lower(), set())
        assert versions, f"{text} is not in requirements.lock: run `make lock`"
        assert all(wanted.specifier.contains(v) for v in versions), f"{text} is locked at {versions}"


def test_dragonfly_is_locked_and_installed(project_root: Path):
    lock = (project_root / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^dragonfly-opt==0\.1\.7 ", lock, flags=re.MULTILINE)
    if sys.version_info < (3, 12):
        assert version("dragonfly-opt") == "0.1.7"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="dragonfly-opt cannot be built from Python 3.12 on")
def test_dragonfly_imports_once_the_old_names_are_back():
    # `bool` and `object_` are names of numpy 2 again: only what is gone is restored.
    code = (
        "import math, os, numpy, warnings\n"
        "os.environ['POT_BACKEND_DISABLE_TENSORFLOW'] = '1'\n"
        "warnings.simplefilter('ignore')\n"
        "numpy.int, numpy.float, numpy.object, numpy.math = int, float, object, math\n"
        "numpy.asscalar = lambda array: array.item()\n"
        "from dragonfly.opt.gp_bandit import CPGPBandit\n"
        "from dragonfly.nn.otmann import OTMANNDistanceComputer\n"
        "import sys; print('tensorflow' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


def test_numpy_stays_below_the_version_that_dragonfly_cannot_use():
    assert tuple(int(part) for part in version("numpy").split(".")[:2]) < (2, 4)


# Spelled without dots, so that this file is not found by its own search.
PLACES = [
    name.replace("_", ".")
    for name in ("pypi_org", "pythonhosted_org", "registry_npmjs_org", "conda_anaconda_org", "deb_debian_org")
]
ABSOLUTE_PATH = re.compile(r"(?<![\w.~/-])/(?:root|work)/")


def test_no_file_names_a_registry_or_a_path_of_one_machine(project_root: Path, project_files: list[Path]):
    found = []
    for path in project_files:
        try:
            text = (project_root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if any(place in line for place in PLACES) or ABSOLUTE_PATH.search(line):
                found.append(f"{path.as_posix()}:{number}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "is_found"),
    [("open('/{}/x')", True), ("see /{}/main", True), ("a/{}/b", False), ("~/{}/b", False)],
)
def test_the_search_for_paths_finds_them(line: str, is_found: bool):
    assert bool(ABSOLUTE_PATH.search(line.format("work"))) is is_found
