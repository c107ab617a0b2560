"""The README's example does what it says, as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running import PATIENCE_S

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.long
@pytest.mark.tf
def test_the_ten_lines_work(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(code.strip().splitlines()) <= 10
    short = code.replace("trials=10", "trials=2, epochs=2")
    assert short != code
    (tmp_path / "example.py").write_text(short, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"trial \d+: \d+\.\d% in \d+ B of RAM", done.stdout)
    assert "int8_val_error=" in done.stdout
    assert (tmp_path / "runs" / "first" / "model.tflite").stat().st_size > 1000
