"""Networks made by hand in the Workbench, beside a search or before there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from search import Budget, Run, RunSettings
from search.runs.handmade import FOLDER, OwnNetworks
from search.runs.replay import Replay
from unas_widgets.bench.stage import Shown, Stage
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.front.front_panel import ParetoPlot

Act = Callable[[Callable[[], object]], Callable[[], None]]
"""Makes of an action one that says expected errors in a sentence instead of raising them."""


class OwnNetworksController:
    """Gives the editor its data and recipe, and the plot the networks that were made.

    Beside a run, networks made by hand are kept in its folder. Where there is no run to write to, they are kept in a
    folder of their own, and the next search whose networks are trained alike takes them along.

    Attributes:
        networks: those that are shown; None where none was asked for yet.
    """

    def __init__(
        self,
        stage: Stage,
        editor: NetworkEditor,
        plot: ParetoPlot,
        *,
        base: Path,
        settings: Callable[[], RunSettings],
        opened: Callable[[], bool],
        guarded: Act,
    ) -> None:
        """Show none yet.

        Args:
            stage: whose run they are kept beside.
            editor: where they are made.
            plot: where they are drawn.
            base: without a run they are kept below it.
            settings: of a new search.
            opened: whether the editor is looked at.
            guarded: for what nobody catches errors of.
        """
        self._stage, self._editor, self._plot, self._base = stage, editor, plot, base
        self._settings, self._opened, self._guarded = settings, opened, guarded
        self._carried: tuple[OwnNetworks, Run] | None = None
        self.networks: OwnNetworks | None = None
        stage.on_change(self._take)

    def fill_editor(self) -> None:
        """Give the editor the data and recipe of the run that is shown, or of the one that Start would begin.

        Raises:
            SettingsError, BoardError, DataError, JournalError: there can be no such networks; says why.
        """
        if self.networks is None:
            self._editor.show(None)
            self.networks = self._of_stage()
        self._editor.show(self.networks)
        self._show()

    def carry(self, run: Run) -> None:
        """Have a new run hold the networks that were made by hand so far, if it trains its own alike.

        Raises:
            JournalError: they cannot be written.
        """
        self._carried = None if self.networks is None else (self.networks, run)
        if self.networks is not None:
            self.networks.copy_beside(run)

    def trained(self) -> None:
        """A network was trained; its training may have begun before the run that is shown now.

        Raises:
            JournalError: it cannot be written beside that run.
        """
        if self._carried is not None:
            earlier, run = self._carried
            if run is self._stage.run and earlier.copy_beside(run):
                self.networks = OwnNetworks.beside(run)
                if self._opened():
                    self._editor.show(self.networks)
        self._show()

    def renew_without_run(self) -> None:
        """Another board or data set was chosen: without a run, networks are made for what Start would search for."""
        if self._stage.run is None and self.networks is not None:
            self._take(None)

    def _take(self, run: Shown | None) -> None:
        """Another run is shown: take up the networks that were made by hand beside it."""
        self.networks = None
        if self._opened():
            self._guarded(self.fill_editor)()
        elif run is not None and not isinstance(run, Replay) and OwnNetworks.exists(run.folder / FOLDER):
            self._guarded(lambda: self._read_beside(run))()
        self._show()

    def _read_beside(self, run: Shown) -> None:
        self.networks = OwnNetworks.beside(run)

    def _of_stage(self) -> OwnNetworks:
        run = self._stage.run
        if run is not None and not isinstance(run, Replay):
            return OwnNetworks.beside(run)
        settings = self._settings() if run is None else replace(run.settings, board=run.board_source)
        return own_networks(replace(settings, budget=Budget(), board_fills=()), self._base / FOLDER)

    def _show(self) -> None:
        self._plot.show_own(() if self.networks is None else self.networks.networks())


def own_networks(settings: RunSettings, folder: Path) -> OwnNetworks:
    """Those in `folder` that are trained as `settings` have it, or none yet.

    Raises:
        JournalError: they cannot be read or written.
        SettingsError, BoardError, DataError: the settings cannot work.
    """
    words = (settings.dataset, Path(settings.board or "no-board").stem)
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in "-".join(words))
    place, count = folder / stem, 1
    while OwnNetworks.exists(place):
        found = OwnNetworks.at(settings, place)
        if found.trains_as(settings):
            return found
        count += 1
        place = folder / f"{stem}-{count}"
    return OwnNetworks.at(settings, place)
