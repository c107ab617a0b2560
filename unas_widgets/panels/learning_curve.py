"""How one trial learnt."""

from __future__ import annotations

from search.trial import Observation
from unas_widgets.html.learning_html import learning_html
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.panel import Panel
from unas_widgets.views.learning_view import LearningView, learning_view


class LearningCurve(Panel):
    """Validation error after each epoch of a trial's training."""

    def __init__(self, observation: Observation | None = None) -> None:
        self._view: LearningView | None = None
        self._markup = Markup()
        super().__init__((self._markup,))
        if observation is not None:
            self.show(observation)

    def show(self, observation: Observation) -> None:
        """Show the history of `observation`."""
        self._view = learning_view(observation)
        self._markup.html = learning_html(self._view)

    def view(self) -> LearningView | None:
        """What is shown now; None where nothing is."""
        return self._view

    def clear(self) -> None:
        """Show nothing."""
        self._view, self._markup.html = None, ""

    def static_html(self) -> str:
        return str(self._markup.html)

    def static_text(self) -> str:
        return "LearningCurve" if self._view is None else self._view.sentence
