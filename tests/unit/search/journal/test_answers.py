"""Answers of workers: what is one, and in which words the others are refused."""

import math
from typing import Any

import numpy as np
import pytest

from search.errors import TrainingError
from search.journal.answers import Exported, TrainedAgain, WarmedUp, read_answer, read_training

GOOD = {"history": [0.5, 0.25], "losses": [1.0, -0.5], "seconds": 2}


def test_numbers_of_numpy_are_numbers() -> None:
    answer = {
        **GOOD,
        "history": np.array([0.5, 0.25], np.float32),
        "losses": [np.float64(1.0)],
        "channels": {"conv": np.int64(3)},
    }
    trained = read_training(answer, epochs=2)
    assert (trained.history, trained.losses, trained.channels) == ((0.5, 0.25), (1.0,), {"conv": 3})
    assert [type(error) for error in trained.history] == [float, float]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"history": [0.5, -3]}, r"history\[1\]: expected float >= 0.0"),
        ({"history": [7.5]}, r"history\[0\]: expected float <= 1.0"),
        ({"history": []}, r"history: expected array of length >= 1"),
        ({"history": None}, r"history: expected array, got null"),
        ({"history": [0.5, math.nan]}, "no finite validation error"),
        ({"history": [math.inf]}, "no finite validation error"),
        ({"history": [0.5] * 3}, "errors of 3 epochs, and was asked for 2"),
        ({"history": [0.5], "losses": [1.0, 1.0]}, "2 losses for 1 epochs"),
        ({"losses": [math.inf, 1.0]}, r"losses\[0\]: expected float <= "),
        ({"losses": [math.nan, 1.0]}, r"losses\[0\]: expected float >= "),
        ({"history": [10**400]}, "an answer that cannot be"),
        ({"seconds": -1.0}, "seconds: expected float >= 0.0"),
        ({"seconds": "2"}, "seconds: expected float, got str"),
        ({"channels": {"conv": -1}}, r"channels\[\.\.\.\]: expected int >= 0"),
        ({"channels": {3: 1}}, "channels"),
        ({"zeros": 1.5}, "zeros: expected int, got float"),
        ({"history": [object()]}, "is no value of JSON"),
    ],
)
def test_what_cannot_be_is_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        read_training({**GOOD, **wrong}, epochs=2)


@pytest.mark.parametrize("values", [None, 3, "done", [], {}])
def test_an_answer_is_made_of_names_and_values(values: Any) -> None:
    for read in (
        lambda: read_training(values, epochs=2),
        lambda: read_answer(TrainedAgain, values, what="it"),
        lambda: read_answer(WarmedUp, values, what="it"),
        lambda: read_answer(Exported, values, what="it"),
    ):
        with pytest.raises(TrainingError, match="gave an answer that cannot be"):
            read()
