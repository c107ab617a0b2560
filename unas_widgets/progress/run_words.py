"""What a run is doing, as the status line tells it apart: a run's own states, and those around them."""

from __future__ import annotations

from search.recipes.forecast import Forecast
from search.recipes.named import AS_SEARCHED
from search.runs.protocols import Readable, Startable
from search.runs.replay import Replay
from search.runs.run import Run
from unas_widgets.progress.status_view import Circumstances, buttons
from unas_widgets.replay.replay_view import recorded_name

REPLAY, FINALISING, FINALISED = "replay", "finalising", "finalised"


def shown_state(run: Readable | None) -> str:
    """A `RunState`, or "replay", "finalising", "finalised"; "ready" without a run.

    A run is finalised when every network of its front was trained again, by whatever recipe; "failed" may be its search
    or its finalising.
    """
    if run is None:
        return "ready"
    if isinstance(run, Replay):
        return REPLAY
    if run.state.active:
        return str(run.state)
    if run.finalising is not None and run.finalising.state in ("running", "failed"):
        return FINALISING if run.finalising.running else "failed"
    return FINALISED if is_finalised(run) else str(run.state)


def busy(run: Readable | None) -> bool:
    """Whether worker processes are up, for the search or for `finalise`."""
    return run is not None and (run.state.active or (run.finalising is not None and run.finalising.running))


def is_finalised(run: Readable) -> bool:
    """Whether every network of the front was trained again."""
    done = {final.trial_id for final in run.finals(None)}
    return bool(done) and all(o.trial_id in done for o in run.front())


def stop(run: Startable) -> None:
    """End whatever workers are up, for the search and for `finalise`."""
    run.stop()
    if run.finalising is not None:
        run.finalising.stop()


def forecast_of(run: Readable | None, state: str, recipe: str) -> Forecast | None:
    """How long Finalise would take; None where it cannot be pressed, or where nothing is on the front.

    Args:
        run: that is shown.
        state: of it, as `shown_state` says.
        recipe: name of the recipe.
    """
    if not isinstance(run, Run) or not buttons(state, has_run=True).finalise or not run.progress().trained:
        return None
    return run.finalise_forecast(recipe=recipe)


def run_facts(run: Readable, *, best: str = "", earlier: int = 0) -> Circumstances:
    """What the status line mentions beside the state; `best` and `earlier` are as there."""
    failures = [o.message for o in run.networks() if o.status == "failed"]
    going = run.finalising
    stopped = going is not None and going.state == "stopped"
    recorded = recorded_name(run.folder)
    return Circumstances(
        best=best,
        workers=run.settings.workers or 1,
        earlier=earlier,
        failure=failures[-1] if failures else "",
        error=why_failed(run),
        remark="Finalising was stopped; Finalise goes on where it was. " if stopped else "",
        name=f"the run {run.folder.name}" if recorded is None else f"a recorded search on {run.settings.dataset}",
        finals=(0, 0) if going is None else (going.done, going.total),
        seeds=0 if going is None else going.seeds,
        recipe=AS_SEARCHED if going is None else going.recipe,
    )


def why_failed(run: Readable) -> str:
    """Why the search or its finalising failed; empty where neither did."""
    if run.finalising is not None and run.finalising.state == "failed":
        why = run.finalising.error.removesuffix(".")
        return f"Finalising failed: {why}. What was trained is kept; Finalise goes on from there."
    return run.error or ""
