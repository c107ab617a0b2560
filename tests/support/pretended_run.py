"""A run in real worker processes that pretend to train, so that a search takes seconds and needs no framework."""

from dataclasses import replace

from search import Budget, Run, RunSettings
from search.runs.tasks import Tasks

SETTINGS = RunSettings(
    dataset="digits",
    budget=Budget.parse(ram="24 KiB", flash="100 KiB"),
    algorithm="aging_evolution",
    options={"population": 3, "tournament": 2},
    epochs=2,
    workers=1,
    trials=8,
    seed=5,
)


class PretendedRun(Run):
    """A run whose workers are those of `tests.support.synthetic_tasks`; `train` names the function that trains."""

    train = "train_trial"

    def _tasks(self) -> Tasks:
        where = "tests.support.synthetic_tasks"
        return replace(super()._tasks(), warm_up_path=f"{where}:warm_up", train_path=f"{where}:{self.train}")
