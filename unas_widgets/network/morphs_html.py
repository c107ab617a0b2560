"""What would lower the peak as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from resource_models import format_bytes
from unas_widgets.network.morphs_view import NONE_LOWER, REMARK, Morph
from unas_widgets.widgets.html import Html, joined, tag

_WORDS = "What would lower the RAM"
_TITLE = tag("h3", _WORDS)


def morphs_html(found: Sequence[Morph], *, looked_at: int) -> Html:
    """The morphs that save RAM, each with what it saves and what else it changes."""
    if not found:
        return joined(_TITLE, tag("div", f"{NONE_LOWER} {looked_at:,} were looked at.", class_="unas-none"))
    items = tag(
        "ul", map(_item, found), class_="unas-morphs unas-scroll", tabindex=0, data_scroll="morphs", aria_label=_WORDS
    )
    about = f"The best of {looked_at:,} networks one morphism away. {REMARK}"
    return joined(_TITLE, items, tag("div", about, class_="unas-quiet"))


def computing_html(looked_at: int) -> Html:
    """That the morphs are still being costed."""
    words = f"Costing the networks one morphism away; {looked_at:,} so far."
    return joined(_TITLE, tag("div", words, class_="unas-computing", role="status"))


def failed_html(sentence: str) -> Html:
    """Why there are no morphs to show."""
    return joined(_TITLE, tag("div", sentence, class_="unas-none"))


def _item(morph: Morph) -> Html:
    hover = f"{morph.saved_bytes:,} bytes less, {morph.after.ram_bytes:,} bytes in all"
    saved = tag("b", f"RAM −{format_bytes(morph.saved_bytes)}", class_="unas-num", title=hover)
    return tag(
        "li",
        tag("div", tag("span", morph.text), saved, class_="unas-morph"),
        tag("div", morph.others, class_="unas-quiet"),
    )
