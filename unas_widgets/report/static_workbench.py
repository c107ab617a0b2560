"""The Workbench as it stays in a saved notebook: state, budget, front, table, and the chosen network."""

from __future__ import annotations

from search.journal.inherited import run_name
from search.runs.protocols import Readable
from search.trial import epochs_text
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.front.front_png import front_words, picture
from unas_widgets.front.front_view import Standing
from unas_widgets.network.memory_view import memory_view
from unas_widgets.network.network_view import network_view
from unas_widgets.progress.status_view import clock
from unas_widgets.quantities.axis import ERROR
from unas_widgets.report.report_view import budget_rows
from unas_widgets.report.static_face import front_rows, heading, network_tables, paragraph
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.widgets.html import Html, joined


def chosen_trial(run: Readable | None, plot: ParetoPlot, selected: int | None) -> int | None:
    """The selected network where it was trained, or else that of lowest error on the front; None without any."""
    if run is None:
        return None
    trained = {o.trial_id: o for o in run.networks() if o.status == "trained"}
    if selected in trained:
        return selected
    front = [trained[p.trial_id] for p in plot.view().points[Standing.FRONT] if p.trial_id in trained]
    best = min(front, key=lambda o: (o.val_error, o.costs.ram_bytes), default=None)
    return None if best is None else best.trial_id


def bench_html(run: Readable | None, plot: ParetoPlot, table: TrialTable, *, state: str, selected: int | None) -> Html:
    """The face of a Workbench in plain tags: what a viewer shows that takes neither scripts nor styles.

    Args:
        run: what is shown; None before there is a search.
        plot: its front.
        table: its table.
        state: in one word.
        selected: number of the selected trial; without one the network of lowest error on the front is shown.
    """
    limits = ", ".join(
        f"{word} {value}" if word != "bounds" else "no bounds" for word, value in budget_rows(plot.budget)
    )
    if run is None:
        return paragraph("no search yet", f"budget: {limits}", strong="μNAS workbench:")
    chosen, view = chosen_trial(run, plot, selected), plot.view()
    parts = [
        paragraph(state, *_counts(run), strong="μNAS workbench:"),
        paragraph(*_settings(run), f"budget: {limits}"),
        heading("Front"),
        picture(plot.png(chosen), front_words(view)),
        front_rows(table.view(), chosen=chosen),
        *_network(run, chosen, chosen == selected),
    ]
    return joined(*parts)


def _counts(run: Readable) -> tuple[str, ...]:
    progress = run.progress()
    return (
        f"{progress.trained:,} trained",
        f"{progress.infeasible:,} infeasible",
        f"{progress.failed:,} failed",
        "" if run.state.active else f"{clock(progress.elapsed_s)} of running time",
    )


def _settings(run: Readable) -> tuple[str, ...]:
    settings = run.settings
    board = "no board" if run.board is None else run.board.name
    begun = () if settings.start_from is None else (f"begun from the run {run_name(settings.start_from)}",)
    return (board, f"data: {settings.dataset}", f"algorithm: {settings.algorithm}", f"seed {settings.seed}", *begun)


def _network(run: Readable, chosen: int | None, selected: bool) -> tuple[Html, ...]:
    if chosen is None:
        return ()
    if run.not_shown:
        return (heading(f"Network of trial {chosen}"), paragraph(run.not_shown))
    observation, graph, report = run.observation(chosen), run.graph(chosen), run.report(chosen)
    view = network_view(graph, report)
    error = ERROR.quantity(observation, run.validation_size).text
    why = "selected" if selected else "the lowest error on the front"
    figures = (
        why,
        f"error {error}",
        f"RAM {view.ram.text}",
        f"flash {view.model.text}",
        f"latency {view.latency.text}",
    )
    memory = memory_view(graph, report.accounting, runtime=report.runtime)
    return (
        heading(f"Network of trial {chosen}"),
        paragraph(*figures, view.macs.text, f"trained for {epochs_text(observation.epochs)} epochs"),
        network_tables(view, memory),
    )
