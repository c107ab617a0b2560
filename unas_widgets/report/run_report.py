"""One HTML file about a run: budget, front, chosen network, seeds, versions, limits, and how each number was got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.files.atomic import atomic_write
from search import Budget, Observation, journal
from search.journal.versions import versions
from search.runs.protocols import Readable
from search.trial import epochs_text
from unas_widgets.budgets.shadow_prices_html import prices_html
from unas_widgets.budgets.shadow_prices_view import price_view, prices_of
from unas_widgets.errors import WidgetError
from unas_widgets.front.front_svg import front_svg
from unas_widgets.front.front_view import FrontView, front_view, standing_of, with_spreads
from unas_widgets.front.legend_html import legend_html
from unas_widgets.network.memory_html import memory_html
from unas_widgets.network.memory_view import memory_view
from unas_widgets.network.network_html import figures_html, network_html
from unas_widgets.network.network_view import network_view
from unas_widgets.quantities.axis import ERROR, RAM, axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.report.report_html import (
    Section,
    code_block,
    figures_table,
    front_table,
    report_html,
    sentences,
    words_table,
)
from unas_widgets.report.report_view import (
    budget_rows,
    course_rows,
    failures,
    limits,
    method_rows,
    seed_rows,
    settings_rows,
    version_rows,
)
from unas_widgets.runs.code_view import run_code
from unas_widgets.trial.table_view import TableView, table_view
from unas_widgets.widgets.html import NOTHING, Html, joined, tag


def report(
    run: Readable,
    path: Path | str,
    *,
    trial: int | None = None,
    budget: Budget | None = None,
    x: str = RAM.word,
    y: str = ERROR.word,
    now: datetime | None = None,
) -> Path:
    """Write one HTML file about a run; it needs no other file, no scripts and no net.

    Args:
        run: a run, or a `search.runs.replay.Replay` at any moment.
        path: the file; its folder is made, and a file that is there is replaced.
        trial: the chosen network; by default the one of lowest error within the budget.
        budget: what counts as within budget; by default the run's own.
        x: word of the axis across the front.
        y: word of the axis upwards.
        now: when it is written; by default this moment.

    Returns:
        The file.

    Raises:
        WidgetError: the file cannot be written.
        RunError: there is no such trial.
    """
    drawn = _drawn(run, budget or run.settings.budget, trial, x, y)
    when = now or datetime.now()
    about = f"Run {run.folder.name}. Written on {when:%Y-%m-%d at %H:%M} by the μNAS workbench."
    text = report_html(_title(run), about, _sections(run, drawn))
    to = Path(path)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(to, text)
    except OSError as error:
        raise WidgetError(f"The report cannot be written to {to} ({error.strerror}); choose another place.") from None
    return to


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the sections share."""

    budget: Budget
    columns: Columns
    front: FrontView
    table: TableView
    chosen: Observation | None
    why: str


def _drawn(run: Readable, budget: Budget, trial: int | None, x: str, y: str) -> _Drawn:
    columns, size, finals = Columns(run.networks()), run.validation_size, run.finals(None)
    across, up = axis(x), axis(y)
    front = front_view(columns, run.infeasible(), budget, x=across, y=up, validation_size=size)
    front = with_spreads(front, finals)
    chosen = columns.best(budget) if trial is None else run.observation(trial)
    if chosen is not None and chosen.status != "trained":
        chosen = None
    standings = standing_of(columns, budget, x=across, y=up)
    number = None if chosen is None else chosen.trial_id
    table = table_view(
        columns, standings, selected=number, validation_size=size, report_of=run.report_of, finals=finals
    )
    why = "the lowest error within the budget" if trial is None else "chosen by hand"
    return _Drawn(budget, columns, front, table, chosen, why)


def _title(run: Readable) -> str:
    return f"Networks for {run.settings.dataset}" + ("" if run.board is None else f" on {run.board.name}")


def _sections(run: Readable, drawn: _Drawn) -> list[Section]:
    size, error = run.validation_size, None if drawn.chosen is None else drawn.chosen.val_error
    began = journal.read(run.folder / journal.FILE_NAME)[0].get("versions", {})
    prices = price_view(prices_of(drawn.columns, drawn.budget, validation_size=size), trained=len(drawn.columns))
    return [
        Section("Budget", joined(words_table(budget_rows(drawn.budget)), prices_html(prices))),
        Section("Front", _front(drawn)),
        Section("Chosen network", _chosen(run, drawn)),
        Section("Trained again with other seeds", _seeds(run)),
        Section("The search", words_table([*settings_rows(run), *course_rows(run)])),
        Section("Failed trainings", sentences(failures(run))),
        Section("Limits", sentences(limits(run, error=error))),
        Section(
            "Versions", figures_table(("package", "of the run", "of this report"), version_rows(began, versions()))
        ),
        Section("The same search as code", code_block(run_code(run.settings))),
    ]


def _front(drawn: _Drawn) -> Html:
    chosen = None if drawn.chosen is None else drawn.chosen.trial_id
    if not drawn.table.rows:
        return tag("div", "No trained network is within the budget.", class_="quiet")
    return joined(
        tag("div", front_svg(drawn.front, selected=chosen, log=True), class_="wide"),
        legend_html(drawn.front, right=float("inf")),
        front_table(drawn.table, chosen=chosen),
    )


def _chosen(run: Readable, drawn: _Drawn) -> Html:
    network = drawn.chosen
    if network is None:
        return NOTHING
    number = network.trial_id
    about = tag("p", f"Trial {number}: {drawn.why}. It was trained for {epochs_text(network.epochs)} epochs.")
    if run.not_shown:
        return joined(about, tag("p", run.not_shown))
    graph, report_ = run.graph(number), run.report(number)
    view = network_view(graph, report_)
    figures = figures_html(view, ERROR.quantity(network, run.validation_size))
    methods = figures_table(("number", "value", "range", "how it was got"), method_rows(report_), words=True)
    memory = memory_html(memory_view(graph, report_.accounting, runtime=report_.runtime))
    return joined(about, figures, tag("h3", "How each number was got"), methods, network_html(view), memory)


def _seeds(run: Readable) -> Html:
    rows = seed_rows(run)
    if not rows:
        return NOTHING
    heads = ("trial", "recipe", "seeds", "validation error", "test error, int8", "test error, float")
    note = "Mean ± standard deviation over the seeds; the order follows the int8 validation error, not the test error."
    return joined(figures_table(heads, rows), tag("p", note, class_="quiet"))
