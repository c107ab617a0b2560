"""Whether all ways to run a network give the same bytes, layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.deploy.c.program import Program, program
from search.deploy.integer.model_file import read_network
from search.deploy.integer.network import IntegerNetwork
from search.deploy.proof.host import compiler_version, host_compiler, run_on_host
from search.deploy.proof.record import Verification, compared
from search.deploy.proof.tflm import PACKAGE, run_on_tflm, tflm_version

Bytes = NDArray[np.int8]
C, TFLM = "generated C", "TensorFlow Lite Micro"


def verify(
    model: bytes, inputs: Bytes, *, written: Program | None = None, flags: Sequence[str] = ("-O2",)
) -> tuple[Verification, ...]:
    """Run a model on inputs in NumPy, as C on this machine, and in TensorFlow Lite Micro.

    Args:
        model: an int8 `.tflite` file.
        inputs: (n, …) codes of its input.
        written: its C, where that was made already.
        flags: of the compiler, beside those for warnings.

    Returns:
        One record for each; what cannot be run here says why.

    Raises:
        DeployError: the model cannot be exported, or the C does not compile or run.
    """
    network = read_network(model)
    code = written or program(network, "network")
    reference = network.trace(inputs)

    def against(name: str, run: Callable[[], dict[int, Bytes]]) -> Verification:
        return Verification(name, len(inputs), compared(network, code.plan.layers, reference, run()))

    return (
        _by_compiler(network, code, inputs, flags, against),
        _by_tflm(network, model, inputs, against),
    )


_Against = Callable[[str, Callable[[], dict[int, Bytes]]], Verification]


def _by_compiler(
    network: IntegerNetwork, code: Program, inputs: Bytes, flags: Sequence[str], against: _Against
) -> Verification:
    compiler = host_compiler()
    if compiler is None:
        return Verification(C, 0, reason="this machine has no C compiler with a C library")
    name = f"{C}, {compiler_version(compiler)}, {' '.join(flags)}"
    return against(name, lambda: run_on_host(network, code, inputs, compiler=compiler, flags=flags).values)


def _by_tflm(network: IntegerNetwork, model: bytes, inputs: Bytes, against: _Against) -> Verification:
    version = tflm_version()
    if version is None:
        return Verification(TFLM, 0, reason=f"the package {PACKAGE} is not installed here")
    return against(f"{TFLM}, {PACKAGE} {version}", lambda: run_on_tflm(network, model, inputs))
