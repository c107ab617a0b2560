"""The forms that a program is given in: plain C, and what build systems want around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.resources import files

import numpy as np

from resource_models.model_file.tflite_file import read_file
from search.deploy.c.arrays import numbers
from search.deploy.project.contents import Contents
from search.errors import DeployError

Files = dict[str, bytes]
_REGISTRY_REFUSES = "arduino"
_ARENA_MARGIN = 1024
_ADDS = {
    "CONV_2D": "Conv2D", "DEPTHWISE_CONV_2D": "DepthwiseConv2D", "FULLY_CONNECTED": "FullyConnected",
    "MAX_POOL_2D": "MaxPool2D", "AVERAGE_POOL_2D": "AveragePool2D", "MEAN": "Mean", "SUM": "Sum", "ADD": "Add",
    "SUB": "Sub", "MUL": "Mul", "PAD": "Pad", "PADV2": "PadV2", "CONCATENATION": "Concatenation",
    "TRANSPOSE": "Transpose", "RESHAPE": "Reshape", "SQUEEZE": "Squeeze", "EXPAND_DIMS": "ExpandDims",
    "SOFTMAX": "Softmax", "LOGISTIC": "Logistic", "TANH": "Tanh", "RELU": "Relu", "RELU6": "Relu6",
    "LEAKY_RELU": "LeakyRelu", "HARD_SWISH": "HardSwish", "QUANTIZE": "Quantize", "DEQUANTIZE": "Dequantize",
}  # fmt: skip


def _c(found: Contents) -> Files:
    name = found.written.name
    return {**_sources(found), f"{name}_selftest.c": found.selftest.encode()}


def _sources(found: Contents) -> Files:
    return {file: text.encode() for file, text in found.written.sources.items()}


def _arduino(found: Contents) -> Files:
    name = found.written.name
    label = f"{name}_label({name}_class())" if found.class_names else f"{name}_class()"
    functions = re.findall(rf"\b({name}_[a-z_]+)\(", found.written.sources[f"{name}.h"])
    words = [f"{function}\tKEYWORD2" for function in sorted(set(functions))]
    return {
        **{f"src/{file}": content for file, content in _sources(found).items()},
        "library.properties": _text(found, "library.properties"),
        "keywords.txt": ("\n".join(words) + "\n").encode(),
        "examples/Classify/Classify.ino": _text(found, "Classify.ino", label=label),
        "README.md": f"# {name}\n\n{found.sentence} The example Classify prints classes and times.\n".encode(),
    }


def _esp_idf(found: Contents) -> Files:
    return {
        **_sources(found),
        "CMakeLists.txt": _text(found, "esp_idf_CMakeLists.txt"),
        "idf_component.yml": _text(found, "idf_component.yml"),
    }


def _zephyr(found: Contents) -> Files:
    return {
        **_sources(found),
        "CMakeLists.txt": _text(found, "zephyr_CMakeLists.txt"),
        "zephyr/module.yml": _text(found, "module.yml"),
    }


def _platformio(found: Contents) -> Files:
    sources = {f"src/{file}": content for file, content in _sources(found).items()}
    return {**sources, "library.json": _text(found, "library.json")}


def _tflm(found: Contents) -> Files:
    kinds = sorted({operator.name for operator in read_file(found.model)[0].operators})
    adds = "\n".join(f"  TF_LITE_ENSURE_STATUS(resolver.Add{_ADDS[kind]}());" for kind in kinds)
    codes = found.network.source.codes
    low, high = (-128, 127) if codes.signed else (0, 255)
    values = numbers(np.frombuffer(found.model, np.uint8))
    return {
        "CMakeLists.txt": _text(found, "tflm_CMakeLists.txt"),
        "main.cc": _text(
            found,
            "main.cc",
            count=len(kinds),
            adds=adds,
            arena=found.arena_bytes,
            arena_margin=found.arena_bytes + _ARENA_MARGIN,
            scale=f"{float(codes.scale):.9g}f",
            zero=codes.zero,
            low=low,
            high=high,
        ),
        "model_data.h": _text(found, "model_data.h", bytes=len(found.model)),
        "model_data.cc": _text(found, "model_data.cc", values=values),
    }


def _text(found: Contents, file: str, **more: object) -> bytes:
    name = found.written.name
    library = f"unas_{name}" if name.startswith(_REGISTRY_REFUSES) else name
    values: dict[str, object] = {
        "name": name, "NAME": name.upper(), "library": library, "author": "exported by μNAS workbench",
        "sentence": found.sentence, "ram": found.written.plan.bytes, "weights": found.written.weight_bytes, **more,
    }  # fmt: skip
    text = files("search.deploy.project").joinpath("texts", file).read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), text).encode()


_FORMS: Mapping[str, tuple[Callable[[Contents], Files], str]] = {
    "c": (_c, "plain C11 with a self-test"),
    "arduino": (_arduino, "the same as an Arduino library, with an example; put its folder among your libraries"),
    "tflm": (_tflm, "a C++ project for TensorFlow Lite Micro; not compiled here, since it takes TFLM's sources"),
    "esp-idf": (_esp_idf, "the C as a component of ESP-IDF"),
    "zephyr": (_zephyr, "the C as a module of Zephyr"),
    "platformio": (_platformio, "the C as a library of PlatformIO"),
}
FORMS = (*_FORMS, "all")
"""What may be asked for, beside the bare file."""


def forms_of(asked: str) -> tuple[str, ...]:
    """The forms that a word asks for.

    Raises:
        DeployError: there is no such form.
    """
    if asked == "all":
        return tuple(_FORMS)
    if asked not in _FORMS:
        raise DeployError(f"There is no form {asked!r}; --as takes tflite, {', '.join(FORMS)}.")
    return tuple(dict.fromkeys(("c", asked)))


def form_files(found: Contents, form: str) -> Files:
    """The files of a form, by path within the export."""
    name = found.written.name
    folder = form if form in ("c", "tflm") else f"{form}/{name}"
    return {f"{folder}/{file}": content for file, content in _FORMS[form][0](found).items()}


def form_words(form: str) -> str:
    """What a form is."""
    return _FORMS[form][1]
