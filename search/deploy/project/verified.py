"""What was verified of a run's networks, in the run's folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from data.files.atomic import atomic_write
from search.errors import JournalError

FILE_NAME = "verified.json"


class VerifiedTrial(msgspec.Struct, frozen=True):
    """A network of a run as it was exported and compared.

    Attributes:
        trial: its number.
        sha256: of the `.tflite` file that was verified.
        int8_val_error: validation error in the arithmetic of the board.
        ram_bytes: static buffer of the C.
        weight_bytes: constants of the C, in flash.
        arena_bytes: of TensorFlow Lite Micro on a 32-bit target.
        verified: what gave the same bytes as the NumPy reference in every layer.
        not_verified: what could not be compared, each with the reason.
        problem: why the network cannot be exported, or what differs; empty where nothing does.
        litert_val_error: validation error by LiteRT.
    """

    trial: int
    sha256: str = ""
    int8_val_error: float | None = None
    ram_bytes: int | None = None
    weight_bytes: int | None = None
    arena_bytes: int | None = None
    verified: tuple[str, ...] = ()
    not_verified: tuple[str, ...] = ()
    problem: str = ""
    litert_val_error: float | None = None

    @property
    def ok(self) -> bool:
        """Whether something was compared and everything that was is equal: the mark beside its figures."""
        return bool(self.verified) and not self.problem


def read_verified(run: Path) -> tuple[VerifiedTrial, ...]:
    """What lies in a run's folder; nothing where nothing was verified yet.

    Raises:
        JournalError: the file is damaged.
    """
    path = run / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[VerifiedTrial, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError) as error:
        raise JournalError(f"{path} cannot be read ({error}); delete it, and verify again.") from None


def write_verified(run: Path, found: Iterable[VerifiedTrial]) -> None:
    """Put these beside those that lie there, in place of earlier ones of the same trials.

    Raises:
        JournalError: the file is damaged, or cannot be written.
    """
    known = {trial.trial: trial for trial in (*read_verified(run), *found)}
    path = run / FILE_NAME
    try:
        atomic_write(path, msgspec.json.format(msgspec.json.encode([known[number] for number in sorted(known)])))
    except OSError as error:
        raise JournalError(f"{path} cannot be written ({error.strerror or error}).") from None
