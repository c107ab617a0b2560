"""What the report of a run says beside its pictures: settings, seeds, versions, limits, and how each number was got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resource_models import Estimate, Missing, ResourceReport
from search.budget import RESOURCES, Budget
from search.measures.standard_error import METHOD, standard_error
from search.quantities import Amount
from search.runs.protocols import Readable
from search.runs.replay import Replay
from search.trial import epochs_text
from unas_widgets.progress.status_view import clock
from unas_widgets.quantities.errors_over_seeds import again, on_test
from unas_widgets.quantities.quantity import percent, quantity_of
from unas_widgets.replay.replay_view import moment_words

Rows = list[tuple[str, ...]]


def budget_rows(budget: Budget) -> Rows:
    """Each bound that holds; a row that says so where there is none."""
    bounds: Rows = [(r.word, budget.show(r)) for r in budget.limits]
    return bounds or [("bounds", "none")]


def settings_rows(run: Readable) -> Rows:
    """Name and value of what decides how a run goes."""
    settings = run.settings
    recipe = settings.recipe
    extras = [name for name in ("augmentation", "pruning", "distillation") if getattr(recipe, name) is not None]
    training = f"{settings.epochs} epochs at most, batch {recipe.batch_size}, {recipe.optimiser}, learning rate "
    training += f"{recipe.learning_rate:g}" + "".join(f", {name}" for name in extras)
    training += ", averaged weights" if recipe.average else ""
    accounting = {"tflm": "what fits on the board, with TensorFlow Lite Micro", "unas": "as the μNAS paper counts"}
    return [
        ("board", "none" if run.board is None else run.board.name),
        ("data set", settings.dataset),
        ("search space", settings.space),
        ("algorithm", settings.algorithm),
        ("training", training),
        ("accounting", accounting[settings.accounting]),
        ("bounds", "hard: what is over them is never trained" if settings.budget.bounds == "hard" else "soft"),
        ("seed of the search", str(settings.seed)),
        *([("begun from", run.begun_from)] if run.begun_from else []),
    ]


def course_rows(run: Readable) -> Rows:
    """How far the run is."""
    progress = run.progress()
    goal = "" if progress.target_trials is None else f" of {progress.target_trials:,}"
    rows: Rows = [
        ("trained", f"{progress.trained:,}{goal} networks, {epochs_text(progress.epochs)} epochs in all"),
        ("failed", f"{progress.failed:,} trainings"),
        ("infeasible", f"{progress.infeasible:,} proposals over the budget, never trained"),
        ("running time", f"{clock(progress.elapsed_s)}, {clock(progress.cpu_seconds)} of processor time"),
    ]
    if isinstance(run, Replay):
        rows.append(("replay", moment_words(run.moment_s, run.duration_s, run.position, len(run))))
    return rows


def seed_rows(run: Readable) -> Rows:
    """Of each network that was trained again: its number, the recipe, its errors over the seeds; empty for none."""
    return [
        (str(f.trial_id), f.recipe, str(f.seeds), again(f).text, on_test(f).text, percent(f.mean("test_error")))
        for f in run.finals(None)
    ]


def version_rows(began: Mapping[str, str], now: Mapping[str, str]) -> Rows:
    """Of each package the version that the run was begun with, and the one that wrote the report."""
    return [(name, began.get(name, "–"), now.get(name, "–")) for name in dict.fromkeys((*began, *now))]


def method_rows(report: ResourceReport) -> Rows:
    """Of each number of a network: what it is, its value, the range that it lies in, and how it was got."""
    rows: Rows = []
    for resource in RESOURCES:
        if resource.key == "model_bytes":
            rows.append(_method_row("flash, model", resource.amount, report.model))
            rows.append(_method_row("flash, with the runtime", resource.amount, report.flash))
        else:
            rows.append(_method_row(resource.word, resource.amount, resource.known(report)))
    return rows


def limits(run: Readable, *, error: float | None) -> list[str]:
    """What the numbers do not say, a sentence or two each; `error` is that of the chosen network."""
    settings, size = run.settings, run.validation_size
    said = []
    if size:
        spread = "" if error is None else f", ± {100 * standard_error(error, size):.2g} points at {percent(error)}"
        said.append(
            f"Errors are shares of {size:,} validation examples{spread} (one {METHOD}). "
            "Networks that differ by less cannot be told apart, and the best of many is flattered by chance."
        )
    else:
        said.append("Errors are those of the validation split; the best of many is flattered by chance.")
    said.append(
        "The test split was used by Finalise only, for the networks that it names; nothing was chosen by it."
        if run.finals(None)
        else "The test split has not been used: all errors here are validation errors. Finalise measures it, once."
    )
    if settings.accounting == "tflm":
        said.append(
            "RAM is what TensorFlow Lite Micro allocates for the network. The stack and the rest of your firmware come "
            "on top; flash is that of the model, and the runtime's code comes on top."
        )
    else:
        said.append("RAM is the peak of the activations and flash one byte for each parameter, as the paper counts.")
    if run.board is not None and (note := run.board.fit_note()):
        said.append(f"{run.board.name}: {note}")
    said.append("Latency and energy are estimates with a range, not measured with this network on your board.")
    said.append("Another seed finds other networks; another machine may train the same ones a little differently.")
    return said


def failures(run: Readable, *, most: int = 5) -> Sequence[str]:
    """The last failed trainings with the last words of their workers, the newest first."""
    failed = [o for o in run.networks() if o.status == "failed"]
    return [f"Trial {o.trial_id}: {o.message}" for o in reversed(failed[-most:])]


def _method_row(word: str, amount: Amount, known: Estimate | Missing | float | None) -> tuple[str, ...]:
    text = quantity_of(amount, known).text
    if known is None or isinstance(known, Missing):
        return (word, text, "", f"not known: {known}" if known else "not known")
    if not isinstance(known, Estimate):
        return (word, text, "exact", amount.note)
    if known.low == known.high:
        return (word, text, "exact", known.method)
    low, high = (quantity_of(amount, end).text for end in (known.low, known.high))
    return (word, text, f"{low} to {high}", known.method)
