"""The generated C on an emulated Cortex-M by the packages ziglang and unicorn alone (the extra `emulate`)."""

from __future__ import annotations

import re

import numpy as np
import pytest

from search.deploy.c.program import Program, program
from search.deploy.c.self_test import self_test
from search.deploy.integer.model_file import read_network
from search.deploy.proof.cortex_m import boards
from search.deploy.proof.cortex_m.boards import run_on_boards
from search.deploy.proof.cortex_m.pip_only import emulate, missing_packages
from search.deploy.proof.cortex_m.simulate import CORES
from tests.support.integer_operators import branchy

M4 = next(core for core in CORES if core.name == "Cortex-M4")


def written() -> tuple[Program, str]:
    network = read_network(branchy())
    examples = np.random.default_rng(0).integers(-128, 128, (3, network.source.size), np.int8)
    code = program(network, "net")
    return code, self_test(network, code, examples)


@pytest.mark.skipif(bool(missing_packages()), reason=f"not installed: {', '.join(missing_packages())}")
def test_the_packages_alone_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    code, selftest = written()
    monkeypatch.setattr(boards, "missing_tools", lambda: ("qemu-system-arm",))
    (run,) = run_on_boards(code, selftest, CORES)
    assert run.verified, run.words
    assert "9 of 9 examples" in run.words
    weights = code.sources["net_weights.c"]
    begin = weights.index("{")
    wrong = weights[:begin] + re.sub(r"-?\d+", "99", weights[begin:], count=1)
    broken = Program(code.name, {**code.sources, "net_weights.c": wrong}, code.plan, code.weight_bytes)
    other = emulate(broken, selftest, M4)
    assert other.failed > 0
    assert other.first_different in other.words


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "missing_tools", lambda: ("arm-none-eabi-gcc",))
    monkeypatch.setattr(boards, "missing_packages", lambda: ("unicorn",))
    (record,) = run_on_boards(*written(), CORES)
    assert not record.verified
    assert "no arm-none-eabi-gcc, and not both of the packages ziglang and unicorn" in record.words
