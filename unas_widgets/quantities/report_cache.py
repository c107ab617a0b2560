"""The full reports of a run's networks, each made once for what it depends on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from resource_models import ResourceReport
from unas_widgets.quantities.columns import Columns

ReportOf = Callable[[int], ResourceReport]
"""Gives the full report of the network with that number."""
KEPT = 1024
ChannelsKey = tuple[tuple[str, int], ...] | None


class Reports:
    """Reports that are asked for at every drawing.

    A report depends on the architecture, on the channels that pruning left, and on board, runtime and accounting. The
    number of a network stands for its architecture, and the run that reports for the last three; the channels change
    where a training goes on, and where a replay goes back.
    """

    def __init__(self) -> None:
        self._source: ReportOf | None = None
        self._made: Callable[[int, ChannelsKey], ResourceReport] | None = None
        self._columns = Columns(())

    def take(self, source: ReportOf | None, columns: Columns) -> None:
        """From now on give the reports that `source` makes of these networks."""
        self._columns = columns
        if source != self._source:
            self._source = source
            self._made = None if source is None else _made_once(source)

    @property
    def report_of(self) -> ReportOf | None:
        """What gives the report of a network; None where nothing makes any."""
        return None if self._made is None else self._report

    def _report(self, trial: int) -> ResourceReport:
        assert self._made is not None
        return self._made(trial, self._channels(trial))

    def _channels(self, trial: int) -> ChannelsKey:
        places = np.flatnonzero(self._columns.trials == trial)
        return channels_key(self._columns.trained[int(places[0])].channels) if len(places) else None


def channels_key(channels: Mapping[str, int] | None) -> ChannelsKey:
    """The channels that pruning left, as a part of a key."""
    return None if channels is None else tuple(sorted(channels.items()))


def _made_once(source: ReportOf) -> Callable[[int, ChannelsKey], ResourceReport]:
    @functools.lru_cache(maxsize=KEPT)
    def made(trial: int, _channels: ChannelsKey) -> ResourceReport:
        return source(trial)

    return made
