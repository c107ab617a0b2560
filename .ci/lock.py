"""Resolves pyproject.toml into the files that pin versions: run by `make lock`, on any Python 3.

    requirements.lock           everything that a developer needs, for all platforms, with hashes
    .ci/requirements-gpu.lock   the same versions with TensorFlow's CUDA build, for Linux x86-64
    environment.yml             what the core needs, for conda; .binder/environment.yml is its copy

Versions that still satisfy pyproject.toml stay; `make lock UPGRADE=1` renews them.
"""

import os
import sys
import tempfile
from pathlib import Path

from bootstrap import PYTHON_VERSION, ROOT, SetupError, download, explain, fetch_uv, find_uv

LOCK = ROOT / "requirements.lock"
GPU_LOCK = ROOT / ".ci" / "requirements-gpu.lock"
CONDA_FILES = (ROOT / "environment.yml", ROOT / ".binder" / "environment.yml")
# dragonfly-opt builds only beside numpy and an old setuptools, which pip cannot be told and uv.toml tells uv.
SECOND_STEP = "dragonfly-opt"

CONDA_HEAD = """\
# The workbench in a conda environment. Made by `make lock` from requirements.lock: the same versions.
#
#     conda env create --file environment.yml
#     conda activate unas-workbench
#     uv pip install --editable .
#     jupyter lab notebooks/00_workbench.ipynb
#
# The third line is the second step: the project itself, and dragonfly-opt, which uv can build and pip cannot.
# conda brings Python and uv; the packages come from pip's index, because conda-forge has no tensorflow,
# ai-edge-litert, moocore or tflite of these versions, and two sources for one stack break each other.
name: unas-workbench
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11
  - pip
  - uv
  - pip:
"""


def resolve(uv, *options):
    """Run `uv pip compile` over pyproject.toml, so that it writes no address, path or remark."""
    command = [uv, "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--python-version", PYTHON_VERSION, *options, "pyproject.toml"]
    status, output = download(command)
    if status != 0:
        raise SetupError(explain(output, "The requirements could not be resolved."))


def resolve_gpu(uv, folder):
    """Lock TensorFlow with CUDA in the place of tensorflow-cpu, with which it shares its files."""
    override = folder / "override.txt"
    override.write_text("tensorflow-cpu; python_version < '3'\n", encoding="utf-8")
    options = ["--python-platform", "x86_64-manylinux_2_28", "--constraint", LOCK, "--override", override]
    resolve(uv, "--generate-hashes", "--extra", "dev", "--extra", "gpu", "--output-file", GPU_LOCK, *options)


def write_conda_files(uv, folder):
    """Write the core's part of the lock, in conda's format."""
    core = folder / "core.txt"
    resolve(uv, "--universal", "--constraint", LOCK, "--output-file", core)
    lines = core.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith(SECOND_STEP)]
    text = CONDA_HEAD + "".join('      - "{}"\n'.format(pin.replace('"', "'")) for pin in pins)
    for path in CONDA_FILES:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main():
    """Write all of them."""
    uv = find_uv() or fetch_uv()
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    resolve(uv, "--universal", "--generate-hashes", "--extra", "dev", "--output-file", LOCK, *upgrade)
    with tempfile.TemporaryDirectory() as folder:
        resolve_gpu(uv, Path(folder))
        write_conda_files(uv, Path(folder))


if __name__ == "__main__":
    try:
        main()
    except SetupError as problem:
        print("[lock] " + str(problem), file=sys.stderr)
        sys.exit(1)
