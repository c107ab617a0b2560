"""Simulated boards by whatever this machine has: an Arm compiler with QEMU, or else two Python packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from search.deploy.c.program import Program
from search.deploy.proof.cortex_m.pip_only import PACKAGES, emulate_cores, missing_packages
from search.deploy.proof.cortex_m.simulate import SIMULATED, Core, missing_tools, run_on_cores
from search.deploy.proof.record import Proof, Verification

_EMULATED = "Cortex-M4"


def run_on_boards(
    written: Program, selftest: str, cores: Sequence[Core], tell: Callable[[str], None] = lambda _: None
) -> tuple[Proof, ...]:
    """The self-test on simulated cores.

    Args:
        written: the program.
        selftest: of it.
        cores: for QEMU; where only the Python packages are there, the Cortex-M4 among them.
        tell: is told of each core before it begins.

    Returns:
        One for each core that ran or could not; a single one that says what is missing where nothing can.
    """
    absent = missing_tools()
    if not absent:
        return run_on_cores(written, selftest, cores, tell)
    if not missing_packages():
        return tuple(emulate_cores(written, selftest, [core for core in cores if core.name == _EMULATED], tell))
    reason = f"this machine has no {' and no '.join(absent)}, and not both of the packages {' and '.join(PACKAGES)}"
    return (Verification(SIMULATED, 0, reason=reason),)
