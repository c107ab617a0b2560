"""Writing an export's folder whole or not at all, and never over what somebody changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from search.deploy.project.card import CARD, SCHEMA
from search.errors import DeployError

_ATTEMPTS = 5


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Have a folder hold exactly these files.

    A folder that an export wrote and nobody changed since is replaced; any other is left alone. Two exports at once
    both succeed, and the folder is that of one of them.

    Args:
        folder: new, empty, or of an earlier export.
        files: by path within it; one is the card, with checksums of all others.

    Raises:
        DeployError: the folder holds something else, or cannot be written.
    """
    folder = folder.resolve()
    refuse_changed(folder)
    fresh = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        _fill(fresh, files)
        _swap(fresh, folder)
    except OSError as error:
        raise DeployError(f"{folder} cannot be written ({error.strerror or error}); choose another folder.") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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
    """The fresh folder in place of the old one, which another export may swap at the same time."""
    for attempt in range(_ATTEMPTS):
        old = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.old")
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:  # another one has put its folder there meanwhile
            if attempt == _ATTEMPTS - 1 or not folder.exists():
                with contextlib.suppress(OSError):
                    old.rename(folder)
                raise
        else:
            return
        finally:
            shutil.rmtree(old, ignore_errors=True)
