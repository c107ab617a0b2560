"""The generated C on simulated Cortex-M cores (`make verify-board`): the bytes of the NumPy reference, layer by layer.

It needs Debian's packages gcc-arm-none-eabi and qemu-system-arm, no C library.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from search.deploy.c.program import Program, program
from search.deploy.c.self_test import self_test
from search.deploy.integer.model_file import read_network
from search.deploy.measure.lines import readings
from search.deploy.measure.port import port_lines
from search.deploy.proof.cortex_m.simulate import CORES, emulator, image, missing_tools, run_on_core, run_on_cores
from search.errors import DeployError
from tests.support.integer_operators import CASES, branchy

ABSENT = missing_tools()
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}; boards are not verified")


def written(model: bytes, name: str = "net") -> tuple[Program, str]:
    network = read_network(model)
    examples = np.random.default_rng(0).integers(-128, 128, (3, network.source.size), np.int8)
    code = program(network, name)
    return code, self_test(network, code, examples)


def test_six_cores_give_the_same_bytes() -> None:
    code, selftest = written(branchy(), "for")
    told: list[str] = []
    found = run_on_cores(code, selftest, CORES, told.append)
    assert [run.words for run in found if not run.verified] == []
    assert [run.against for run in found] == [f"generated C on {core.name} in QEMU" for core in CORES]
    assert len(told) == len(CORES)
    for run in found:
        figures = run.to_json()
        assert figures["examples"] == 9
        assert figures["ram_bytes"] <= code.plan.bytes + 256
        assert figures["weight_bytes"] == pytest.approx(code.weight_bytes, abs=64)
        assert 0 < figures["stack_bytes"] < 512
        assert figures["instructions"] > 1000


def test_a_board_that_computes_something_else_is_caught_and_the_layer_named() -> None:
    code, selftest = written(branchy())
    weights = code.sources["net_weights.c"]
    name = re.search(r"int8_t (net_\w*weights\w*)\[", weights)
    assert name is not None, weights[:500]
    begin = weights.index("{", name.end())
    wrong = weights[:begin] + re.sub(r"-?\d+", "99", weights[begin:], count=1)
    broken = Program(code.name, {**code.sources, "net_weights.c": wrong}, code.plan, code.weight_bytes)
    run = run_on_core(broken, selftest, CORES[2])
    assert run.failed > 0
    assert not run.verified
    assert run.first_different == code.plan.layers[0].name
    assert run.first_different in run.words


def test_too_much_ram_is_said() -> None:
    code, selftest = written(branchy())
    small = type(CORES[0])("tiny", "cortex-m3", "mps2-an385", ram_bytes=16_384)
    with pytest.raises(DeployError, match="more than the simulated tiny has"):
        run_on_core(code, selftest, small)
    (record,) = run_on_cores(code, selftest, (small,))
    assert not record.verified
    assert "more than the simulated tiny has" in record.reason


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_operator_on_two_cores(case) -> None:
    code, selftest = written(case.write(5))
    for core in (CORES[0], CORES[3]):
        run = run_on_core(code, selftest, core)
        assert run.verified, run.words


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_board_on_a_serial_port_is_read(tmp_path: Path) -> None:
    """The simulated board at the other end of a pseudo-terminal; its instructions stand for microseconds."""
    pytest.importorskip("serial", reason="pyserial is not installed")
    code, selftest = written(branchy())
    built = image(code, selftest, CORES[2], tmp_path, clock="us")
    board, port = os.openpty()
    name = os.ttyname(port)
    began: list[subprocess.Popen[bytes]] = []

    def begin(words: str) -> None:
        assert name in words
        began.append(subprocess.Popen(emulator(CORES[2], built), stdin=subprocess.DEVNULL, stdout=board, stderr=board))

    try:
        reading = next(readings(port_lines(name, patience_s=30, tell=begin)))
        assert began[0].wait(30) == 0
    finally:
        os.close(port)
        os.close(board)
    assert (reading.network, reading.examples, reading.failed, reading.arena_bytes) == ("net", 9, 0, code.plan.bytes)
    assert len(reading.microseconds) == 3
    assert reading.milliseconds is not None


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_port_that_says_nothing_and_one_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("serial", reason="pyserial is not installed")
    board, port = os.openpty()
    try:
        with pytest.raises(DeployError, match=r"Nothing came from .* for 0\.3 s"):
            next(readings(port_lines(os.ttyname(port), patience_s=0.3)))
    finally:
        os.close(port)
        os.close(board)
    with pytest.raises(DeployError, match="cannot be read"):
        next(port_lines(str(tmp_path / "absent")))
