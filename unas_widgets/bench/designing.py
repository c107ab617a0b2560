"""Networks made by hand in the Workbench, beside a search or before there is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import traitlets

from search import Budget, Run, RunSettings
from search.runs.handmade import FOLDER, OwnNetworks
from search.runs.replay import Replay
from unas_widgets.bench.boarding import Boarding
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.front.parallel_plot import ParallelPlot
from unas_widgets.widgets.fold import Fold


class Designing(Boarding):
    """What Design your own does.

    Beside a run, networks made by hand are kept in its folder. Where there is no run to write to, they are kept in a
    folder of their own, and the next search whose networks are trained alike takes them along.
    """

    editor: NetworkEditor
    parallel: ParallelPlot
    _editor_fold: Fold
    _own: OwnNetworks | None
    _carried: tuple[OwnNetworks, Run] | None

    def _fill_editor(self) -> None:
        """Give the editor the data and recipe of the run that is shown, or of the one that Start would begin."""
        if self._own is None:
            self.editor.show(None)
            self._own = self._own_networks()
        self.editor.show(self._own)
        self._show_own()

    def _own_networks(self) -> OwnNetworks:
        run = self.run
        if run is not None and not isinstance(run, Replay):
            return OwnNetworks.beside(run)
        settings = self.run_settings() if run is None else replace(run.settings, board=run.board_source)
        return own_networks(replace(settings, budget=Budget(), board_fills=()), self._base / FOLDER)

    def _take_own(self) -> None:
        """Another run is shown: take up the networks that were made by hand beside it."""
        self._own = None
        self.parallel.let_go()
        run = self.run
        if self._comparison_fold.opened:
            self._guarded(lambda: self.comparison.show(run))()
        if self._editor_fold.opened:
            self._guarded(self._fill_editor)()
        elif run is not None and not isinstance(run, Replay) and OwnNetworks.exists(run.folder / FOLDER):
            self._own = OwnNetworks.beside(run)
        self._show_own()

    def _carry_own(self, run: Run) -> None:
        """Have a new run hold the networks that were made by hand so far, if it trains its own alike."""
        self._carried = None if self._own is None else (self._own, run)
        if self._own is not None:
            self._own.copy_beside(run)

    def _own_trained(self) -> None:
        """A network was trained; its training may have begun before the run that is shown now."""
        if self._carried is not None:
            earlier, run = self._carried
            if run is self.run and earlier.copy_beside(run):
                self._own = OwnNetworks.beside(run)
                if self._editor_fold.opened:
                    self.editor.show(self._own)
        self._show_own()

    def _show_own(self) -> None:
        self.plot.show_own(() if self._own is None else self._own.networks())

    @traitlets.observe("board", "dataset")
    def _on_task(self, _change: Any) -> None:
        """Without a run, networks are made for what Start would search for."""
        if self.run is None and self._own is not None:
            self._take_own()


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
