"""The real TensorFlow Lite Micro (32 bits, reference kernels, as mcufit brings it): what it runs, and in what arena."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import resources, util
from pathlib import Path

import pytest

_JUDGE = Path(__file__).with_name("tflm_judge.mjs")
_TOTAL = re.compile(r"Total \|\s*(\d+)")
_AT_ONCE = 100


def arenas(models: Mapping[str, bytes]) -> dict[str, int | None]:
    """Bytes of arena of each model after AllocateTensors and one Invoke; None where TFLM refuses one of these.

    Skips the test where TFLM is not at hand.
    """
    node = _node()
    if node is None or util.find_spec("mcufit") is None:
        pytest.skip("TensorFlow Lite Micro comes with mcufit, and needs node, which playwright has")
    names = list(models)
    found: dict[str, int | None] = {}
    library = resources.files("mcufit.wasm") / "tflm.js"
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            (Path(folder) / f"{number}.tflite").write_bytes(models[name])
        for start in range(0, len(names), _AT_ONCE):
            part = range(start, min(start + _AT_ONCE, len(names)))
            command = [node, str(_JUDGE), str(library), *(f"{folder}/{number}.tflite" for number in part)]
            answer = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
            for number, line in zip(part, answer.stdout.splitlines(), strict=True):
                total = _TOTAL.search(json.loads(line))
                found[names[number]] = int(total[1]) if total else None
    return found


def arena(model: bytes) -> int | None:
    """The same of one model."""
    return arenas({"": model})[""]


@cache
def _node() -> str | None:
    """That of the system, or the one with which playwright drives browsers."""
    found = shutil.which("node")
    if found is not None or util.find_spec("playwright") is None:
        return found
    own = resources.files("playwright") / "driver" / "node"
    return str(own) if own.is_file() else None
