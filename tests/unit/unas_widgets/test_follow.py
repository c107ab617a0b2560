"""A ticker draws when asked, and rests the longer the longer drawing took."""

import itertools
import threading
import time

from unas_widgets.panels.follow import REST, Ticker


def test_what_takes_long_is_drawn_with_long_rests():
    spans, enough = [], threading.Event()

    def refresh():
        began = time.monotonic()
        threading.Event().wait(0.06)
        spans.append((began, time.monotonic()))
        ticker.request()
        if len(spans) == 3:
            enough.set()

    ticker = Ticker(refresh)
    ticker.request()
    assert enough.wait(60)
    ticker.close()
    for (began, ended), (after, _) in itertools.pairwise(spans):
        assert after - ended >= REST * (ended - began) * 0.99
