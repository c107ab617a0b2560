"""Play, pause, a slider and a speed: how one moves about in a recorded run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from search.runs.replay import Replay
from unas_widgets.replay.player import Player
from unas_widgets.replay.replay_view import SPEEDS, good_speed, moment_words, speed_words
from unas_widgets.replay.scrubber import Scrubber
from unas_widgets.widgets.html import Html, tag
from unas_widgets.widgets.in_turn import Button, Choice, bind
from unas_widgets.widgets.panel import VIEW, Panel
from unas_widgets.widgets.tie import tie


class ReplayControl(Panel):
    """Moves a `Replay`, and with it every panel that shows it.

    Traits:
        position: events that are known, 0 to the number of them.
        speed: seconds of the run in one second of playing, above 0.
        playing: whether it plays; it ends by itself at the last event, and begins there from the first.
    """

    position = traitlets.Int(0, min=0)
    speed = traitlets.Float(1.0)
    playing = traitlets.Bool(False)

    def __init__(
        self,
        replay: Replay | None = None,
        *,
        on_move: Callable[[], object] = lambda: None,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        """Show `replay`.

        Args:
            replay: what is moved; more can be shown by `show`.
            on_move: called after each move, from the thread that made it.
            on_end: what the button End replay does; without it there is no such button.
        """
        self._replay: Replay | None = None
        self._player: Player | None = None
        self._on_move = on_move
        self._button = Button(tooltip="Play the run as it went, or stand still")
        self._button.add_class("unas-play")
        self._button.on_click(lambda _button: setattr(self, "playing", not self.playing))
        self._scrubber, self._pace = Scrubber(), _pace()
        self._leave = Button(description="End replay", tooltip="Back to what was shown before")
        self._leave.on_click(lambda _button: on_end() if on_end is not None else None)
        self._leave.layout.display = None if on_end is not None else "none"
        super().__init__((self._button, self._scrubber, self._pace, self._leave))
        self.add_class("unas-replay")
        tie((self, "position"), (self._scrubber, "position"))
        bind(self, "speed", self._pace)
        self.show(replay)

    def show(self, replay: Replay | None) -> None:
        """Move this replay from now on, from where it is; None leaves nothing to be moved."""
        self.playing = False
        self._replay = replay
        if replay is not None:
            self._scrubber.maximum = max(len(replay), 1)
            self.speed = good_speed(replay.duration_s)
        self.position = 0 if replay is None else replay.position
        self._say()

    def play(self) -> None:
        """Go on from here, or from the beginning where it is at its end."""
        self.playing = True

    def pause(self) -> None:
        """Stand still."""
        self.playing = False

    def close(self) -> None:
        """End the thread that plays, too."""
        self.playing = False
        super().close()

    def static_html(self) -> Html:
        """The moment that is shown, as HTML without scripts."""
        return tag("div", f"Replay: {self._scrubber.words}")

    @traitlets.validate("position")
    def _within(self, proposal: Any) -> int:
        wanted: int = proposal["value"]
        return min(wanted, 0 if self._replay is None else len(self._replay))

    @traitlets.validate("speed")
    def _above_zero(self, proposal: Any) -> float:
        wanted: float = proposal["value"]
        if not 0 < wanted < float("inf"):
            raise traitlets.TraitError(f"The speed of a replay is above 0, not {wanted}.")
        if hasattr(self, "_pace") and wanted not in self._pace.values():
            self._pace.offer((*self._pace.entries(), (speed_words(wanted), wanted)), self._pace.value)
        return wanted

    @traitlets.observe("position")
    def _on_position(self, change: Any) -> None:
        replay = self._replay
        if replay is not None and change["new"] != replay.position:
            replay.seek(change["new"])
            self._moved()

    @traitlets.observe("playing")
    def _on_playing(self, _change: Any) -> None:
        player, self._player = self._player, None
        if player is not None:
            player.stop()
        if self.playing and self._replay is None:
            self.playing = False  # nothing is there to be played
        elif self.playing and self._replay is not None:
            if self._replay.position == len(self._replay):
                self.position = 0
            self._player = Player(self._step, report=self.report_failure)
        self._say()

    def _step(self, seconds: float) -> None:
        replay = self._replay
        if replay is None:
            return
        try:
            replay.seek_time(replay.moment_s + seconds * self.speed)
            self.position = replay.position
            self._moved()
            self._failures.settle(VIEW)
        finally:
            if replay.position == len(replay):
                self.playing = False

    def _moved(self) -> None:
        self._say()
        self._on_move()

    def _say(self) -> None:
        replay = self._replay
        self._button.description = "Pause" if self.playing else "Play"
        self._button.disabled = replay is None
        self._scrubber.words = (
            "" if replay is None else moment_words(replay.moment_s, replay.duration_s, replay.position, len(replay))
        )


def _pace() -> Any:
    pace = Choice(options=[(speed_words(speed), speed) for speed in SPEEDS], value=1.0, description="speed")
    pace.tooltip = "How many times as fast as the search was"
    pace.add_class("unas-picker")
    return pace
