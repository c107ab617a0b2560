"""What this machine can carry: how many workers fit its processors and its memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

BYTES_PER_WORKER = 1_500_000_000  # TensorFlow with a small data set takes about half of it
WORKERS_PER_PROCESSOR = 4
"""More than that only wait for each other."""
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_MEMORY_IN_USE = ("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a process may use of its machine.

    Attributes:
        processors: count, as far as a container or an affinity lets it have them.
        memory_bytes: in all, as far as a container lets it have it.
        available_bytes: of it, what nobody uses now.
    """

    processors: int
    memory_bytes: int
    available_bytes: int

    @classmethod
    def here(cls) -> Machine:
        """This one, as it is now."""
        import loky  # those who only read settings do not wait for it

        memory = psutil.virtual_memory()
        limit = min(memory.total, _number(_MEMORY_LIMITS, memory.total))
        free = max(0, limit - _number(_MEMORY_IN_USE, 0)) if limit < memory.total else memory.available
        return cls(max(1, int(loky.cpu_count())), limit, min(memory.available, free))

    @property
    def default_workers(self) -> int:
        """One worker for each processor, as far as the memory that nobody uses allows; at least one."""
        return max(1, min(self.processors, self.available_bytes // BYTES_PER_WORKER))

    @property
    def most_workers(self) -> int:
        """As many as can be asked for, at least one."""
        return max(1, min(WORKERS_PER_PROCESSOR * self.processors, self.memory_bytes // BYTES_PER_WORKER))

    def __str__(self) -> str:
        processors = "1 processor" if self.processors == 1 else f"{self.processors} processors"
        return f"{processors} and {self.memory_bytes / 2**30:.0f} GiB of memory"


def default_workers() -> int:
    """As many workers as the processors and the memory that this process may use allow, at least one."""
    return Machine.here().default_workers


def _number(files: tuple[str, ...], default: int) -> int:
    """The number in the first of these files that has one: "max" is none."""
    for file in files:
        try:
            return int(Path(file).read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
    return default
