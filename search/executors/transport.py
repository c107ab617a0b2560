"""Tasks by value, for workers that do not see this machine's folders: files go out and come back as bytes.

Before it is sent, a task is packed: the files that it reads go with it, and its function is wrapped. The worker writes
them where it is, has the task work on those, and sends what it wrote back with its answer. Unpacking writes that to
where the task was to write it, each file whole or not at all. The functions of tasks know nothing of all this.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.files.atomic import atomic_write
from search.errors import TrainingError
from search.executors.base import Task
from search.executors.call import call

Json = dict[str, Any]

UNPACKED = "search.executors.transport:call_with_files"


def pack(task: Task, *, place: Callable[[str], str] = str) -> Task:
    """The task with everything that it needs in it, for a worker elsewhere.

    Args:
        task: with paths of this machine.
        place: see `Executor.place`.

    Raises:
        TrainingError: a file that it reads cannot be read.
    """
    arguments = _replaced(task.arguments, {path: place(path) for path in task.places})
    parcel = {
        "path": task.path,
        "arguments": list(arguments),
        "folder": None if task.folder is None else str(task.folder),
        "files": {str(file): content for file in task.reads if (content := _content(file)) is not None},
        "writes": [str(file) for file in task.writes],
    }
    return Task(UNPACKED, (parcel,))


def unpack(task: Task, answer: Mapping[str, Any]) -> Any:
    """What a packed task gave, once the files that it wrote are where it was to write them.

    A file directly in the run's folder is common to its tasks, so one that is there already stays.

    Raises:
        TrainingError: a file cannot be written.
    """
    for file in task.writes:
        content = answer["files"].get(str(file))
        if content is not None and not (file.parent == task.folder and file.exists()):
            _write_whole(file, content)
    return answer["result"]


def call_with_files(parcel: Json) -> Json:
    """In the worker: call the function of a packed task on files of this machine.

    Returns:
        `result` of the function and `files` that it wrote: their content by the name that the sender has for them.
    """
    with tempfile.TemporaryDirectory(prefix="unas-task-") as scratch:
        here = _places(parcel, Path(scratch))
        for name, content in parcel["files"].items():
            if not here[name].exists():
                _write_whole(here[name], content)
        paths = {name: str(path) for name, path in here.items()}
        result = call(parcel["path"], *_replaced(parcel["arguments"], paths))
        wrote = {name: content for name in parcel["writes"] if (content := _content(here[name])) is not None}
    return {"result": result, "files": wrote}


def _places(parcel: Json, scratch: Path) -> dict[str, Path]:
    """Where the sender's files and the run's folder are here; what is common to a run is kept from task to task."""
    here = {}
    for number, name in enumerate(dict.fromkeys((*parcel["files"], *parcel["writes"]))):
        path = scratch / str(number) / Path(name).name
        path.parent.mkdir()
        here[name] = path
    if parcel["folder"] is not None:
        folder = _common_folder(parcel["folder"])
        common = {name: folder / Path(name).name for name in here if str(Path(name).parent) == parcel["folder"]}
        here |= {parcel["folder"]: folder, **common}
    return here


def _common_folder(folder: str) -> Path:
    """The stand-in of a run's folder on this machine, one for all of its workers; it holds a teacher at most.

    Raises:
        TrainingError: somebody else has made a folder of that name, who could put another teacher there.
    """
    digest = hashlib.sha256(folder.encode()).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    mine = Path(tempfile.gettempdir()) / f"unas-{user}"
    mine.mkdir(mode=0o700, parents=True, exist_ok=True)
    if mine.is_symlink() or (hasattr(os, "getuid") and mine.stat().st_uid != user):
        raise TrainingError(f"{mine} belongs to somebody else; remove it, or set TMPDIR to a folder of your own.")
    common = mine / digest
    common.mkdir(mode=0o700, exist_ok=True)
    return common


def _replaced(value: Any, others: Mapping[str, str]) -> Any:
    """A JSON-like value with other texts where one of these stands."""
    if isinstance(value, str):
        return others.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, others) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return type(value)(_replaced(item, others) for item in value)  # type: ignore[call-arg]  # a list or a tuple
    return value


def _content(file: Path) -> bytes | None:
    """The content of a file; None where there is none."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TrainingError(f"{file} cannot be read ({error.strerror}).") from None


def _write_whole(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(file, content)
    except OSError as error:
        raise TrainingError(
            f"{file} cannot be written ({error.strerror}); make room, or choose another folder."
        ) from None
