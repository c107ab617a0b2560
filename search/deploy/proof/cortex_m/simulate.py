"""Building and running a self-test for a simulated core, and reading what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from search.deploy.c.program import Program
from search.deploy.proof.record import Proof, Verification
from search.errors import DeployError

COMPILER, SIZE, EMULATOR = "arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm"
OPTIMISE = "-O2"
SIMULATED = "generated C on simulated Cortex-M"
_SECONDS = 120
STACK_BYTES = 16_384
_OPTIONS = ("-mthumb", "-std=c11", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-ffunction-sections")


@dataclass(frozen=True, slots=True)
class Core:
    """A core, the machine of QEMU that runs its code, where flash and RAM begin there, and bytes of RAM."""

    name: str
    cpu: str
    machine: str
    flash: int = 0
    ram: int = 0x20000000
    ram_bytes: int = 0x80000


CORES = (
    Core("Cortex-M0+", "cortex-m0plus", "mps2-an385"),  # there is no machine of its own; the M3 runs its code
    Core("Cortex-M3", "cortex-m3", "mps2-an385"),
    Core("Cortex-M4", "cortex-m4", "mps2-an386"),
    Core("Cortex-M7", "cortex-m7", "mps2-an500"),
    Core("Cortex-M33", "cortex-m33", "mps2-an505", flash=0x10000000, ram=0x38000000),
    Core("Cortex-M55", "cortex-m55", "mps3-an547"),
)


@dataclass(frozen=True, slots=True)
class SelfTestRun:
    """What the self-test gave on a core.

    Attributes:
        core: its name.
        examples, failed: of the self-test.
        first_different: layer that the first failing example names.
        stack_bytes: used below the call of an inference.
    """

    core: str
    examples: int
    failed: int
    first_different: str | None
    stack_bytes: int

    @property
    def against(self) -> str:
        """What ran the network."""
        return f"generated C on {self.core}"

    @property
    def reason(self) -> str:
        """Empty: it ran."""
        return ""

    @property
    def verified(self) -> bool:
        """Whether every example gave the bytes that it should, in every layer."""
        return self.examples > 0 and not self.failed

    @property
    def used(self) -> str:
        """What an inference used, as the end of a sentence."""
        return f"{self.stack_bytes:,} bytes of stack"

    @property
    def words(self) -> str:
        """What came of it, in one sentence."""
        first = f", first in {self.first_different}" if self.first_different else ""
        return (
            f"{self.against}: {self.examples - self.failed} of {self.examples} examples of the self-test gave the same "
            f"bytes in every layer{first}; {self.used}."
        )

    def to_json(self) -> dict[str, Any]:
        """The entry of `model.json`."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("core", "lines")}
        return {"against": self.against, "verified": self.verified, **kept}


@dataclass(frozen=True, slots=True)
class CoreRun(SelfTestRun):
    """What a simulated core did.

    Attributes:
        instructions: of one inference; of the validation examples the most. No cycles, so no time.
        code_bytes, weight_bytes: of the network's code and constants in flash, as the compiler made them.
        ram_bytes: of the static buffer and all else that is not constant.
        lines: of the self-test.
    """

    instructions: int
    code_bytes: int
    weight_bytes: int
    ram_bytes: int
    lines: tuple[str, ...]

    @property
    def against(self) -> str:
        """What ran the network."""
        return f"generated C on {self.core} in QEMU"

    @property
    def used(self) -> str:
        """What an inference used, as the end of a sentence."""
        return (
            f"at most {self.instructions:,} instructions for an inference, {self.code_bytes:,} bytes of code, "
            f"{self.weight_bytes:,} of constants, {self.ram_bytes:,} of RAM and {self.stack_bytes:,} of stack"
        )


def missing_tools() -> tuple[str, ...]:
    """Which of the programs that this needs are not installed."""
    return tuple(tool for tool in (COMPILER, SIZE, EMULATOR) if shutil.which(tool) is None)


def run_on_core(written: Program, selftest: str, core: Core) -> CoreRun:
    """Build the self-test of a program for a core, and run it.

    Raises:
        DeployError: a tool is missing, or the self-test cannot be built or does not come to its end.
    """
    absent = missing_tools()
    if absent:
        raise DeployError(f"Simulated boards need {', '.join(absent)}, which this machine does not have.")
    if written.plan.bytes + STACK_BYTES > core.ram_bytes:
        raise DeployError(f"{written.plan.bytes:,} bytes of RAM are more than the simulated {core.name} has.")
    with tempfile.TemporaryDirectory(prefix="unas-") as name:
        folder = Path(name)
        lines = _run(core, image(written, selftest, core, folder))
        sizes = _sizes(written, core, folder)
    return _read(core, lines, sizes)


def write_sources(written: Program, selftest: str, core: Core, folder: Path) -> None:
    """Write the program, its self-test, and what a simulated core starts with."""
    texts = {**written.sources, f"{written.name}_selftest.c": selftest}
    for file in ("board.c", "board.h", "board.ld"):
        texts[file] = files("search.deploy.proof.cortex_m").joinpath(file).read_text(encoding="utf-8")
    for word, value in {"FLASH_BEGIN": core.flash, "RAM_BEGIN": core.ram, "RAM_BYTES": core.ram_bytes}.items():
        texts["board.ld"] = texts["board.ld"].replace(f"@{word}@", f"{value:#x}")
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")


def image(written: Program, selftest: str, core: Core, folder: Path, *, clock: str = "instructions") -> Path:
    """Build the self-test of a program for a core.

    Args:
        written: the program.
        selftest: of it.
        core: to build for.
        folder: for all files.
        clock: the field that the instructions of an inference are printed in.

    Raises:
        DeployError: it cannot be built; the compiler's words are quoted.
    """
    write_sources(written, selftest, core, folder)
    return _linked(written, core, folder, clock)


def emulator(core: Core, built: Path) -> list[str]:
    """The command that runs an image; it writes to its standard error and output."""
    command = [EMULATOR, "-machine", core.machine, "-nographic", "-monitor", "none", "-serial", "none"]
    return [*command, "-icount", "shift=0", "-semihosting-config", "enable=on,target=native", "-kernel", str(built)]


def _linked(written: Program, core: Core, folder: Path, clock: str) -> Path:
    command = [COMPILER, f"-mcpu={core.cpu}", OPTIMISE, *_OPTIONS, *source_options(written, clock)]
    command += ["-nostdlib", "-Wl,--gc-sections", "-T", "board.ld", "-lgcc"]
    built = folder / "image.elf"
    _call([*command, "-o", built.name], folder)
    return built


def source_options(written: Program, clock: str) -> list[str]:
    """What a compiler is told of the self-test: its sources, and where it prints and gets its time from."""
    upper, name = written.name.upper(), written.name
    defines = [f"-D{upper}_TRACE", f"-D{upper}_NO_MAIN", f"-D{upper}_PRINT=board_print"]
    defines += [f"-D{upper}_CLOCK_US=board_clock", f'-D{upper}_CLOCK_FIELD=" {clock}="']
    defines += [f"-DSELFTEST={name}_selftest", "-include", "board.h"]
    return [*defines, f"{name}.c", f"{name}_weights.c", f"{name}_selftest.c", "board.c"]


def _sizes(written: Program, core: Core, folder: Path) -> tuple[int, int, int]:
    """Bytes of code with its constants, of weights, and of RAM."""
    name = written.name
    for file in (name, f"{name}_weights"):
        _call([COMPILER, f"-mcpu={core.cpu}", OPTIMISE, *_OPTIONS, "-c", f"{file}.c", "-o", f"{file}.o"], folder)
    rows = _call([SIZE, f"{name}.o", f"{name}_weights.o"], folder).splitlines()[1:]
    code, weights = ([int(word) for word in row.split()[:3]] for row in rows)
    return code[0], weights[0], code[1] + code[2] + weights[1] + weights[2]


def _call(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if done.returncode:
        raise DeployError(f"{command[0]} cannot build the self-test: {done.stderr.strip()[:1000]}")
    return done.stdout


def _run(core: Core, built: Path) -> list[str]:
    try:
        done = subprocess.run(
            emulator(core, built),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise DeployError(f"The self-test on {core.name} did not end within {_SECONDS} s.") from None
    lines = (done.stdout + done.stderr).splitlines()
    if not any(line.startswith("unas-board") for line in lines):
        raise DeployError(f"The self-test on {core.name} came to no end: {' / '.join(lines)[-500:]}")
    return lines


def run_on_cores(
    written: Program, selftest: str, cores: Sequence[Core] = CORES, tell: Callable[[str], None] = lambda _: None
) -> tuple[Proof, ...]:
    """The self-test on several cores, one after the other; a core that cannot be had says why.

    Args:
        written: the program.
        selftest: of it.
        cores: to run it on.
        tell: is told of each core before it begins.
    """
    absent = missing_tools()
    if absent:
        return (Verification(SIMULATED, 0, reason=f"this machine has no {' and no '.join(absent)}"),)
    return tuple(_proof(written, selftest, core, tell) for core in cores)


def _proof(written: Program, selftest: str, core: Core, tell: Callable[[str], None]) -> Proof:
    tell(f"Running the self-test on a simulated {core.name}")
    try:
        return run_on_core(written, selftest, core)
    except DeployError as error:
        return Verification(f"generated C on {core.name} in QEMU", 0, reason=str(error).rstrip("."))


def fields(line: str) -> dict[str, str]:
    """The `name=value` pairs of a line of the self-test."""
    return dict(re.findall(r"(\w+)=(\S+)", line))


def _read(core: Core, lines: list[str], sizes: tuple[int, int, int]) -> CoreRun:
    examples = [fields(line) for line in lines if " example=" in line]
    last = next(fields(line) for line in lines if " done=" in line)
    board = next(fields(line) for line in lines if line.startswith("unas-board"))
    return CoreRun(
        core=core.name,
        examples=int(last["done"]),
        failed=int(last["failed"]),
        first_different=next((example["layer"] for example in examples if "layer" in example), None),
        instructions=max(int(e["instructions"]) for e in examples if e["kind"] == "validation"),
        stack_bytes=int(board["stack"]),
        code_bytes=sizes[0],
        weight_bytes=sizes[1],
        ram_bytes=sizes[2],
        lines=tuple(line for line in lines if line.startswith("unas-selftest")),
    )
