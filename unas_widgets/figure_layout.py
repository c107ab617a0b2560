"""How plotly figures that stand alone look; the backgrounds are see-through, so that dark pages stay dark."""

from __future__ import annotations

from typing import Any

from unas_widgets.widgets.html import plotly_words


def figure_layout(title: str, *, height: int, top: int = 56, bottom: int = 44) -> dict[str, Any]:
    """A layout with a title in plain words and a legend above the picture; `height`, `top` and `bottom` in pixels."""
    return {
        "title": {"text": plotly_words(title), "font": {"size": 15}},
        "height": height,
        "margin": {"l": 60, "r": 20, "t": top, "b": bottom},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "#737373"},
        "hoverlabel": {"bgcolor": "#333333", "font": {"color": "#ffffff"}},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "right", "x": 1.0},
    }
