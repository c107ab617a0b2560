"""A panel that turns expected errors into a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import traitlets

from data import DataError
from resource_models import ResourceModelError
from search.errors import SearchError
from unas_widgets.errors import WidgetError
from unas_widgets.widgets.panel import ACTION, Panel

PROBLEMS = (SearchError, ResourceModelError, DataError, WidgetError)
"""Errors that are shown as their own sentence; anything else is a fault of this program, and is reported as one."""
T = TypeVar("T")


class Guarded(Panel):
    """A panel whose `message` says why the last thing asked for was not done; empty otherwise."""

    message = traitlets.Unicode("")

    def _try(self, action: Callable[[], T]) -> T:
        """Do it; an expected error is shown as a sentence and raised all the same."""
        self.message = ""
        try:
            return action()
        except PROBLEMS as error:
            self.message = str(error)
            raise

    def _guarded(self, action: Callable[[], object]) -> Callable[[], None]:
        """The same for a click, which has nobody to catch an error: the sentence is enough."""

        def act() -> None:
            try:
                action()
                self._failures.settle(ACTION)
            except PROBLEMS as error:
                self.message = str(error)
            except Exception as error:  # noqa: BLE001 - a click's caller would only write it where nobody looks
                self.report_failure(error, ACTION)

        return act
