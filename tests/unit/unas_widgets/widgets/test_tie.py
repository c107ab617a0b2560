"""Traits that are tied are the same, even when two threads move them at once."""

import threading

import pytest
import traitlets

from unas_widgets.widgets.tie import tie


class Place(traitlets.HasTraits):
    at = traitlets.Int(0)


class Fence(Place):
    @traitlets.validate("at")
    def _within(self, proposal):
        return min(proposal["value"], 10)


def test_they_begin_as_the_first_and_follow_each_other():
    first, second, third = Place(at=3), Place(), Place(at=8)
    tie((first, "at"), (second, "at"), (third, "at"))
    assert (second.at, third.at) == (3, 3)
    third.at = 5
    assert (first.at, second.at) == (5, 5)


def test_an_end_that_takes_less_has_the_last_word():
    first, second = Place(at=1), Fence()
    tie((first, "at"), (second, "at"))
    first.at = 50
    assert (first.at, second.at) == (10, 10)


def test_a_change_while_another_is_told_is_no_error_and_the_newer_one_counts():
    first, second = Place(), Place()
    tie((first, "at"), (second, "at"))
    second.observe(lambda _change: move_once(first), "at")
    first.at = 1
    assert (first.at, second.at) == (7, 7)


def move_once(place):
    """What a person does while a thread moves the same trait."""
    if place.at == 1:
        mover = threading.Thread(target=lambda: setattr(place, "at", 7))
        mover.start()
        mover.join()


def test_a_link_of_traitlets_calls_that_an_error():
    first, second = Place(), Place()
    traitlets.link((first, "at"), (second, "at"))
    second.observe(lambda _change: move_once(first), "at")
    with pytest.raises(traitlets.TraitError, match="Broken link"):
        first.at = 1
