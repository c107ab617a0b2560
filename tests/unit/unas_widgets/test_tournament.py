import numpy as np
import pandas as pd
import pytest

from unas_widgets import WidgetError
from unas_widgets.tournament import tournament_figure


@pytest.fixture
def frame() -> pd.DataFrame:
    rows = [
        (name, name, seed, axis, spent, measure, (1 + spent) * (1 + seed + 10 * place) / 1000)
        for place, name in enumerate(["plain", "clever"])
        for seed in range(4)
        for axis in ("equivalents", "epochs")
        for measure in ("hypervolume", "accuracy")
        for spent in np.linspace(0, 10, 11)
    ]
    return pd.DataFrame(rows, columns=["entrant", "algorithm", "seed", "axis", "spent", "measure", "value"])


def test_lines_are_medians_and_bands_are_quartiles(frame: pd.DataFrame) -> None:
    figure = tournament_figure(frame)
    assert len(figure.data) == 2 * 2 * 2
    for place, (band, line) in enumerate(zip(figure.data[::2], figure.data[1::2], strict=True)):
        name, measure = ("plain", "clever")[place % 2], ("hypervolume", "accuracy")[place // 2]
        chosen = frame[(frame["entrant"] == name) & (frame["measure"] == measure) & (frame["axis"] == "equivalents")]
        wanted = chosen.groupby("spent")["value"].quantile([0.25, 0.5, 0.75]).unstack() * (1, 100)[place // 2]
        assert line.name == name
        assert list(line.x) == list(wanted.index)
        assert list(line.y) == pytest.approx(list(wanted[0.5]))
        assert list(band.y) == pytest.approx([*wanted[0.75], *reversed(list(wanted[0.25]))])


def test_axes_carry_their_units_and_entrants_differ_without_colour(frame: pd.DataFrame) -> None:
    figure = tournament_figure(frame, axis="epochs")
    assert figure.layout.xaxis2.title.text == "compute (epochs)"
    assert figure.layout.yaxis.title.text == "hypervolume of all bounded resources (0 to 1)"
    assert figure.layout.yaxis2.title.text == "best accuracy in budget (%)"
    lines = figure.data[1::2]
    assert len({line.line.dash for line in lines}) == len({line.line.color for line in lines}) == 2
    assert [line.showlegend for line in lines] == [True, True, False, False]
    assert "quartiles of 4 seeds" in figure.layout.title.text


def test_one_measure_alone_is_one_picture(frame: pd.DataFrame) -> None:
    figure = tournament_figure(frame, measure="accuracy", title="Who is best?")
    assert len(figure.data) == 4
    assert figure.layout.title.text == "Who is best?"
    low, high = figure.layout.yaxis.range
    assert low < min(figure.data[1].y[1:])
    assert high > max(figure.data[3].y)


def test_what_is_not_there_is_said(frame: pd.DataFrame) -> None:
    with pytest.raises(WidgetError, match="no axis 'cpu_seconds'; it has equivalents, epochs"):
        tournament_figure(frame, axis="cpu_seconds")
    with pytest.raises(WidgetError, match="no measure 'speed'"):
        tournament_figure(frame, measure="speed")
    with pytest.raises(WidgetError, match="no results yet"):
        tournament_figure(frame.head(0))
