"""The real TensorFlow Lite Micro (32 bits, reference kernels, as mcufit brings it): whether it runs a model, in what arena.

Where it is not at hand, its answers of another day are taken, which `python -m tests.support.tflm_judge` writes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib import resources, util
from pathlib import Path

ANSWERS = Path(__file__).with_name("tflm_answers.json")
_JUDGE = Path(__file__).with_name("tflm_judge.mjs")
_TOTAL = re.compile(r"Total \|\s*(\d+)")
_AT_ONCE = 100


def is_here() -> bool:
    """Whether TFLM can be asked."""
    return shutil.which("node") is not None and util.find_spec("mcufit") is not None


def arenas(models: Mapping[str, bytes]) -> dict[str, int | None]:
    """Bytes of arena of each model after AllocateTensors and one Invoke; None where TFLM refuses one of these."""
    return _asked(models) if is_here() else _remembered(models)


def _asked(models: Mapping[str, bytes]) -> dict[str, int | None]:
    names = list(models)
    found: dict[str, int | None] = {}
    library = resources.files("mcufit.wasm") / "tflm.js"
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            (Path(folder) / f"{number}.tflite").write_bytes(models[name])
        for start in range(0, len(names), _AT_ONCE):
            part = range(start, min(start + _AT_ONCE, len(names)))
            command = ["node", str(_JUDGE), str(library), *(f"{folder}/{number}.tflite" for number in part)]
            answer = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
            for number, line in zip(part, answer.stdout.splitlines(), strict=True):
                total = _TOTAL.search(json.loads(line))
                found[names[number]] = int(total[1]) if total else None
    return found


def _remembered(models: Mapping[str, bytes]) -> dict[str, int | None]:
    known = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return {name: known[name]["arena"] for name, data in models.items() if known[name]["sha"] == _sha(data)}


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def main() -> None:
    """Write down what TFLM says of every public-like model."""
    from tests.support.tflm_models import public_like_models

    models = public_like_models()
    lines = [
        f"  {json.dumps(name)}: {json.dumps({'sha': _sha(models[name]), 'arena': arena})}"
        for name, arena in _asked(models).items()
    ]
    ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
