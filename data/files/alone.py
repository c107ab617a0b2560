"""Work that several processes want done and one does: the others wait until it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from data.phase import Phase, tell


@contextmanager
def alone(lock: Path, doing: str) -> Iterator[None]:
    """Keep other processes with the same lock out of the block; where no lock can be made, nobody is kept out.

    Args:
        lock: file that stands for the work; it stays, empty.
        doing: what is done, e.g. "decoding images": told, as a phase, while another process does it.
    """
    with ExitStack() as held:
        with suppress(OSError, NotImplementedError):  # no rights, or a file system without locks
            _take(lock, doing, held)
        yield


def _take(lock: Path, doing: str, held: ExitStack) -> None:
    import filelock

    lock.parent.mkdir(parents=True, exist_ok=True)
    taken = filelock.FileLock(str(lock))
    try:
        taken.acquire(timeout=0)
    except filelock.Timeout:
        tell(Phase(f"waiting for another process that is {doing}"))
        taken.acquire()
    held.callback(taken.release)
