"""How far the numbers of the front may be off: the ranges of the estimates, and the standard error of the error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from resource_models import Estimate, ResourceReport
from search.measures.standard_error import standard_error
from search.runs.finalise import Final
from search.trial import Observation
from unas_widgets.front.front_view import Band, FrontView, Standing
from unas_widgets.quantities.axis import ERROR, Axis
from unas_widgets.quantities.errors_over_seeds import again, finals_by_trial
from unas_widgets.quantities.points import Points
from unas_widgets.quantities.report_cache import ReportOf
from unas_widgets.widgets.html import Content, Html, lines, tag


class Sources(NamedTuple):
    """What bands are made from; None, or empty, where it is not known.

    Attributes:
        report_of: the full report of a trial, with the ranges of its estimates.
        finals: networks that were trained again with other seeds.
        validation_size: examples behind each error.
    """

    report_of: ReportOf | None = None
    finals: Iterable[Final] = ()
    validation_size: int | None = None


def with_bands(view: FrontView, observations: Mapping[int, Observation], sources: Sources) -> FrontView:
    """The same picture with a band for each point of the front, which says on hover what it is and how it was got.

    An exact number has no band; the error of a network that was trained again has the bar of its spread instead.
    """
    finals, bands, points = finals_by_trial(sources.finals), [], []
    for point in view.points[Standing.FRONT]:
        observation, final = observations[point.trial_id], finals.get(point.trial_id)
        report = None if sources.report_of is None else sources.report_of(point.trial_id)
        x, y = (
            _interval(axis, observation, report, final, sources.validation_size) or (at, at)
            for axis, at in ((view.x, point.x), (view.y, point.y))
        )
        bands.append(Band(point.trial_id, point.x, point.y, x, y))
        hover = _hover(view, observation, report, final, sources.validation_size)
        points.append(point._replace(hover=hover))
    drawn = tuple(band for band in bands if band.x[0] < band.x[1] or band.y[0] < band.y[1])
    return replace(view, bands=drawn, points={**view.points, Standing.FRONT: Points.of(points)})


def band_words(view: FrontView, sources: Sources) -> str:
    """One sentence on what the bands of each axis are, or why there are none."""
    front = view.points[Standing.FRONT]
    if not front:
        return "Bands: of the points on the front, of which there is none yet."
    reports = [sources.report_of(point.trial_id) for point in front] if sources.report_of else []
    return f"Bands of the front: {'; '.join(_axis_words(axis, reports, sources) for axis in (view.x, view.y))}."


def _axis_words(axis: Axis, reports: list[ResourceReport], sources: Sources) -> str:
    if axis is ERROR:
        size = sources.validation_size
        once = f"error ± one standard error of {size:,} validation examples" if size else "error without a band, since "
        once += "" if size else "the size of the validation set is not known yet"
        return f"{once}, where trained again the spread over the seeds (‡)" if tuple(sources.finals) else once
    if axis.of.amount.note:
        return f"{axis.word} are counted, exact"
    known = [axis.of.known(report) for report in reports]
    estimates = [estimate for estimate in known if isinstance(estimate, Estimate)]
    if not estimates:
        return f"no range of {axis.word} is known here"
    if all(e.low == e.high for e in estimates):
        return f"{axis.word} is exact"
    return f"{axis.word} within the range of its estimate"


def _interval(
    axis: Axis, observation: Observation, report: ResourceReport | None, final: Final | None, size: int | None
) -> tuple[float, float] | None:
    """Both ends of what is expected, in axis units; None where the number is exact, or nothing is known."""
    if axis is ERROR:
        error = observation.val_error
        if final is not None or error is None or not size:
            return None
        off = standard_error(error, size)
        return max(error - off, 0.0) / axis.scale, min(error + off, 1.0) / axis.scale
    estimate = None if report is None else axis.of.known(report)
    if not isinstance(estimate, Estimate) or estimate.low == estimate.high:
        return None
    return estimate.low / axis.scale, estimate.high / axis.scale


def _hover(
    view: FrontView,
    observation: Observation,
    report: ResourceReport | None,
    final: Final | None,
    size: int | None,
) -> Html:
    said: list[Content] = [(tag("b", f"trial {observation.trial_id}"), f", {Standing.FRONT}")]
    for axis in (view.x, view.y):
        quantity = axis.quantity(observation, size, report)
        said += [f"{axis.word} {quantity.text}", *(f"   {part}" for part in quantity.hover.split("; ", 1))]
        if axis is ERROR and final is not None:
            said += [f"trained again {again(final).text}", f"   {again(final).hover}"]
    return lines(*said)
