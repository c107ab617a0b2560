"""A ticker draws when asked, and rests the longer the more drawing took of a processor."""

import itertools
import threading
import time

from unas_widgets.live.follow import REST, Ticker


def test_what_takes_long_is_drawn_with_long_rests():
    spans, enough, work = [], threading.Event(), 0.06

    def refresh():
        began, used = time.monotonic(), time.thread_time()
        while time.thread_time() < used + work:
            pass
        spans.append((began, time.monotonic()))
        ticker.request()
        if len(spans) == 3:
            enough.set()

    ticker = Ticker(refresh)
    ticker.request()
    assert enough.wait(60)
    ticker.close()
    for (_, ended), (after, _) in itertools.pairwise(spans):
        assert after - ended >= REST * work * 0.99
