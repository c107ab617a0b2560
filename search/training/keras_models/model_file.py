"""Keras models in files, `.keras` and `.h5`: read without running code of theirs, and converted.

What a file asks to be made is read before anything is made of it: only Keras' own layers, initialisers and alike, none
that holds code, loads another file or calls another framework. Nothing is compiled, so that no loss or metric is made.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import keras

from data.files.atomic import atomic_write
from resource_models import ModelFileError, ResourceModelError
from search.training.keras_models.converted import convert

MAX_CONTENT_BYTES = 1024**3
"""Of a file once unpacked."""
_MAX_CONFIG_BYTES = 32 * 1024**2
_KERAS = (
    "keras.activations", "keras.constraints", "keras.initializers", "keras.layers", "keras.models", "keras.ops",
    "keras.regularizers", "keras.src.layers", "keras.src.models", "keras.src.ops", "keras.dtype_policies",
)  # fmt: skip
_REFUSED = {
    "Lambda": "holds code, which is never run",
    "__lambda__": "holds code, which is never run",
    "TFSMLayer": "loads another model",
    "TorchModuleWrapper": "holds a pickle",
    "FlaxLayer": "holds code, which is never run",
    "JaxLayer": "holds code, which is never run",
    "StringLookup": "reads another file",
    "IntegerLookup": "reads another file",
    "TextVectorization": "reads another file",
}


def convert_file(source: str, target: str) -> None:
    """Write the int8 `.tflite` of the Keras model in the file `source` to the file `target`.

    Raises:
        ModelFileError: the file holds no whole model, or one that would have to run code.
        GraphError: the model cannot be converted.
    """
    atomic_write(Path(target), convert(load(Path(source))))


def load(path: Path) -> keras.Model:
    """The model in a `.keras` or `.h5` file.

    Raises:
        ModelFileError: as `convert_file`.
    """
    try:
        config = _config_in_zip(path) if zipfile.is_zipfile(path) else _config_in_hdf5(path)
        _check_own(config, path.name)
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except ResourceModelError:
        raise
    except Exception as error:  # Keras raises whatever a damaged or foreign configuration leads to
        first = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise ModelFileError(
            f"{path} cannot be read as a Keras model ({first}); convert it yourself, and profile the file"
        ) from error
    if not isinstance(model, keras.Model):
        raise ModelFileError(f"{path} holds a {type(model).__name__}, not a Keras model")
    return model


def _config_in_zip(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_CONTENT_BYTES:
            raise ModelFileError(f"{path} unpacks to more than {MAX_CONTENT_BYTES} bytes, which are not read")
        if "config.json" not in archive.namelist():
            raise ModelFileError(f"{path} is a zip file without the config.json of a Keras model")
        if archive.getinfo("config.json").file_size > _MAX_CONFIG_BYTES:
            raise ModelFileError(f"the configuration in {path} is larger than {_MAX_CONFIG_BYTES} bytes")
        return json.loads(archive.read("config.json"))


def _config_in_hdf5(path: Path) -> Any:
    with h5py.File(path, "r") as file:
        text = file.attrs.get("model_config")
        if text is None:
            raise ModelFileError(
                f"{path} holds weights but no model; save the whole model with model.save('model.keras'), and give that"
            )
        return json.loads(text)


def _check_own(config: Any, name: str) -> None:
    for part in _parts(config):
        kind, module = part["class_name"], part.get("module")
        layer = (part.get("config") or {}).get("name") if isinstance(part.get("config"), dict) else None
        what = f"{name}: layer {layer!r} is a {kind}" if layer else f"{name}: it has a {kind}"
        if kind in _REFUSED:
            raise ModelFileError(f"{what}, which {_REFUSED[kind]}; convert the model yourself, and profile the file")
        if ">" in kind or not _of_keras(module, part.get("registered_name")):
            raise ModelFileError(
                f"{what} of one's own, whose code the file does not hold; "
                "convert the model where that code is, and profile the file"
            )


def _of_keras(module: object, registered: object) -> bool:
    """Whether Keras itself has what a part names; files of Keras 2 name no module."""
    if module is None:
        return not registered
    return module in ("keras", "builtins") or str(module).startswith(_KERAS)


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    """Everything that the configuration asks to be made, at any depth."""
    left = [config]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if isinstance(value.get("class_name"), str):
                yield value
            left += [part for key, part in value.items() if key not in ("compile_config", "build_config")]
        elif isinstance(value, list):
            left += value
