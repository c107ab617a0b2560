"""What is said of a limit of time: how it will be spent, and how many networks that makes."""

from dataclasses import replace

import pytest

from search import RunSettings
from search.runs.clock import expected_networks, plan_words
from search.runs.events import Progress

SETTINGS = RunSettings(dataset="digits", minutes=10)
PROGRESS = Progress(
    trained=20, failed=1, infeasible=0, running=2, target_trials=None, elapsed_s=120, remaining_s=480, cpu_seconds=200,
    epochs=30, promotions=3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "workers", "words"),
    [
        (replace(SETTINGS, minutes=None, trials=9), 2, ""),
        (SETTINGS, 2, "Time on 2 workers: 10 min in all, the last 4 min of it for training the best networks to their"),
        (replace(SETTINGS, final_share=0.0), 1, "Time on 1 worker: 10 min in all. How many"),
        (replace(SETTINGS, minutes=None, cpu_seconds=100), 2, "100 of the processor"),
        (replace(SETTINGS, minutes=1.5, cpu_seconds=50), 2, "1:30 min in all, the last 36 s of it"),
        (replace(SETTINGS, minutes=1.5, cpu_seconds=50), 2, "; or 50 s of the processor, the last 20 s of it"),
    ],
)
def test_how_the_time_will_be_spent(settings: RunSettings, workers: int, words: str) -> None:
    said = plan_words(settings, workers)
    assert words.replace("100 of", "1:40 min of") in said
    assert bool(said) == bool(words)


def test_how_many_networks_are_to_be_expected() -> None:
    assert expected_networks(SETTINGS, PROGRESS) == 63  # 21 in a third of the six minutes
    assert expected_networks(replace(SETTINGS, trials=40), PROGRESS) == 40
    assert expected_networks(replace(SETTINGS, final_share=0.0), PROGRESS) == 105
    few = replace(PROGRESS, trained=2, failed=0)
    late = replace(PROGRESS, elapsed_s=400, remaining_s=200)
    for progress in (few, late, replace(PROGRESS, remaining_s=None)):
        assert expected_networks(SETTINGS, progress) is None
    assert expected_networks(replace(SETTINGS, minutes=None, trials=50), PROGRESS) is None
