"""The generated C: it compiles without a warning, computes the same bytes, and its proof can fail."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.deploy.c.memory_plan import memory_plan
from search.deploy.c.program import Program, program
from search.deploy.c.self_test import self_test, self_test_inputs
from search.deploy.integer.model_file import read_network
from search.deploy.integer.network import IntegerNetwork
from search.deploy.proof.host import SANITIZERS, WARNINGS, host_compiler, run_on_host
from search.deploy.proof.verify import C, verify
from search.errors import DeployError
from tests.support.integer_operators import CASES, Case, branchy

COMPILER = host_compiler()
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler is installed")


def random_inputs(network: IntegerNetwork, count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(-128, 128, (count, *network.source.shape), np.int8)


def chosen(*names: str) -> list[Case]:
    return [case for case in CASES if case.name in names]


@needs_compiler
@pytest.mark.parametrize("case", chosen("conv dilated", "add both broadcast", "unsigned edges"), ids=lambda c: c.name)
def test_an_operator_as_c_gives_the_same_bytes(case: Case) -> None:
    model = case.write(3)
    by_c, _ = verify(model, random_inputs(read_network(model), 5), flags=("-O0",))
    assert by_c.verified, by_c


@needs_compiler
@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_operator_as_c_under_sanitizers(case: Case) -> None:
    model = case.write(4)
    network = read_network(model)
    inputs = random_inputs(network, 5)
    if network.source.shape == (1, 256):
        inputs[0] = np.arange(-128, 128)
    assert all(found.verified or found.reason for found in verify(model, inputs, flags=("-O0", *SANITIZERS)))


@needs_compiler
def test_a_network_as_c_under_sanitizers() -> None:
    model = branchy()
    by_c, _ = verify(model, random_inputs(read_network(model), 20), flags=("-O0", *SANITIZERS))
    assert by_c.verified, by_c
    assert [layer.kind for layer in by_c.layers].count("CONV_2D") == 2
    assert by_c.to_json()["different"] == 0


@needs_compiler
def test_the_first_layer_with_other_values_is_named() -> None:
    network = read_network(branchy())
    written = program(network, "network")
    weights = written.sources["network_weights.c"]
    bias = weights.index("depthwise_conv_2d_1_bias[4] = {\n") + len("depthwise_conv_2d_1_bias[4] = {\n")
    end = weights.index(",", bias)
    changed = {**written.sources, "network_weights.c": f"{weights[:bias]}  99999{weights[end:]}"}
    by_c, _ = verify(branchy(), random_inputs(network, 4), written=replace(written, sources=changed), flags=("-O0",))
    assert by_c.first_different == "depthwise_conv_2d_1"
    assert not by_c.verified
    assert 0 < by_c.different < sum(layer.bytes for layer in by_c.layers)


@needs_compiler
def test_classes_and_confidences_are_those_of_numpy() -> None:
    model = branchy(2)
    network = read_network(model)
    inputs = random_inputs(network, 30)
    found = run_on_host(network, program(network, "n"), inputs, compiler=str(COMPILER), flags=("-O0",))
    outputs = network.outputs(inputs)
    assert found.classes.tolist() == network.classes(outputs).tolist()
    shares = (outputs.max(axis=1).astype(int) + 128) / 2.56
    assert np.abs(found.confidences - shares).max() <= 0.5


@needs_compiler
def test_what_does_not_compile_is_an_error() -> None:
    network = read_network(branchy())
    written = program(network, "n")
    broken = replace(written, sources={**written.sources, "n.c": "no C"})
    with pytest.raises(DeployError, match="does not compile"):
        run_on_host(network, broken, random_inputs(network, 1), compiler=str(COMPILER))


def test_without_a_compiler_the_record_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    model = branchy()
    by_c, _ = verify(model, random_inputs(read_network(model), 1))
    assert not by_c.verified
    assert by_c.to_json() == {"against": C, "verified": False, "reason": by_c.reason}


def test_same_network_same_bytes() -> None:
    assert program(read_network(branchy()), "n").sources == program(read_network(branchy()), "n").sources


@pytest.mark.parametrize("seed", range(3))
def test_the_buffer_is_as_small_as_what_is_alive(seed: int) -> None:
    plan = memory_plan(read_network(branchy(seed)))
    assert plan.bytes == plan.least_bytes == 3 * 144  # both branches, and what they begin with


@needs_compiler
@pytest.mark.parametrize("name", ["int", "Größe 日本", "x" * 200, "string", "a b-c"])
def test_any_name_and_label_compiles(name: str, tmp_path: Path) -> None:
    network = read_network(branchy())
    written = program(network, name, labels=['a "b"', "??/", "日本"], pixels=True)
    built(written, self_test(network, written, random_inputs(network, 2)), tmp_path)


def built(written: Program, selftest: str, folder: Path) -> Path:
    """The self-test, compiled."""
    for file, text in {**written.sources, f"{written.name}_selftest.c": selftest}.items():
        (folder / file).write_text(text, encoding="utf-8")
    trace = f"-D{written.name.upper()}_TRACE"
    sources = sorted(folder.glob("*.c"))
    command = [str(COMPILER), *WARNINGS, "-O0", trace, "-o", str(folder / "selftest"), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "selftest"


@needs_compiler
def test_the_self_test_passes_and_can_fail(tmp_path: Path) -> None:
    network = read_network(branchy())
    written = program(network, "net one")
    selftest = self_test(network, written, random_inputs(network, 3))
    lines = subprocess.run([built(written, selftest, tmp_path)], capture_output=True, text=True, check=True).stdout
    *examples, last = lines.splitlines()
    runs = len(self_test_inputs(network, random_inputs(network, 3)))
    assert len(examples) == runs == 9
    assert all(" ok=1 " in line for line in examples)
    assert last.startswith("unas-selftest network=net_one done=9 failed=0 arena=432")
    weights = tmp_path / "net_one_weights.c"
    text = weights.read_text()
    weights.write_text(text.replace("conv_2d_2_shift[4] = {\n  -", "conv_2d_2_shift[4] = {\n  -1"))
    built(replace(written, sources={}), selftest, tmp_path)
    done = subprocess.run([tmp_path / "selftest"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "layer=conv_2d_2" in done.stdout
