"""The self-test on a simulated core with nothing but two Python packages: the compiler in `ziglang`, and `unicorn`.

For machines without an Arm compiler and QEMU: Windows, macOS, notebooks in the cloud. It counts no instructions.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from search.deploy.c.program import Program
from search.deploy.proof.cortex_m.simulate import STACK_BYTES, Core, SelfTestRun, fields, source_options, write_sources
from search.deploy.proof.record import Proof, Verification
from search.errors import DeployError

PACKAGES = ("ziglang", "unicorn")
MODELS = {"Cortex-M0+": "M0", "Cortex-M3": "M3", "Cortex-M4": "M4", "Cortex-M7": "M7", "Cortex-M33": "M33"}
"""Cores that the emulator knows, by its names; code for the M0+ is that for the M0."""
_OPTIONS = ("-O2", "-mthumb", "-std=c11", "-ffreestanding", "-ffunction-sections", "-fno-sanitize=undefined")
_LINK = ("-Wl,--gc-sections", "-Wl,-T,board.ld", "-DBOARD_NO_TICKS", "-g0")
_BUILD_S, _RUN_S = 300, 120
_BREAKPOINT, _WRITE, _EXIT = 7, 0x04, 0x20
_LOAD = 1


class EmulatedRun(SelfTestRun):
    """What an emulated core did."""

    __slots__ = ()

    @property
    def against(self) -> str:
        """What ran the network."""
        return f"generated C on {self.core} in unicorn {version('unicorn')}, compiled by ziglang {version('ziglang')}"


def missing_packages() -> tuple[str, ...]:
    """Which of the two packages are not installed."""
    return tuple(name for name in PACKAGES if not _installed(name))


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def emulate_cores(
    written: Program, selftest: str, cores: Sequence[Core], tell: Callable[[str], None] = lambda _: None
) -> Iterator[Proof]:
    """The self-test on each of the cores that the emulator knows; one that cannot be run says why."""
    for core in cores:
        if core.name in MODELS:
            tell(f"Running the self-test on an emulated {core.name}")
            try:
                yield emulate(written, selftest, core)
            except DeployError as error:
                yield Verification(f"generated C on {core.name} in unicorn", 0, reason=str(error).rstrip("."))


def emulate(written: Program, selftest: str, core: Core) -> EmulatedRun:
    """Build the self-test of a program for a core, and run it.

    Raises:
        DeployError: a package is missing, or the self-test cannot be built or does not come to its end.
    """
    absent = missing_packages()
    if absent:
        raise DeployError(f"Emulated boards need the package {' and '.join(absent)}: pip install {' '.join(absent)}.")
    if written.plan.bytes + STACK_BYTES > core.ram_bytes:
        raise DeployError(f"{written.plan.bytes:,} bytes of RAM are more than the emulated {core.name} has.")
    with tempfile.TemporaryDirectory(prefix="unas-") as name:
        folder = Path(name)
        write_sources(written, selftest, core, folder)
        lines = _run(core, _built(written, core, folder))
    examples = [fields(line) for line in lines if " example=" in line]
    last = next((fields(line) for line in lines if " done=" in line), None)
    board = next((fields(line) for line in lines if line.startswith("unas-board")), None)
    if last is None or board is None:
        raise DeployError(f"The self-test on {core.name} came to no end: {' / '.join(lines)[-500:]}")
    first = next((example["layer"] for example in examples if "layer" in example), None)
    return EmulatedRun(core.name, int(last["done"]), int(last["failed"]), first, int(board["stack"]))


def _built(written: Program, core: Core, folder: Path) -> bytes:
    target = ["-target", "thumb-freestanding-eabi", f"-mcpu={core.cpu.replace('-', '_')}"]
    command = [sys.executable, "-m", "ziglang", "cc", *target, *_OPTIONS, *source_options(written, "ticks"), *_LINK]
    done = subprocess.run(
        [*command, "-o", "image.elf"],
        cwd=folder,
        env={"ZIG_LOCAL_CACHE_DIR": str(folder), **os.environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=_BUILD_S,
    )
    if done.returncode:
        raise DeployError(f"ziglang cannot build the self-test: {done.stderr.strip()[:1000]}")
    return (folder / "image.elf").read_bytes()


def _segments(image: bytes) -> Iterator[tuple[int, bytes]]:
    """Where the parts of a 32-bit ELF file are loaded, and their bytes."""
    (begin,) = struct.unpack_from("<I", image, 28)
    size, count = struct.unpack_from("<HH", image, 42)
    for number in range(count):
        kind, offset, _, place, length = struct.unpack_from("<5I", image, begin + number * size)
        if kind == _LOAD and length:
            yield place, image[offset : offset + length]


def _run(core: Core, image: bytes) -> list[str]:
    import unicorn
    from unicorn import arm_const

    emulator = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
    emulator.ctl_set_cpu_model(getattr(arm_const, f"UC_CPU_ARM_CORTEX_{MODELS[core.name]}"))
    parts = list(_segments(image))
    end = max(place + len(data) for place, data in parts)
    emulator.mem_map(core.flash, -(-(end - core.flash) // 4096) * 4096)
    emulator.mem_map(core.ram, core.ram_bytes)
    for place, data in parts:
        emulator.mem_write(place, data)
    said = bytearray()
    emulator.hook_add(unicorn.UC_HOOK_INTR, lambda uc, number, _: _semihosting(uc, arm_const, number, said))
    stack, start = struct.unpack("<2I", bytes(emulator.mem_read(core.flash, 8)))
    emulator.reg_write(arm_const.UC_ARM_REG_SP, stack)
    try:
        emulator.emu_start(start | 1, 0, timeout=_RUN_S * 1_000_000)
    except unicorn.UcError as error:
        raise DeployError(f"The self-test on {core.name} was stopped ({error}) after {bytes(said)[-300:]!r}.") from None
    return said.decode("ascii", "replace").splitlines()


def _semihosting(emulator: Any, arm: Any, number: int, said: bytearray) -> None:
    """What the program asks of the one who debugs it: to print a text, or to end."""
    operation, argument = emulator.reg_read(arm.UC_ARM_REG_R0), emulator.reg_read(arm.UC_ARM_REG_R1)
    if number != _BREAKPOINT or operation not in (_WRITE, _EXIT) or operation == _EXIT:
        emulator.emu_stop()
    else:
        while (letter := bytes(emulator.mem_read(argument, 1))) != b"\0":
            said += letter
            argument += 1
        emulator.reg_write(arm.UC_ARM_REG_PC, emulator.reg_read(arm.UC_ARM_REG_PC) + 2 | 1)
