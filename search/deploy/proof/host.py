"""The generated C, compiled and run on this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.deploy.c.program import Program, harness
from search.deploy.integer.network import IntegerNetwork
from search.errors import DeployError

Bytes = NDArray[np.int8]
WARNINGS = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic")
SANITIZERS = ("-fsanitize=undefined,address", "-fno-sanitize-recover=all", "-g")
_COMPILERS = ("gcc", "cc", "clang")
_SECONDS = 600


@dataclass(frozen=True, eq=False)
class HostRun:
    """What the C computed: the values of every layer by tensor, (n, elements), the classes and confidences (n)."""

    values: dict[int, Bytes]
    classes: NDArray[np.int64]
    confidences: NDArray[np.int64]


def host_compiler() -> str | None:
    """The C compiler of this machine, None where there is none that makes a program of a file with `stdio.h`."""
    return next((path for name in _COMPILERS if (path := shutil.which(name)) and _works(path)), None)


@cache
def _works(compiler: str) -> bool:
    """Compilers come without a C library, too."""
    with tempfile.TemporaryDirectory(prefix="unas-") as folder:
        (Path(folder) / "try.c").write_text('#include <stdio.h>\nint main(void) { return puts("") < 0; }\n')
        try:
            done = subprocess.run([compiler, "try.c", "-o", "try"], cwd=folder, capture_output=True, check=False)
        except OSError:
            return False
        return done.returncode == 0


def compiler_version(compiler: str) -> str:
    """The first line that it says of itself."""
    done = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return (done.stdout.splitlines() or [compiler])[0]


def run_on_host(
    network: IntegerNetwork, program: Program, inputs: Bytes, *, compiler: str, flags: Sequence[str] = ("-O2",)
) -> HostRun:
    """Compile the program with every layer's values told, and run it on inputs (n, …).

    Raises:
        DeployError: it does not compile, or it ends otherwise than it should; the compiler's or its words are quoted.
    """
    with tempfile.TemporaryDirectory(prefix="unas-") as folder:
        executable = _compiled(program, Path(folder), compiler, flags)
        done = subprocess.run([executable], input=inputs.tobytes(), capture_output=True, check=False, timeout=_SECONDS)
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip()[:1000]
            raise DeployError(f"The generated C ended with status {done.returncode}: {words}")
    return _read(network, program, done.stdout, len(inputs))


def _compiled(program: Program, folder: Path, compiler: str, flags: Sequence[str]) -> Path:
    sources = {**program.sources, "main.c": harness(program)}
    for name, text in sources.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [name for name in sources if name.endswith(".c")]
    executable = folder / "run"
    command = [compiler, *WARNINGS, *flags, f"-D{program.name.upper()}_TRACE", "-o", str(executable), *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if done.returncode:
        raise DeployError(f"The generated C does not compile with {compiler}: {done.stderr.strip()[:1000]}")
    return executable


def _read(network: IntegerNetwork, program: Program, stream: bytes, count: int) -> HostRun:
    layers = program.plan.layers
    sizes = [network.tensors[layer.output].size for layer in layers]
    rows = np.frombuffer(stream, np.int8)
    if rows.size != count * (sum(sizes) + 3):
        raise DeployError(f"The generated C wrote {rows.size} bytes; {count * (sum(sizes) + 3)} were due.")
    rows = rows.reshape(count, -1)
    ends = np.cumsum(sizes)
    values = {layer.output: rows[:, end - size : end] for layer, size, end in zip(layers, sizes, ends, strict=True)}
    said = rows[:, ends[-1] :].view(np.uint8).astype(np.int64)
    return HostRun(values, said[:, 0] + 256 * said[:, 1], said[:, 2])
