"""How far something is: told, counted, in words."""

from __future__ import annotations

from data.phase import Phase, counted, tell, telling


def test_words():
    assert str(Phase("decoding images", 12_000, 60_000)) == "decoding images: 12,000 of 60,000"
    assert str(Phase("downloading x.zip", 120, 2_428, "MB")) == "downloading x.zip: 120 of 2,428 MB"
    assert str(Phase("listing", 1_500)) == "listing: 1,500"
    assert str(Phase("waiting")) == "waiting"


def test_each_item_is_told_of_once_it_is_done():
    told = []
    with telling(told.append):
        told.extend(counted("ab", "reading", 2))
    assert told == [Phase("reading", 0, 2), "a", Phase("reading", 1, 2), "b", Phase("reading", 2, 2)]


def test_nobody_hears_what_is_told_outside_of_the_block():
    told = []
    with telling(told.append):
        pass
    tell(Phase("reading"))
    assert list(counted("ab", "reading", 2)) == ["a", "b"]
    assert told == []
