"""The `.tflite` in what people have it in: a C array, an archive, base64; or what a file is instead."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import tarfile
import zipfile
import zlib
from pathlib import Path

from resource_models.errors import ModelFileError
from resource_models.model_file.c_arrays import is_c_source, model_in_c
from resource_models.model_file.foreign_files import KERAS, described, described_folder, described_members

MAX_FILE_BYTES = 64 * 1024 * 1024
_MAX_MEMBERS = 10_000
_BASE64 = re.compile(rb"(?:data:[\w/.+;-]*base64,)?([A-Za-z0-9+/_\-\s]+={0,2}\s*)")
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


def load_model(path: Path) -> bytes:
    """The bytes of the `.tflite` in the file at `path`.

    Raises:
        ModelFileError: the file cannot be read, is too large, or holds no model: says what it is and the way out.
    """
    try:
        if path.is_dir():
            raise ModelFileError(_refusal(str(path), described_folder(path)))
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            with path.open("rb") as file:
                what = described(file.read(4096), path.suffix.lower())
            reason = f" ({what})" if what else ""
            raise ModelFileError(f"{path} has {size} bytes; models of up to {MAX_FILE_BYTES} bytes are read{reason}")
        data = path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}") from error
    return unwrapped(data, path.name)


def is_keras_file(path: Path) -> bool:
    """Whether the file is a Keras model, which has to be converted."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head == b"\x89HDF\r\n\x1a\n":
            return True
        if not head.startswith(b"PK"):
            return False
        with zipfile.ZipFile(path) as archive:
            found = described_members(archive.namelist())
    except _DAMAGED:
        return False
    return found is not None and found[0] == KERAS


def unwrapped(data: bytes, name: str = "this") -> bytes:
    """The `.tflite` that is, or is within, these bytes of a file called `name`.

    Raises:
        ModelFileError: as `load_model`.
    """
    if _is_model(data):
        return data
    found = _from_archive(data, name) or _from_text(data, name)
    if found is not None:
        return found
    what = described(data, Path(name).suffix.lower())
    if what is None:
        what = "it is cut short or of another format; give a TensorFlow Lite model"
    raise ModelFileError(_refusal(name, what))


def _refusal(name: str, what: str) -> str:
    return f"{name} is not a .tflite file (the mark TFL3 is missing): {what}"


def _is_model(data: bytes) -> bool:
    return data[4:8] == b"TFL3"


def _from_text(data: bytes, name: str) -> bytes | None:
    if is_c_source(data):
        return model_in_c(data, name)
    plain = _BASE64.fullmatch(data) if len(data) > 16 else None
    if plain is None:
        return None
    text = re.sub(rb"\s", b"", plain[1]).translate(bytes.maketrans(b"-_", b"+/"))
    try:
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return None
    return decoded if _is_model(decoded) else None


def _from_archive(data: bytes, name: str) -> bytes | None:
    try:
        if data[:2] == b"PK":
            return _from_zip(data, name)
        if data[:2] == b"\x1f\x8b":
            return unwrapped(_limited(gzip.GzipFile(fileobj=io.BytesIO(data)), name), name.removesuffix(".gz"))
        if data[257:262] == b"ustar":
            return _from_tar(data, name)
    except _DAMAGED as error:
        reason = str(error) or type(error).__name__
        raise ModelFileError(_refusal(name, f"it is an archive that cannot be unpacked, {reason[:200]}")) from error
    return None


def _from_zip(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [member for member in archive.namelist()[:_MAX_MEMBERS] if not member.endswith("/")]
        what = described_members(names)
        if what is not None:
            raise ModelFileError(_refusal(name, f"it is {what[0]}; {what[1]}"))
        chosen = _chosen(names, name)
        with archive.open(chosen) as member:
            return _member(_limited(member, name), chosen, name)


def _from_tar(data: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        names = [member.name for member in archive if member.isfile()]
        chosen = _chosen(names, name)
        member = archive.extractfile(chosen)
        return _member(_limited(member, name), chosen, name)


def _chosen(names: list[str], archive: str) -> str:
    """The only model in an archive, or its only file; files that systems add are passed over."""
    plain = [name for name in names if not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith(".")]
    models = [name for name in plain if name.lower().endswith((".tflite", ".lite"))] or plain[: len(plain) == 1]
    if len(models) == 1:
        return models[0]
    listed = ", ".join((models or plain)[:5]) or "nothing"
    count = f"{len(models)} .tflite files" if models else "no .tflite file"
    raise ModelFileError(f"the archive {archive} holds {count} ({listed}); unpack it, and give one model")


def _member(data: bytes, member: str, archive: str) -> bytes:
    if data[:2] in (b"PK", b"\x1f\x8b") or data[257:262] == b"ustar":
        raise ModelFileError(f"the archive {archive} holds another archive, {member}; unpack it, and give the .tflite")
    return unwrapped(data, f"{member} in {archive}")


def _limited(file: object, name: str) -> bytes:
    """All of a file in an archive, which may unpack to any size."""
    data: bytes = file.read(MAX_FILE_BYTES + 1)  # type: ignore[attr-defined]  # whatever the archive gave
    if len(data) > MAX_FILE_BYTES:
        raise ModelFileError(f"the archive {name} unpacks to more than {MAX_FILE_BYTES} bytes, which are not read")
    return data
