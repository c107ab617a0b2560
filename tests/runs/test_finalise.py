"""`finalise`: the front again, with several seeds, on the test split."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from search import Run, RunError
from search.errors import SettingsError
from tests.runs.helpers import SHORT


@pytest.mark.tf
def test_the_front_is_trained_again_and_nothing_twice(tmp_path: Path) -> None:
    run = Run.create(replace(SHORT, trials=1), tmp_path / "run")
    run.start()
    with pytest.raises(RunError, match="active"):
        run.finalise(seeds=1)
    run.wait()
    told: list[tuple[int, int]] = []
    finals = run.finalise(seeds=2, tell=lambda done, total: told.append((done, total)))
    front = run.front()
    assert {f.observation.trial_id for f in finals} == {o.trial_id for o in front}
    assert told[0] == (0, 2 * len(front))
    assert told[-1] == (2 * len(front), 2 * len(front))
    assert [f.mean("int8_val_error") for f in finals] == sorted(f.mean("int8_val_error") for f in finals)
    for final in finals:
        figures = final.metrics()
        assert 0 <= figures["test_error"] <= 1
        assert figures["test_error_std"] >= 0
        assert figures["seeds"] == 2
        assert figures["val_error"] == final.observation.val_error

    journal = (tmp_path / "run" / "journal.jsonl").read_text(encoding="utf-8")
    again = Run.open(tmp_path / "run").finalise(seeds=2, tell=lambda done, total: told.append((done, total)))
    assert [f.metrics() for f in again] == [f.metrics() for f in finals]
    assert told[-1] == (2 * len(front), 2 * len(front))
    assert (tmp_path / "run" / "journal.jsonl").read_text(encoding="utf-8") == journal
    records = [json.loads(line) for line in journal.splitlines()]
    assert len({(r["id"], r["seed"]) for r in records if r["record"] == "final"}) == 2 * len(front)


def test_no_seed_is_refused(tmp_path: Path) -> None:
    run = Run.create(SHORT, tmp_path / "run")
    with pytest.raises(SettingsError, match="seeds"):
        run.finalise(seeds=0)
    assert run.finalise(seeds=1) == ()
