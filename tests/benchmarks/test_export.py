"""Found networks as C: the bytes of NumPy, of the C, of TensorFlow Lite Micro and of simulated cores; what each takes.

Random members of every space, every third pruned, trained for a moment on real data. `UNAS_DATA_DIR` names the folder
of the data sets, `UNAS_BENCH_NETWORKS` how many networks of each space, `UNAS_BENCH_SPACES` which spaces,
`UNAS_BENCH_OUT` a file that a line of JSON is added to for each network; `UNAS_BENCH_MODELS` a folder of `.tflite`
files of others.
"""

import json
import os
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import data
from resource_models import ResourceModelError, plan_arena, read_tflite
from resource_models.model_file.tflite_file import read_file
from search.deploy.c.program import program
from search.deploy.c.self_test import self_test
from search.deploy.integer.model_file import read_network
from search.deploy.project.operator_order import in_best_order
from search.deploy.proof.cortex_m.simulate import CORES, CoreRun, run_on_cores
from search.deploy.proof.record import Proof
from search.deploy.proof.tflm import run_on_tflm
from search.deploy.proof.verify import verify
from search.errors import DeployError
from tests.support.random_networks import SPACES, Found, found_networks

DATASETS = ("digits", "mnist", "spoken-digits", "watch-exercises")
NETWORKS = int(os.environ.get("UNAS_BENCH_NETWORKS", "5"))
CHOSEN = tuple(os.environ.get("UNAS_BENCH_SPACES", ",".join(SPACES)).split(","))
INPUTS, ON_CORES = 200, 2
TFLM_FLOOR_FLASH, TFLM_FLOOR_RAM = 79_800, 4_900
"""A network of two parameters with TensorFlow Lite Micro on a NUCLEO-L4R5ZI, int8 (EdgeMark, 2025)."""


def inputs_of(dataset: data.Dataset, network: Any, count: int = INPUTS) -> np.ndarray:
    """Half of them validation examples, half of random codes."""
    examples = data.Split(dataset.validation.x[: count // 2], dataset.validation.y[: count // 2]).as_float()
    codes = network.quantise(examples).reshape(-1, network.source.size)
    more = np.random.default_rng(3).integers(-128, 128, (count - len(codes), network.source.size), np.int8)
    return np.concatenate([codes, more])


def measured(found: Found, dataset: data.Dataset, *, cores: bool) -> dict[str, Any]:
    """All figures of one network."""
    from search.training.quantise import int8_error, int8_errors

    ordered = in_best_order(found.model)
    network = read_network(ordered.model)
    code = program(network, found.name, pixels=dataset.validation.x.dtype == np.uint8)
    proofs = verify(ordered.model, inputs_of(dataset, network), written=code)
    errors = int8_errors(found.model, dataset.validation)
    assert int8_error(ordered.model, dataset.validation) == errors.litert  # the order changes nothing
    row: dict[str, Any] = {
        "name": found.name,
        "different": [proof.different for proof in proofs],
        "verified": [proof.verified for proof in proofs],
        "inputs": proofs[0].inputs,
        "float": found.float_error,
        "litert": errors.litert,
        "board": errors.value,
        "n": len(dataset.validation),
        "arena_file_order": ordered.before_bytes,
        "arena_best_order": ordered.arena_bytes,
        "plan": code.plan.bytes,
        "plan_least": code.plan.least_bytes,
        "branches": sum(operator.name == "ADD" for operator in read_file(found.model)[0].operators),
        **agreement(found.model, dataset),
    }
    if ordered.model != found.model:
        row["equal_in_tflm"] = equal_in_tflm(found.model, ordered.model, inputs_of(dataset, network, 20))
    if cores:
        examples = inputs_of(dataset, network, 20)[:4]
        runs = run_on_cores(code, self_test(network, code, examples), CORES)
        row["cores"] = [core_row(run) for run in runs]
    return row


def agreement(model: bytes, dataset: data.Dataset) -> dict[str, float]:
    """Shares of outputs, and of classes, in which LiteRT's default kernels differ from the board."""
    from ai_edge_litert.interpreter import Interpreter

    network = read_network(model)
    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    codes = inputs_of(dataset, network)
    theirs = []
    for example in codes:
        interpreter.set_tensor(source["index"], example.reshape(source["shape"]).view(source["dtype"]))
        interpreter.invoke()
        theirs.append(interpreter.get_tensor(target["index"]).reshape(-1).view(np.int8).copy())
    ours = network.outputs(codes)
    classes = network.classes(ours) != network.classes(np.stack(theirs))
    return {"litert_outputs_differ": float(np.mean(ours != theirs)), "litert_classes_differ": float(np.mean(classes))}


def equal_in_tflm(before: bytes, after: bytes, inputs: np.ndarray) -> bool:
    """Whether the real TFLM gives the same outputs in both orders."""
    outputs = [run_on_tflm(read_network(model), model, inputs) for model in (before, after)]
    return np.array_equal(*(o[read_network(m).output] for o, m in zip(outputs, (before, after), strict=True)))


def core_row(run: Proof) -> dict[str, Any]:
    return run.to_json() if isinstance(run, CoreRun) else {"against": run.against, "reason": run.reason}


def summary(rows: Sequence[dict[str, Any]]) -> None:
    """The figures over all networks."""
    points = [100 * (row["board"] - row["litert"]) for row in rows]
    to_float = [100 * (row["board"] - row["float"]) for row in rows]
    gains = [r["arena_file_order"] - r["arena_best_order"] for r in rows if r["branches"]]
    print(
        f"\n{len(rows)} networks, {sum(sum(row['different']) for row in rows)} bytes different; board - LiteRT median "
        f"{statistics.median(map(abs, points)):.2f}, worst {max(map(abs, points)):.2f} points; board - float median "
        f"{statistics.median(to_float):+.2f}, worst {max(to_float):+.2f} points; outputs that LiteRT has otherwise: "
        f"median {statistics.median(r['litert_outputs_differ'] for r in rows):.2%}, most "
        f"{max(r['litert_outputs_differ'] for r in rows):.2%}; {len(gains)} with branches, arena smaller in "
        f"{sum(gain > 0 for gain in gains)}, most {max(gains, default=0):,} bytes"
    )
    on_cores = [(row, core) for row in rows for core in row.get("cores", ()) if "reason" not in core]
    for core in dict.fromkeys(core["against"] for _, core in on_cores):
        mine = [(row, figures) for row, figures in on_cores if figures["against"] == core]
        print(
            f"{core}: {sum(f['verified'] for _, f in mine)} of {len(mine)} verified; code without weights at most "
            f"{max(f['code_bytes'] for _, f in mine):,} bytes, RAM over the plan at most "
            f"{max(f['ram_bytes'] - row['plan'] for row, f in mine):,}, stack at most "
            f"{max(f['stack_bytes'] for _, f in mine):,}"
        )


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", DATASETS)
def test_found_networks(name: str) -> None:
    try:
        dataset = data.load(name)
    except data.DataError as missing:
        pytest.skip(str(missing))
    rows = []
    for space in CHOSEN:
        for index, found in enumerate(found_networks(dataset, space, count=NETWORKS, seed=11)):
            row = measured(found, dataset, cores=index < ON_CORES)
            rows.append(row)
            keep(row)
            print(json.dumps(row), flush=True)
    summary(rows)
    assert all(row["different"] == [0, 0] and all(row["verified"]) for row in rows)
    assert all(core["verified"] for row in rows for core in row.get("cores", ()) if "reason" not in core)
    assert all(row.get("equal_in_tflm", True) for row in rows)
    code = [core["code_bytes"] for row in rows for core in row.get("cores", ()) if "reason" not in core]
    assert max(code, default=0) <= TFLM_FLOOR_FLASH / 4


def keep(row: dict[str, Any]) -> None:
    """Add a line to the file that was asked for."""
    if os.environ.get("UNAS_BENCH_OUT"):
        with Path(os.environ["UNAS_BENCH_OUT"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_models_of_others() -> None:
    folder = os.environ.get("UNAS_BENCH_MODELS", "")
    files = sorted(Path(folder).rglob("*.tflite")) if folder else []
    if not files:
        pytest.skip("UNAS_BENCH_MODELS names no folder with .tflite files")
    same = refused = 0
    for file in files:
        try:
            model = in_best_order(file.read_bytes()).model if read_network(file.read_bytes()) else b""
            network = read_network(model)
            inputs = np.random.default_rng(4).integers(-128, 128, (5, network.source.size), np.int8)
            proofs = verify(model, inputs)
            before = plan_arena(read_tflite(file)).arena_bytes
            print(f"{file.name}: {[proof.words for proof in proofs]}, arena {before}", flush=True)
            assert all(proof.verified for proof in proofs), file
            same += 1
        except (DeployError, ResourceModelError) as error:
            print(f"{file.name}: refused: {error}", flush=True)
            refused += 1
    print(f"{len(files)} models: {same} exported with the same bytes, {refused} refused by name")
