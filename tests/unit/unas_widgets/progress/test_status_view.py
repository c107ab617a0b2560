"""What the status line says in every state, and which buttons can be pressed."""

from dataclasses import replace

import pytest

from search.runs.events import Progress, RunState
from unas_widgets.progress.status_view import Circumstances, buttons, clock, status_view

PROGRESS = Progress(
    trained=37, failed=1, infeasible=2120, running=2, target_trials=100, elapsed_s=130, remaining_s=172.4,
    cpu_seconds=250, epochs=1110,
)  # fmt: skip


@pytest.mark.parametrize("state", [str(s) for s in RunState])
def test_every_state_has_one_sentence_or_two(state):
    facts = Circumstances(best="trial 3, error 2 %", workers=2, error="The disk is full; make room, then resume.")
    view = status_view(state, PROGRESS, facts)
    assert view.state == state
    assert view.sentence.endswith(".")
    assert "!" not in view.sentence
    assert view.bad == (state == "failed")
    assert [c.text for c in view.counts] == ["37 of 100 trained", "2,120 infeasible", "1 failed"]
    assert view.fraction == pytest.approx(0.38)


def test_time_left_is_said_while_running_only():
    assert status_view("running", PROGRESS, Circumstances()).time == "2:10 elapsed, about 2:52 left"
    assert status_view("paused", PROGRESS, Circumstances()).time == "2:10 elapsed"


def test_a_long_start_says_how_far_it_is():
    replaying = replace(PROGRESS, phase="replaying 12,000 of 20,000 events")
    assert status_view("starting", replaying, Circumstances()).sentence.endswith("replaying 12,000 of 20,000 events.")
    assert status_view("starting", PROGRESS, Circumstances()).sentence.endswith("usually 10 to 20 s.")
    loading = replace(PROGRESS, elapsed_s=12.3, phase="decoding images: 12,000 of 60,000")
    sentence = "Starting 2 workers, 12 s so far; decoding images: 12,000 of 60,000."
    assert status_view("starting", loading, Circumstances(workers=2)).sentence == sentence


def test_before_the_first_start_there_is_nothing_to_count():
    view = status_view("ready", None, Circumstances())
    assert view.word == "ready"
    assert view.counts == ()
    assert "press Start" in view.sentence
    assert status_view("ready", PROGRESS, Circumstances(earlier=38)).word == "opened"


def test_the_last_failure_is_on_hover_and_the_cause_of_the_end_in_the_sentence():
    facts = Circumstances(failure="ValueError: no", error="All trainings failed.")
    view = status_view("failed", PROGRESS, facts)
    assert view.sentence == "All trainings failed."
    assert "ValueError: no" in view.counts[2].hover


@pytest.mark.parametrize("state", [str(s) for s in RunState])
def test_a_new_search_and_a_running_one_exclude_each_other(state):
    can = buttons(state, has_run=True)
    assert can.start != RunState(state).active
    assert not (can.pause and can.resume)
    assert can.stop == (RunState(state).active and state != "stopping")
    assert any((can.start, can.pause, can.resume, can.stop)) or state == "stopping"


def test_nothing_to_resume_without_a_run():
    assert not buttons("ready", has_run=False).resume
    assert buttons("stopped", has_run=True).resume


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (130, "2:10"), (3725, "1:02:05"), (-1, "0:00")]
)
def test_clock(seconds, text):
    assert clock(seconds) == text
