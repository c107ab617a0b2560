"""What is opened on Binder: the notebook with a recorded run to play and a search to start, in 2 GB."""

import shutil

import psutil
import pytest

from tests.support.browser import (
    look,
    open_workbench,
    plotted,
    press,
    type_budget,
    wait_for_count,
    wait_for_state,
)
from tests.support.kernel import Kernel

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

NAME = "10_a_recorded_search.ipynb"
NOTEBOOK = f"binder/{NAME}"
LIMIT = 2 * 1024**3


def memory(kernel):
    """Bytes of JupyterLab, of this kernel and of its workers; what they share is counted once."""
    family = [kernel.process.parent(), kernel.process, *kernel.process.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family)


@pytest.mark.tf
def test_a_replay_and_then_a_search_in_the_memory_of_binder(page, lab):
    (lab.folder / "binder").mkdir()
    shutil.copy(lab.folder / NAME, lab.folder / NOTEBOOK)
    bench = open_workbench(page, lab, notebook=NOTEBOOK)
    with Kernel(lab, NOTEBOOK) as kernel:
        look(page, bench.locator(".unas-zones"), "binder-open")
        wait_for_state(page, "replay")
        bench.locator(".unas-replay select").select_option("10 ×")
        bench.locator(".unas-play").click()
        wait_for_count(page, "trained", 5)
        look(page, bench.locator(".unas-zones"), "binder-replay")
        page.get_by_label("Moment of the run").press("End")
        wait_for_count(page, "trained", 60)
        assert len(plotted(page, least=60)["front"]) >= 3
        assert kernel.process.children(recursive=True) == []
        played = memory(kernel)

        press(page, "End replay")
        wait_for_state(page, "ready")
        type_budget(page, "RAM", "12 KiB")
        press(page, "Start")
        wait_for_count(page, "trained", 8)
        assert len(plotted(page, least=8)["front"]) > 0
        searched = memory(kernel)
        look(page, bench.locator(".unas-zones"), "binder-search")
        press(page, "Stop")
        wait_for_state(page, "stopped")
        assert kernel.complaints == []
    (folder,) = (lab.folder / "binder" / "runs").iterdir()
    assert "digits" in folder.name
    print(
        f"memory: {played / 2**20:.0f} MiB in replay, {searched / 2**20:.0f} MiB in search; {psutil.cpu_count()} CPUs"
    )
    assert searched < LIMIT
