"""Examples of each class of a data set as a plotly figure: thumbnails, spectrograms, or traces of sensors."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from data import Dataset, Kind
from data.files.atomic import atomic_write
from unas_widgets.data_check.pictures import GAP, as_address, first_examples, mosaic
from unas_widgets.figure_layout import figure_layout
from unas_widgets.widgets.html import extra, plotly_words

COLUMNS, TRACE_COLUMNS = 10, 4
"""Examples of a class."""
CLASSES, TRACE_CLASSES = 40, 15
"""Classes that are shown; of more, the first ones."""
CHANNELS = 8
_ROW, _TRACE_ROW = 64, 110  # pixels of the page for a class
_LINES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C", "#000000")


def data_figure(dataset: Dataset, kind: Kind = "unknown") -> go.Figure:
    """The first training examples of each class, a row for each; no widget.

    Args:
        dataset: of the examples.
        kind: what they are; where it is unknown, their shape decides between images and traces.
    """
    is_trace = kind == "window" or (kind == "unknown" and dataset.input_shape[1] == 1)
    return _traces(dataset) if is_trace else _tiles(dataset, kind)


def write_data_figure(dataset: Dataset, kind: Kind, path: Path) -> Path:
    """Write the figure as a page that needs nothing else; returns its whole path.

    Raises:
        OSError: it cannot be written.
    """
    page = data_figure(dataset, kind).to_html(include_plotlyjs=True, full_html=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, page.encode("utf-8"))
    return path.resolve()


def _tiles(dataset: Dataset, kind: Kind) -> go.Figure:
    shown = min(dataset.num_classes, CLASSES)
    pixels = mosaic(dataset, kind, classes=shown, columns=COLUMNS)
    tile = pixels.shape[0] / shown
    figure = go.Figure(layout=figure_layout(_title(dataset, shown), height=120 + _ROW * shown, bottom=16))
    figure.add_image(source=as_address(pixels), hoverinfo="skip")
    figure.update_xaxes(visible=False, range=[-0.5, pixels.shape[1] - GAP - 0.5], constrain="domain")
    figure.update_yaxes(
        tickvals=[(row + 0.5) * tile for row in range(shown)],
        ticktext=[plotly_words(name) for name in dataset.class_names[:shown]],
        range=[pixels.shape[0] - GAP - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    return figure


def _traces(dataset: Dataset) -> go.Figure:
    shown = min(dataset.num_classes, TRACE_CLASSES)
    figure = make_subplots(shown, TRACE_COLUMNS, shared_xaxes="all", shared_yaxes="all", vertical_spacing=0.1 / shown)
    figure.update_layout(figure_layout(_title(dataset, shown), height=144 + _TRACE_ROW * shown, top=96, bottom=48))
    figure.update_layout(
        title={"y": 1, "yanchor": "top", "pad": {"t": 14}}, legend={"x": 0, "xanchor": "left", "y": 1.01}
    )
    for row, name in enumerate(dataset.class_names[:shown], start=1):
        for column, example in enumerate(first_examples(dataset, row - 1, TRACE_COLUMNS), start=1):
            for channel in range(min(example.shape[2], CHANNELS)):
                figure.add_scatter(
                    y=example[:, :, channel].reshape(-1),
                    name=f"channel {channel}",
                    legendgroup=channel,
                    showlegend=(row, column) == (1, 1),
                    line={"color": _LINES[channel], "width": 1.2},
                    hovertemplate=f"channel {channel}: %{{y:.3g}} at row %{{x}}{extra()}",
                    mode="lines" if example.shape[0] > 1 else "markers",
                    row=row,
                    col=column,
                )
        figure.update_yaxes(title_text=plotly_words(name), row=row, col=1)
    figure.update_xaxes(title_text="row of the window", row=shown)
    return figure


def _title(dataset: Dataset, shown: int) -> str:
    classes = f", the first {shown} of {dataset.num_classes} classes" if shown < dataset.num_classes else ""
    return f"{dataset.name}: training examples of each class{classes}"
