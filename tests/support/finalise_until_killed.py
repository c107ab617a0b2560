"""`python -m tests.support.finalise_until_killed FOLDER RECIPE`: finalises a run, and never ends after one training."""

import sys
from dataclasses import replace

from search import Run
from search.runs.tasks import Tasks


class Stopped(Run):
    """A run of which one training ends."""

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), finalise_path="tests.support.synthetic_tasks:finalise_until_stopped")


if __name__ == "__main__":  # workers read this module too
    Stopped.open(sys.argv[1]).finalise(seeds=2, recipe=sys.argv[2])
