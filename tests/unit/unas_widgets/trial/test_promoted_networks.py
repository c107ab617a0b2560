"""A network that was trained further is one point, one row and one number, with its newest figures."""

from pathlib import Path

from search import Observation
from search.journal import FILE_NAME, Journal
from search.journal.history import observation_record, trial_record
from search.problem import Problem
from tests.support.recorded_run import recorded_run
from unas_widgets import Workbench
from unas_widgets.quantities.axis import ERROR


def promote(run) -> int:
    """Write the promotion of the run's best network into its journal; returns the network's number."""
    best = run.front("ram_bytes")[0]
    trial = best.trial.promoted(run._history.next_id, epochs=9)
    better = Observation(trial, "trained", best.costs, 0.01, epochs=9, seconds=3.0, history=(0.01,) * 9, epochs_spent=6)
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        journal.append(trial_record("trial", trial, best.costs, Problem.of(run.settings).space))
        journal.append(observation_record(better, elapsed_s=99.0, cpu_seconds=99.0))
        journal.append(
            {"record": "session", "event": "ready", "validation_size": 359, "elapsed_s": 99, "cpu_seconds": 99}
        )
    return best.trial_id


def test_the_promoted_point_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    run = recorded_run(tmp_path / "run")
    before = Workbench(run.folder).plot.view()
    network = promote(run)
    bench = Workbench(run.folder)
    after = bench.plot.view()
    assert len(after.trained()) == len(before.trained())
    assert after.find(network).y == ERROR.value(bench.run.observation(network)) < before.find(network).y
    assert after.find(network).x == before.find(network).x
    assert "359 examples" in after.find(network).hover
    (row,) = [row for row in bench.table.view().rows if row.trial_id == network]
    assert row.epochs == 9
    bench.selected = network
    assert "9 epochs in 4.5 s" in bench.trial_panel.static_html()
