"""What would lower the peak as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from resource_models import format_bytes
from unas_widgets.network.morphs_view import NONE_LOWER, REMARK, Morph

_TITLE = "<h3>What would lower the RAM</h3>"


def morphs_html(found: Sequence[Morph], *, looked_at: int) -> str:
    """The morphs that save RAM, each with what it saves and what else it changes."""
    if not found:
        return f'{_TITLE}<div class="unas-none">{NONE_LOWER} {looked_at:,} were looked at.</div>'
    items = "".join(_item(morph) for morph in found)
    return (
        f'{_TITLE}<ul class="unas-morphs unas-scroll" tabindex="0" data-scroll="morphs" aria-label="What would lower '
        f'the RAM">{items}</ul><div class="unas-quiet">The best of {looked_at:,} networks one '
        f"morphism away. {REMARK}</div>"
    )


def computing_html(looked_at: int) -> str:
    """That the morphs are still being costed."""
    return (
        f'{_TITLE}<div class="unas-computing" role="status">Costing the networks one morphism away; {looked_at:,} so '
        "far.</div>"
    )


def failed_html(sentence: str) -> str:
    """Why there are no morphs to show."""
    return f'{_TITLE}<div class="unas-none">{escape(sentence)}</div>'


def _item(morph: Morph) -> str:
    after = morph.after.ram_bytes
    hover = f"{morph.saved_bytes:,} bytes less, {after:,} bytes in all"
    return (
        f'<li><div class="unas-morph"><span>{escape(morph.text)}</span><b class="unas-num" title="{escape(hover)}">'
        f"RAM −{format_bytes(morph.saved_bytes)}</b></div>"
        f'<div class="unas-quiet">{escape(morph.others)}</div></li>'
    )
