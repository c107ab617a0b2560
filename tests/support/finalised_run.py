"""A recorded run whose front was trained again, as its journal has it, but without training."""

from collections.abc import Iterable
from pathlib import Path

from search import Run, RunSettings
from search.journal import FILE_NAME, Journal
from search.journal.history import FINAL_FIGURES
from tests.support.recorded_run import SETTINGS, recorded_run


def finalised_run(folder: Path, *, seeds: Iterable[int] = range(3), settings: RunSettings = SETTINGS) -> Run:
    """The run of `recorded_run` with `final` records of its front; errors differ by seed, split and number format."""
    seeds = tuple(seeds)
    run = recorded_run(folder, settings=settings)
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        for observation in run.front():
            for seed in seeds:
                error = round(observation.val_error * (1 + 0.1 * seed), 6)
                shifts = dict(zip(FINAL_FIGURES, (0.0, 0.02, 0.004, 0.03), strict=True))
                errors = {name: error + shift for name, shift in shifts.items()}
                journal.append({"record": "final", "id": observation.trial_id, "seed": seed, **errors, "seconds": 1.0})
    return Run.open(run.folder)
