"""A search in a real Jupyter kernel: it blocks nothing, loads no framework there, and survives the kernel's death."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from jupyter_client import BlockingKernelClient, KernelManager

from search import Run
from tests.support.running import PATIENCE_S, alive, finished_trials, wait_for, workers_of

pytestmark = pytest.mark.tf

START = """
from search import Budget, Run, RunSettings
settings = RunSettings(dataset="digits", budget=Budget.parse(ram="8 KiB"), epochs=2, workers=2, trials=400, seed=5)
run = Run.create(settings, {folder!r})
run.start()
"""


@pytest.fixture
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(Path(__file__).parents[2]))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE_S)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def value_of(client: BlockingKernelClient, expression: str) -> str:
    """What an expression is in the kernel, as text."""
    reply = client.execute_interactive(
        "pass", user_expressions={"it": expression}, timeout=PATIENCE_S, output_hook=print
    )
    return reply["content"]["user_expressions"]["it"]["data"]["text/plain"]


@pytest.mark.long
def test_killing_the_kernel_loses_no_finished_trial(
    kernel: tuple[KernelManager, BlockingKernelClient], tmp_path: Path
) -> None:
    manager, client = kernel
    folder = tmp_path / "run"
    client.execute_interactive(START.format(folder=str(folder)), timeout=PATIENCE_S)
    assert value_of(client, "run.state.active") == "True"  # the cell is over, the search goes on
    wait_for(lambda: len(finished_trials(folder)) >= 2, "two trials")
    loaded = value_of(client, "[name for name in __import__('sys').modules if name in ('tensorflow', 'keras')]")
    assert loaded == "[]"

    process = psutil.Process(manager.provisioner.pid)
    workers = workers_of(process)
    assert workers
    process.kill()
    wait_for(partial(none_left, workers), "the workers' end")

    before = finished_trials(folder)
    run = Run.open(folder)
    assert {o.trial_id for o in run.observations()} == set(before)
    run.start()
    wait_for(lambda: len(run.observations()) > len(before), "another trial")
    run.stop()
    run.wait(PATIENCE_S)
    assert before.items() <= finished_trials(folder).items()


def none_left(processes: list[psutil.Process]) -> bool:
    return not alive(processes)
