"""How one trial learnt."""

from __future__ import annotations

from search.trial import Observation
from unas_widgets.trial.learning_html import learning_html
from unas_widgets.trial.learning_view import LearningView, learning_view
from unas_widgets.widgets.view_panel import ViewPanel


class LearningCurve(ViewPanel[LearningView]):
    """Validation error after each epoch of a trial's training."""

    def __init__(self, observation: Observation | None = None) -> None:
        super().__init__()
        if observation is not None:
            self.show(observation)

    def show(self, observation: Observation) -> None:
        """Show the history of `observation`."""
        view = learning_view(observation)
        self._put(view, learning_html(view))

    def static_text(self) -> str:
        """What the curve says, in one sentence."""
        return "LearningCurve" if self._view is None else self._view.sentence
