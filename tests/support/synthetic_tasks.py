"""Workers' tasks without a framework: a learning curve that is written down at once, and the files of a real one."""

import math
import time
from pathlib import Path
from typing import Any

from data import telling
from data.phase import counted
from search.deploy.integer.rounding import PROFILE
from search.executors.phase_file import PhaseFile
from tests.support.running import wait_for

GO_ON = "go-on"


def warm_up(task: dict[str, Any]) -> dict[str, Any]:
    """As `search.training.tasks.warm_up`."""
    return {"validation_size": 100}


def warm_up_of_many(task: dict[str, Any]) -> dict[str, Any]:
    """The same of a data set that is large enough for trainings of parts of an epoch."""
    return {"train_size": 45_000, "validation_size": 5_000}


def warm_up_when_let(task: dict[str, Any]) -> dict[str, Any]:
    """The same, which begins to decode images, and goes on with that once there is a file in the run's folder."""
    file = PhaseFile(Path(task["loading"]))
    with telling(file):
        for _ in counted(range(1), "decoding images", 60_000):
            wait_for((Path(task["folder"]) / GO_ON).exists, "the file that lets it go on")
    file.remove()
    return warm_up(task)


def train_to_nothing(_task: dict[str, Any]) -> dict[str, Any]:
    """A trainer that diverges, and does not notice."""
    return {"history": [0.5, math.nan], "losses": [1.0, math.inf], "seconds": 0.01}


def train_trial(task: dict[str, Any]) -> dict[str, Any]:
    """As `search.training.tasks.train_trial`; the file of a checkpoint holds the epochs and the seed."""
    before = 0.0
    if task["resume"]:
        text, seed = Path(task["resume"]).read_text().split()
        before = float(text)
        assert int(seed) == task["seed"], "a promotion must have the seed of its network"
    epochs = task["epochs"]
    Path(task["weights"]).write_text("weights")
    if task["keep"]:
        Path(task["checkpoint"]).write_text(f"{epochs} {task['seed']}")
    curve = [(1 + task["seed"] % 7) / (9 + epoch) for epoch in (*range(1, math.ceil(epochs)), epochs)]
    return {"history": curve, "losses": curve[int(before) :], "epochs_spent": epochs - before, "seconds": 0.01}


def train_wrongly(task: dict[str, Any]) -> dict[str, Any]:
    """A trainer whose every second answer cannot be, each in another way."""
    number = int(Path(task["weights"]).name.partition(".")[0])
    answer = train_trial(task)
    if number % 2 == 0:
        return answer
    wrong: tuple[Any, ...] = (-3, 7.5, math.nan, None, "0.5", [0.5], 10**400)
    return {**answer, "history": [wrong[number // 2 % len(wrong)]]}


def train_for_a_moment(task: dict[str, Any]) -> dict[str, Any]:
    """The same in a quarter of a second, whose numbers are a candidate's: the error falls with its layers."""
    time.sleep(0.25)
    return train_trial(task)


def finalise_trial(task: dict[str, Any]) -> dict[str, Any]:
    """As `search.training.tasks.finalise_trial`; the errors follow from the seed, and stand in the file of weights."""
    error = (task["seed"] % 97) / 1000
    if task["keep_weights"]:
        Path(task["keep_weights"]).write_text(f"{error:.3f} after {task['epochs']} epochs")
    return {
        "val_error": error,
        "test_error": error + 0.01,
        "int8_val_error": error + 0.002,
        "int8_test_error": error + 0.012,
        "litert_val_error": error + 0.003,
        "litert_test_error": error + 0.013,
        "arithmetic": PROFILE,
        "seconds": 0.01,
    }


def finalise_until_stopped(task: dict[str, Any]) -> dict[str, Any]:
    """The first training of the run ends, every other one takes as long as one lets it; a file tells that it began."""
    first = Path(task["folder"]) / "first"
    if not first.exists():
        first.touch()
        return finalise_trial(task)
    (first.parent / "second").touch()
    while True:
        time.sleep(0.05)


def finalise_after_a_failure(task: dict[str, Any]) -> dict[str, Any]:
    """The first training of the run fails, every other one ends well."""
    first = Path(task["folder"]) / "first"
    if not first.exists():
        first.touch()
        raise ValueError("made to fail")
    return finalise_trial(task)


def finalise_to_failure(_task: dict[str, Any]) -> dict[str, Any]:
    """A training that ends with an error."""
    raise ValueError("made to fail")
