"""What a file is that is no `.tflite`, and the way from there to one: by its first bytes, then by its name."""

from __future__ import annotations

import json
from pathlib import Path

HEAD_BYTES = 64 * 1024
"""How much of a file shows what it is."""
KERAS = "a Keras model"
_CONVERT = "convert it with `unas profile`, or with TensorFlow's TFLiteConverter, to full int8"
_TO_TENSORFLOW = "convert it to TensorFlow Lite, full int8"
_SAVED_MODEL = "convert it with TensorFlow's TFLiteConverter where it was made: from_saved_model(folder), full int8"
_RAW = "give the file itself (on GitHub: Download raw file)"
_LFS = b"version https://git-lfs"

_MARKS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, _LFS, "a Git LFS pointer, not the model", "run git lfs pull, and give the file again"),
    (0, b"version https://hawser", "a Git LFS pointer, not the model", "run git lfs pull, and give the file again"),
    (0, b"\x89HDF\r\n\x1a\n", f"{KERAS} or weights in HDF5", _CONVERT),
    (4, b"ET12", "an ExecuTorch program (.pte)", f"take the PyTorch model, and {_TO_TENSORFLOW}"),
    (0, b"GGUF", "a language model for llama.cpp (GGUF)", "give a TensorFlow Lite model"),
    (0, b"\x93NUMPY", "a NumPy array", "give the model"),
    (0, b"\x7fELF", "a program for Linux (as an Edge Impulse .eim is)", "export the model as TensorFlow Lite (int8)"),
    (0, b"%PDF", "a PDF document", _RAW),
    (0, b"\x89PNG", "a PNG image", "give the model"),
    (0, b"\xff\xd8\xff", "a JPEG image", "give the model"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it, and give the .tflite in it"),
    (0, b"Rar!", "a RAR archive", "unpack it, and give the .tflite in it"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it, and give the .tflite in it"),
)
"""Offset, bytes, what it is, the way out."""

_SUFFIXES: dict[str, tuple[str, str]] = {
    ".onnx": ("an ONNX model", f"{_TO_TENSORFLOW}, for example with onnx2tf"),
    ".pt": ("a PyTorch model", f"{_TO_TENSORFLOW}, for example with litert-torch"),
    ".pth": ("a PyTorch model", f"{_TO_TENSORFLOW}, for example with litert-torch"),
    ".ptl": ("a PyTorch model", f"{_TO_TENSORFLOW}, for example with litert-torch"),
    ".pte": ("an ExecuTorch program (.pte)", f"take the PyTorch model, and {_TO_TENSORFLOW}"),
    ".pb": ("a TensorFlow graph (frozen, or saved_model.pb of a SavedModel)", _SAVED_MODEL),
    ".mlmodel": ("a Core ML model", f"take the model that it was made from, and {_TO_TENSORFLOW}"),
    ".mlpackage": ("a Core ML model", f"take the model that it was made from, and {_TO_TENSORFLOW}"),
    ".safetensors": ("a file of weights (safetensors)", "give the whole model as .tflite"),
    ".ckpt": ("a checkpoint: weights without a model", "give the whole model as .tflite or .keras"),
    ".index": ("a checkpoint: weights without a model", "give the whole model as .tflite or .keras"),
    ".pkl": ("a Python pickle, which may hold code and is never opened", "save the model as .keras or .tflite"),
    ".joblib": ("a Python pickle, which may hold code and is never opened", "save the model as .keras or .tflite"),
    ".keras": (KERAS, _CONVERT),
    ".h5": (KERAS, _CONVERT),
    ".hdf5": (KERAS, _CONVERT),
    ".eim": ("a program of Edge Impulse", "export the model as TensorFlow Lite (int8)"),
}  # fmt: skip


def described(data: bytes, suffix: str) -> str | None:
    """What a file that begins with `data` is and what to do; None where nothing is known of it.

    Args:
        data: its first `HEAD_BYTES` at least, or all of it.
        suffix: of its name, in small letters, with the dot.
    """
    if not data:
        return "it is empty; export or download the model again"
    for place, mark, what, way_out in _MARKS:
        if data[place : place + len(mark)] == mark:
            return f"it is {what}; {way_out}"
    return _text(data[:HEAD_BYTES]) or _binary(data[:HEAD_BYTES]) or _by_suffix(suffix)


def _by_suffix(suffix: str) -> str | None:
    known = _SUFFIXES.get(suffix)
    return f"by its name it is {known[0]}; {known[1]}" if known else None


def described_folder(path: Path) -> str:
    """What a folder is and what to do."""
    names = {entry.name for entry in path.iterdir()}
    if "saved_model.pb" in names:
        return (
            "it is a SavedModel, a program that is not run here; convert it where it was made with "
            f"tf.lite.TFLiteConverter.from_saved_model({path.name!r}), full int8, and give the file"
        )
    if "config.json" in names and "model.weights.h5" in names:
        return "it is an unpacked Keras model; zip its three files into model.keras, and give that"
    if path.suffix == ".mlpackage":
        return f"it is {_SUFFIXES['.mlpackage'][0]}; {_SUFFIXES['.mlpackage'][1]}"
    found = sorted(name for name in names if name.endswith(".tflite"))
    return f"it is a folder; give a file{f' in it, such as {found[0]}' if found else ''}"


def described_members(names: list[str]) -> tuple[str, str] | None:
    """What a zip file with these members is, with the way out; None where it is just an archive."""
    bare = {name.rpartition("/")[2] for name in names}
    if {"config.json", "model.weights.h5"} <= bare:
        return KERAS, _CONVERT
    if "data.pkl" in bare:
        return "a PyTorch model", f"{_TO_TENSORFLOW}, for example with litert-torch"
    if "saved_model.pb" in bare:
        return "a SavedModel in an archive", "convert it with TensorFlow's TFLiteConverter where it was made"
    if "model.mlmodel" in bare:
        return "a Core ML model", f"take the model that it was made from, and {_TO_TENSORFLOW}"
    if bare and all(name.endswith(".npy") for name in bare):
        return "a file of NumPy arrays", "give the model"
    return None


def _text(head: bytes) -> str | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    small = start[:512].lower()
    if small.startswith((b"<!doctype html", b"<html", b"<head")) or b"<html" in small:
        return f"it is a web page (HTML), not the model; {_RAW}"
    if small.startswith((b"<?xml", b"<error")):
        return f"it is an XML text, such as a server's refusal; {_RAW}"
    if small.startswith((b"404", b"not found", b"access denied", b"403")):
        return f"it is a server's refusal ({_first_line(start)!r}); download the model again"
    if small.startswith((b"{", b"[")):
        return _json(start)
    line = _first_line(start)
    if len(head) < 1024 and line.endswith(".tflite") and len(start.splitlines()) == 1:
        return f"it is a link of Git's written as text: give the file that it names, {line!r}"
    return None


def _first_line(text: bytes) -> str:
    return text.split(b"\n")[0][:80].decode("utf-8", "replace").strip()


def _json(start: bytes) -> str:
    if b'"weightsManifest"' in start or b'"modelTopology"' in start:
        return (
            "it is a TensorFlow.js model (model.json); "
            f"convert it back with tensorflowjs_converter to Keras, then {_TO_TENSORFLOW}"
        )
    if b'"class_name"' in start:
        return "it is the architecture of a Keras model without weights; save it with model.save('model.keras')"
    try:
        message = json.loads(start).get("message")
    except (ValueError, AttributeError, RecursionError):
        message = None
    return f"it is a JSON text{f' ({str(message)[:80]!r})' if message else ''}, not the model; {_RAW}"


def _binary(head: bytes) -> str | None:
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        what = "it is a Python pickle (as old PyTorch files are), which may hold code and is never opened"
        return f"{what}; {_TO_TENSORFLOW} where it was made"
    if head[:1] == b"\x08" and any(mark in head[:256] for mark in (b"onnx", b"pytorch", b"tf2onnx", b"keras2onnx")):
        return f"it is {_SUFFIXES['.onnx'][0]}; {_SUFFIXES['.onnx'][1]}"
    if b"saved_model" in head[:64] or (head[:1] in (b"\x0a", b"\x08") and b"Placeholder" in head):
        return f"it is {_SUFFIXES['.pb'][0]}; {_SUFFIXES['.pb'][1]}"
    return None
