"""Writing an export's folder whole or not at all, and never over what somebody changed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from search.deploy.project.card import CARD, SCHEMA
from search.errors import DeployError

_PATIENCE_S = 60


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Have a folder hold exactly these files.

    A folder that an export wrote and nobody changed since is replaced; any other is left alone. Of two exports at once
    the second waits for the first.

    Args:
        folder: new, empty, or of an earlier export.
        files: by path within it; one is the card, with checksums of all others.

    Raises:
        DeployError: the folder holds something else, or cannot be written.
    """
    folder = folder.resolve()
    fresh = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        with _lock(folder):
            refuse_changed(folder)
            _fill(fresh, files)
            _swap(fresh, folder)
    except Timeout:
        raise DeployError(f"Another export has been writing {folder} for {_PATIENCE_S} s; try again later.") from None
    except OSError as error:
        raise DeployError(f"{folder} cannot be written ({error.strerror or error}); choose another folder.") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _lock(folder: Path) -> FileLock:
    """Lies apart from the folder, so that nobody finds it there."""
    name = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"unas-export-{name}.lock", timeout=_PATIENCE_S)


def refuse_changed(folder: Path) -> None:
    """Leave alone what is not a folder that an export wrote as it is.

    Raises:
        DeployError: it is something else; what differs is named.
    """
    try:
        different = _different(folder)
    except OSError as error:
        raise DeployError(f"{folder} cannot be read ({error.strerror or error}); choose another folder.") from None
    if different:
        few = ", ".join(different[:3]) + (", …" if len(different) > 3 else "")
        raise DeployError(
            f"{folder} was left as it is, since it has files that no export wrote or that were changed since ({few}); "
            "give another folder, or move yours away."
        )


def _different(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    if not folder.is_dir():
        return [folder.name]
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()}
    if not here:
        return []
    known = _checksums(folder / CARD)
    return sorted(
        name for name in here - {CARD} if hashlib.sha256((folder / name).read_bytes()).hexdigest() != known.get(name)
    ) or ([] if known else sorted(here))


def _checksums(card: Path) -> dict[str, str]:
    """What a card says of the files beside it; nothing where it is none of ours."""
    try:
        document = json.loads(card.read_text(encoding="utf-8"))
        return dict(document["files"]) if document["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _fill(fresh: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _swap(fresh: Path, folder: Path) -> None:
    """The fresh folder in place of the old one."""
    old = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.old")
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
