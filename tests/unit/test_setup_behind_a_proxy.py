"""The set-up where a proxy signs with an authority that only this system knows: it helps itself, and says how."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.package_index import authority, https_index, write_wheel

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the uv that plays is a shell script"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with"),
]
FOREIGN = ("PIP_", "UV", "SSL_", "REQUESTS_CA", "CURL_CA", "NODE_", "PYTHON")

SetUp = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path, project_root: Path) -> Path:
    """A project with nothing in it but what the set-up reads."""
    folder = tmp_path / "project"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(project_root / ".ci" / "bootstrap.py", folder / ".ci")
    for name in ("requirements.lock", "pyproject.toml", "uv.toml"):
        (folder / name).write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def set_up(tmp_path: Path, project: Path) -> Iterator[SetUp]:
    """Calls the set-up, with an index on this machine and no uv on the path."""
    write_wheel(tmp_path / "served")
    ca, cert, key = authority(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "mkdir", "ln"):
        (tools / name).symlink_to(str(shutil.which(name)))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    with https_index(tmp_path / "served", cert, key) as address:

        def call(**environment: str) -> subprocess.CompletedProcess[str]:
            own = {"PIP_INDEX_URL": address, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "localhost"}
            calls = {"UV_CALLS": str(tmp_path / "calls"), "PYTHON_OF_TEST": sys.executable}
            everything = {**kept, **own, **calls, "PATH": str(tools), "SSL_CERT_FILE": str(ca), **environment}
            command = [sys.executable, str(project / ".ci" / "bootstrap.py"), "env"]
            return subprocess.run(command, env=everything, capture_output=True, text=True, check=False)

        yield call


def test_it_tries_the_certificates_of_the_system_by_itself_and_says_so(set_up: SetUp, project: Path, tmp_path: Path):
    done = set_up()
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(f"trying again with the certificates that this system trusts ({tmp_path / 'ca.pem'})") == 1
    assert "[setup] the environment is ready" in done.stderr
    assert "UnknownIssuer" not in done.stderr
    assert (project / ".venv" / "made-from.txt").exists()


@pytest.mark.long
def test_uv_alone_is_helped_too(set_up: SetUp, tmp_path: Path):
    """pip needed no help here, so that it is uv's own message that is understood."""
    done = set_up(PIP_CERT=str(tmp_path / "ca.pem"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("trying again") == 1
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [line.split()[0] for line in calls if line != "--version"] == ["venv", "venv", "pip", "pip"]


@pytest.mark.long
def test_an_authority_that_nobody_knows_is_one_sentence_with_what_to_do(set_up: SetUp, project: Path):
    done = set_up(UV_TRUSTS_NOBODY="1")
    assert done.returncode == 1
    assert "set SSL_CERT_FILE and PIP_CERT to the file with the certificates of your network's proxy" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / ".venv" / "made-from.txt").exists()


@pytest.mark.long
def test_what_a_person_has_set_stays(set_up: SetUp, tmp_path: Path):
    (tmp_path / "other.pem").write_text((tmp_path / "cert.pem").read_text())
    done = set_up(PIP_CERT=str(tmp_path / "other.pem"))
    assert done.returncode == 1
    assert "uv could not be installed with pip. The server's certificate is signed by an authority" in done.stderr
