"""Live tournaments: real runs, whose workers make their learning curves up."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from search import Run, journal
from search.errors import SettingsError
from search.tournament import LiveRules, Result, compare, conduct, curves, entrants
from search.tournament.results_file import FILE_NAME
from tests.support.running import SHORT, figures

SETTINGS = replace(SHORT, epochs=3, trials=100)
ENTRANTS = entrants(["random", "successive_halving"], ["successive_halving.min_epochs=1"])


@pytest.mark.tf
@pytest.mark.slow
def test_runs_end_at_their_compute_and_are_read_back(tmp_path: Path) -> None:
    rules = LiveRules(settings=SETTINGS, equivalents=3)
    results = conduct(rules, ENTRANTS, seeds=1, folder=tmp_path)
    for result, entrant in zip(results, ENTRANTS, strict=True):
        run = Run.open(tmp_path / "runs" / f"{entrant.name}-0")
        within = [o for o in run.observations() if o.status == "trained"]
        assert 9 <= run.progress().epochs <= 12
        assert result.epochs <= 9
        assert result.cpu_seconds is not None
        assert 0 < result.cpu_seconds <= run.progress().cpu_seconds
        best = [1 - o.val_error for o in within[: result.trained] if SETTINGS.budget.allows(o.costs)]
        assert result.final("accuracy") == max(best)
    assert set(curves(results)["axis"]) == {"equivalents", "epochs", "cpu_seconds"}
    assert {c.seeds for c in compare(results)} == {1}

    # A search that was cut off goes on in its run; what was trained is not trained again.
    lines = (tmp_path / FILE_NAME).read_text().splitlines(keepends=True)
    (tmp_path / FILE_NAME).write_text("".join(lines[:-1]))
    before = figures(Run.open(tmp_path / "runs" / "successive_halving-0"))
    assert conduct(rules, ENTRANTS, seeds=1, folder=tmp_path) == results
    assert figures(Run.open(tmp_path / "runs" / "successive_halving-0")) == before

    with pytest.raises(SettingsError, match="begun with epochs 3, not epochs 4"):
        conduct(LiveRules(settings=replace(SETTINGS, epochs=4), equivalents=3), ENTRANTS, seeds=1, folder=tmp_path)


def test_a_live_tournament_without_a_folder_is_refused() -> None:
    with pytest.raises(SettingsError, match="needs a folder"):
        conduct(LiveRules(settings=SETTINGS, equivalents=3), ENTRANTS, seeds=1)


def test_a_journal_is_read_up_to_the_limit(tmp_path: Path) -> None:
    """Of three trainings of 3 epochs and 10 CPU-seconds each, as many as the limit has room for."""
    entrant = ENTRANTS[0]
    place = tmp_path / "run"
    run = Run.create(replace(SETTINGS, algorithm="random"), place)
    network = run._problem.space.smallest()[0]
    costs = {"ram_bytes": 2048, "model_bytes": 1024, "macs": 100}
    with journal.Journal.reopen(place / journal.FILE_NAME) as writer:
        for number, error in enumerate((0.5, 0.3, 0.2)):
            architecture = run._problem.space.to_json(network)
            trial = {"id": number, "architecture": architecture, "epochs": 3, "parent": None, "genes": {}}
            writer.append({"record": "trial", **trial, "costs": costs})
            clocks = {"elapsed_s": 1.0, "cpu_seconds": 10.0 * (number + 1)}
            writer.append(
                {"record": "observation", "id": number, "status": "trained", "val_error": error, "epochs": 3, **clocks}
                | {"seconds": 1.0, "history": [error] * 3, "message": ""}
            )
    for limits, epochs, error in (
        ({"equivalents": 2.5}, 6, 0.3),
        ({"equivalents": 3.0}, 9, 0.2),
        ({"settings": replace(SETTINGS, cpu_seconds=19.0)}, 3, 0.5),
        ({}, 9, 0.2),
    ):
        result = LiveRules(**{"settings": SETTINGS, **limits}).read(entrant, 0, place)
        assert (result.epochs, 1 - result.final("accuracy")) == (epochs, pytest.approx(error))
        left = (1 - 2048 / SETTINGS.budget.ram_bytes) * (1 - 1024 / SETTINGS.budget.model_bytes)
        assert result.points[0].hypervolume == pytest.approx(0.5 * left)
        assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result
