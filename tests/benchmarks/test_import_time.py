"""How long a notebook waits for its first line, as multiples of starting an interpreter."""

import subprocess
import sys
import time

import pytest

REPETITIONS = 3


def seconds(statement: str) -> float:
    """Return the shortest wall-clock time of a fresh interpreter that runs one statement."""
    times = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.mark.bench
def test_import_times():
    base = seconds("pass")
    print(f"\npython alone            {base:5.2f} s")
    for package in ("resource_models", "data", "search", "unas_widgets"):
        taken = seconds(f"import {package}")
        print(f"import {package:16} {taken:5.2f} s   {taken / base:4.1f} x")
