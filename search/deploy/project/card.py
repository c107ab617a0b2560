"""`model.json`, for programs, and `README.md`, for people."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from resource_models.model_file.tflite_file import read_file
from search.deploy.integer.lookup import Codes
from search.deploy.integer.network import IntegerTensor
from search.deploy.integer.rounding import PROFILE
from search.deploy.project.contents import Contents
from search.deploy.project.operator_order import RUNTIME

SCHEMA = "unas-export/1"
CARD = "model.json"


def model_card(found: Contents, files: Mapping[str, bytes]) -> str:
    """The text of `model.json`; `files` are all others of the folder."""
    document = {
        "schema": SCHEMA,
        "name": found.written.name,
        "arithmetic": PROFILE,
        "source": dict(found.source),
        "classes": list(found.class_names),
        "input": _tensor(found.network.source),
        "output": _tensor(found.network.target),
        "operators": [
            {"name": name, "version": found.versions[name], "count": count}
            for name, count in sorted(Counter(o.name for o in read_file(found.model)[0].operators).items())
        ],
        "accuracy": dict(found.accuracy),
        "resources": {
            "model_bytes": len(found.model),
            "macs": found.macs,
            "c": {"ram_bytes": found.written.plan.bytes, "weight_bytes": found.written.weight_bytes},
            "tflm": {
                "arena_bytes": found.arena_bytes,
                "arena_bytes_in_the_order_of_the_converter": found.arena_before_bytes,
                "method": f"computed, {RUNTIME} on a 32-bit target",
            },
        },
        "verified": [record.to_json() for record in found.verified],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _tensor(tensor: IntegerTensor) -> dict[str, Any]:
    codes: Codes = tensor.codes
    kind = "int8" if codes.signed else "uint8"
    return {"shape": list(tensor.shape), "dtype": kind, "scale": float(codes.scale), "zero_point": codes.zero}


def readme(found: Contents, forms: Mapping[str, str]) -> str:
    """The text of `README.md`; `forms` says what lies in each folder."""
    name = found.written.name
    rows = [f"| `{folder}/` | {words} |" for folder, words in forms.items()]
    return "\n".join([
        f"# {name}",
        "",
        found.sentence,
        "",
        "| | |",
        "|---|---|",
        f"| Accuracy on the board's arithmetic | {_share(found, 'int8_board')} |",
        f"| the same by LiteRT | {_share(found, 'int8_litert')} |",
        f"| of the float network | {_share(found, 'float')} |",
        f"| RAM of the C | {found.written.plan.bytes} bytes, one static buffer |",
        f"| Weights | {found.written.weight_bytes} bytes of flash |",
        f"| Multiply-accumulates | {found.macs} |",
        "",
        f"Measured on the {found.accuracy.get('n', '?')} examples of the validation split.",
        "",
        "## What is here",
        "",
        "| | |",
        "|---|---|",
        "| `model.tflite` | the network as TensorFlow Lite file |",
        "| `model.json` | everything above for programs, checksums of all files, what was verified |",
        *rows,
        "",
        "## Use",
        "",
        *_use(found),
        "",
        "## Verified",
        "",
        *(f"- {record.words}" for record in found.verified),
        "",
    ])  # fmt: skip


def _share(found: Contents, figure: str) -> str:
    value = found.accuracy.get(figure)
    return "not measured" if value is None else f"{100 * value:.2f} %"


def _use(found: Contents) -> list[str]:
    name = found.written.name
    pixels = f"{name}_set_pixels(pixels)" if f"{name}_set_pixels" in found.written.sources[f"{name}.h"] else ""
    write = f"`{pixels or f'{name}_set_input(values)'}`"
    return [
        f"Write the input with {write}, call `{name}_invoke()`, read `{name}_class()` and `{name}_confidence()`.",
        "The self-test says whether your board computes the same, layer by layer:",
        "",
        "```",
        f"gcc -std=c11 -D{name.upper()}_TRACE c/*.c -o selftest && ./selftest",
        "```",
    ]
