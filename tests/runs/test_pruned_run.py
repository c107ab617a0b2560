"""A search that prunes: genes, costs of what is left, what is shown and exported."""

from dataclasses import replace
from pathlib import Path

import pytest

from search import Budget, Run, RunSettings
from search.problem import Problem
from search.pruning.channels import prunable_weights
from search.recipe import Pruning, Recipe
from tests.support.running import PATIENCE_S, conduct, figures

pytestmark = pytest.mark.tf

SETTINGS = RunSettings(
    dataset="digits",
    accounting="unas",
    budget=Budget.parse(ram="4 KiB", flash="8 KiB", macs="200k"),
    recipe=Recipe(pruning=Pruning(lowest=0.3, highest=0.6)),
    algorithm="aging_evolution",
    options={"population": 2, "tournament": 1},
    epochs=2,
    workers=1,
    trials=4,
    seed=3,
)


@pytest.mark.slow
def test_a_search_that_prunes_channels(tmp_path: Path) -> None:
    run = Run.create(SETTINGS, tmp_path / "run")
    conduct(run)
    trained = [o for o in run.observations() if o.status == "trained"]
    assert len(trained) == 4
    assert all(0.3 <= o.trial.genes["sparsity"] <= 0.6 for o in trained)
    children = [o for o in trained if o.trial.parent is not None]
    assert children
    for child in children:
        parent = run.observation(child.trial.parent)
        change = abs(child.trial.genes["sparsity"] - parent.trial.genes["sparsity"])
        assert 0 < change < 0.3
    problem = Problem.of(run.settings)
    assert any(o.costs.model_bytes < problem.costs(o.trial.architecture).model_bytes for o in trained)
    for o in trained:
        report = run.report(o.trial_id)
        assert (report.ram_bytes, report.model_bytes, report.macs) == (
            o.costs.ram_bytes,
            o.costs.model_bytes,
            o.costs.macs,
        )
        assert len(o.losses) == 2
    again = Run.open(run.folder)
    assert figures(again) == figures(run)
    assert [o.channels for o in again.observations()] == [o.channels for o in run.observations()]

    smallest = min(trained, key=lambda o: o.costs.model_bytes)
    result = run.export(smallest.trial_id, tmp_path / "model.tflite").result(PATIENCE_S)
    assert result.float_val_error == smallest.val_error
    assert abs(result.int8_val_error - smallest.val_error) < 0.1


@pytest.mark.long
def test_a_search_that_prunes_weights(tmp_path: Path) -> None:
    recipe = Recipe(pruning=Pruning(kind="unstructured", lowest=0.5, highest=0.5))
    run = Run.create(replace(SETTINGS, recipe=recipe, trials=1), tmp_path / "run")
    conduct(run)
    (o,) = run.observations()
    dense = Problem.of(run.settings).costs(o.trial.architecture)
    assert o.zeros == pytest.approx(0.5 * prunable_weights(run.graph(o.trial_id)), abs=1)
    assert o.costs == replace(dense, model_bytes=dense.model_bytes - o.zeros)
    assert Run.open(run.folder).observations() == run.observations()
