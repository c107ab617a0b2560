"""Reports are made once for what they depend on: a network whose training went on may have lost further channels."""

from dataclasses import replace

import numpy as np
import pytest

from search import Observation, Recipe, Run, Trial
from search.journal import FILE_NAME, Journal
from search.journal.history import observation_record, trial_record
from search.problem import Problem
from search.pruning.channels import kept_evenly
from search.recipe import Pruning
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import BoardsMatrix, Comparison, ParetoPlot, TrialTable, Workbench
from unas_widgets.quantities.axis import FLASH, RAM
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.report_cache import Reports

PRUNED = replace(SETTINGS, recipe=Recipe(pruning=Pruning()), budget=replace(SETTINGS.budget, ram_bytes=None))


@pytest.fixture
def folder(tmp_path):
    """A run of one network, trained for three epochs with most of its channels and then for nine with fewer."""
    run = Run.create(PRUNED, tmp_path / "runs" / "pruned")
    problem, architecture = Problem.of(run.settings), run._problem.space.sample(np.random.default_rng(3))
    first = Trial(0, architecture, 3, genes={"sparsity": 0.5})
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        for trial, lost in ((first, 0.1), (first.promoted(1, epochs=9), 0.6)):
            channels = kept_evenly(problem.graph(architecture), lost)
            costs = problem.pruned_costs(architecture, channels, 0)
            over = Observation(trial, "trained", costs, 0.1, epochs=trial.epochs, history=(0.1,) * trial.epochs)
            over = replace(over, seconds=1.0, channels=channels, epochs_spent=3)
            journal.append(trial_record("trial", trial, costs, problem.space))
            journal.append(observation_record(over, elapsed_s=float(trial.epochs), cpu_seconds=1.0))
    return run.folder


def shown(bench, axis):
    """What the table says of the one network, and what the run knows of it."""
    (row,) = bench.table.view().rows
    figure = row.figures[bench.table.view().axes.index(axis)]
    return figure.value, axis.value(bench.run.observation(0)) * axis.scale


def test_table_and_bands_follow_the_channels_forth_and_back(folder):
    bench = Workbench.replay(folder)
    bench.plot.bands = True
    seen = []
    for position in (2, 4, 2):
        bench.position = position
        for axis in (RAM, FLASH):
            value, known = shown(bench, axis)
            assert value == pytest.approx(known), f"{axis.word} after {position} events"
        seen.append(shown(bench, RAM)[0])
    assert seen[0] == seen[2] > seen[1]
    bench.close()


def test_the_hover_of_the_bands_is_of_the_newest_channels(folder):
    bench = Workbench.replay(folder)
    bench.plot.bands, bench.plot.x = True, FLASH.word
    for position in (2, 4, 2):
        bench.position = position
        quantity = FLASH.quantity(bench.run.observation(0), None, bench.run.report(0))
        assert quantity.hover.split("; ")[0] in bench.plot.view().find(0).hover
        assert quantity.value == bench.run.observation(0).costs.model_bytes
    bench.close()


def test_the_boards_look_at_the_channels_too(folder):
    bench = Workbench.replay(folder)
    panel, found = BoardsMatrix(), []
    for position in (2, 4, 2):
        bench.position = position
        panel.show_front(bench.run)
        found.append(panel._candidates[0].needs)
    assert found[0] == found[2] != found[1]
    bench.close()


def test_the_same_network_is_asked_for_once_however_often_it_is_drawn(folder):
    run, asked = Run.open(folder), []

    def report(trial):
        asked.append(trial)
        return run.report(trial)

    table, plot = TrialTable(), ParetoPlot(bands=True)
    for _ in range(3):
        table.show(run.networks(), report_of=report)
        plot.show(run.networks(), (), report_of=report)
    assert asked == [0, 0], "once by each of the two"


def test_another_source_is_asked_anew():
    reports, columns = Reports(), Columns(())
    reports.take(lambda trial: f"first {trial}", columns)
    assert reports.report_of(3) == "first 3"
    reports.take(lambda trial: f"second {trial}", columns)
    assert reports.report_of(3) == "second 3"
    reports.take(None, columns)
    assert reports.report_of is None


def test_compare_again_draws_what_another_program_has_added_meanwhile(tmp_path):
    other = recorded_run(tmp_path / "runs" / "other", trained=3)
    panel = Comparison(base=tmp_path)
    name = panel.add(other.folder)
    before = len(panel.plot.overlaid[name].networks())
    longer = recorded_run(tmp_path / "longer", trained=6)
    (other.folder / FILE_NAME).write_bytes((longer.folder / FILE_NAME).read_bytes())
    panel._renew.click()
    assert len(panel.plot.overlaid[name].networks()) == before + 3
    panel.close()
