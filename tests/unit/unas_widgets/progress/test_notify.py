"""News of the end of a search; what the browser does with it is up to the browser."""

import pytest
import traitlets

from search.runs.events import RunState
from unas_widgets.progress.notify import TITLES, Notify


class Searching(traitlets.HasTraits):
    """Something with a state."""

    state = traitlets.Unicode("ready")


def told(*states, **traits):
    notify, panel = Notify(**traits), Searching()
    notify.follow(panel, lambda: "trial 34, error 2.2 %")
    for state in states:
        panel.state = state
    return notify.news


def test_nothing_is_told_unless_it_is_wanted():
    assert Notify().enabled is False
    assert Notify().sound is False
    assert told("starting", "running", "finished") == {}


@pytest.mark.parametrize("wanted", [{"enabled": True}, {"sound": True}])
@pytest.mark.parametrize("end", ["finished", "failed"])
def test_an_end_is_told_once_with_what_was_found(end, wanted):
    news = told("starting", "running", end, **wanted)
    assert news == {"title": TITLES[end], "body": "trial 34, error 2.2 %", "number": 1}


def test_who_pauses_or_stops_is_told_nothing():
    assert told("starting", "running", "pausing", "paused", "stopping", "stopped", enabled=True) == {}


def test_a_finished_run_that_is_opened_is_no_news():
    assert told("finished", enabled=True) == {}
    assert told("replay", "finished", enabled=True) == {}


def test_every_end_is_further_news():
    news = told("running", "finished", "finalising", "finalised", enabled=True)
    assert (news["title"], news["number"]) == (TITLES["finalised"], 2)


def test_all_ends_of_a_run_are_known():
    ends = {str(s) for s in RunState if not s.active} - {"ready", "stopped"}
    assert ends <= set(TITLES)
