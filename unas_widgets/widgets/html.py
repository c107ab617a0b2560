"""HTML that cannot forget to escape: words are escaped wherever they go in, and only `Html` passes as it is.

`Html` is MarkupSafe's `Markup`. Whatever is joined, formatted or added to it is escaped; an f-string or `"".join` makes
plain words of it, which are then escaped in their turn. What hands HTML to a page or a file takes `Html` only, so that
what was forgotten is seen at once, and is no hole. `Html(…)` itself stands around literals only; a test reads all files
for that.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Protocol, TypeAlias

import traitlets
from markupsafe import Markup

Html = Markup
Content: TypeAlias = "str | int | Iterable[Content] | None"
"""What an element may hold: words, `Html`, numbers, several of these; None is nothing."""
Attribute: TypeAlias = "str | float | bool | None"

NOTHING = Html("")
_ELEMENTS = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "main", "section"),
        *("h1", "h2", "h3", "p", "div", "span", "b", "i", "small", "br", "code", "pre", "ul", "ol", "li"),
        *("table", "thead", "tbody", "tr", "th", "td", "button", "details", "summary", "img"),
        *("svg", "g", "path", "rect", "circle", "polyline", "text"),
    )
)
_EMPTY = frozenset(("br", "img", "meta"))  # elements without an end
_PLACES = ("href", "src")
_GUARDED = frozenset((*_PLACES, "style"))
_PLACE = re.compile(r"https?://|#|data:image/png;base64,[A-Za-z0-9+/=]*$")
_RULE = r"[-a-z]+:[-\w#%., ()]+"
_STYLE = re.compile(rf"(?!.*url){_RULE}(;{_RULE})*;?")


def tag(element: str, /, *content: Content, **attributes: Attribute) -> Html:
    """One element.

    Args:
        element: its name.
        content: what it holds; words are escaped, `Html` is not.
        attributes: `class_` is class and `data_trial` data-trial; True and False are "true" and "false"; None leaves an
            attribute out. Values are always escaped, `Html` too.

    Raises:
        ValueError: the pages of this project have no such element or attribute, or a value is no harmless address or
            style.
    """
    if element not in _ELEMENTS:
        raise ValueError(f"There is no element {element!r} in these pages; known are {', '.join(sorted(_ELEMENTS))}.")
    begin = f"<{element}{_attributes(attributes)}>" if attributes else f"<{element}>"
    if element in _EMPTY:
        return Html(begin)
    return Html(f"{begin}{''.join(map(_escaped, content))}</{element}>")


def joined(*content: Content) -> Html:
    """Parts one after the other; words are escaped, `Html` is not."""
    return Html(_escaped(content))


def lines(*content: Content) -> Html:
    """Parts one below the other, as plotly breaks lines; words are escaped, `Html` is not."""
    return Html("<br>".join([_escaped(part) for part in content]))


def plotly_words(words: str) -> Html:
    """Words for plotly, which takes all that it writes for HTML, and in templates `%{…}` for a value."""
    return Html(str(_escaped(words)).replace("%{", "%&#123;"))


def extra(words: str = "") -> Html:
    """The end of a template of plotly: what stands beside the box, by default nothing."""
    return Html("<extra>{}</extra>").format(plotly_words(words))


def html_of(value: Html) -> Html:
    """The same; for what goes out to a page or a file.

    Raises:
        TypeError: it is plain text, or no text at all.
    """
    if not isinstance(value, Html):
        raise TypeError(
            f"A page takes HTML made by `tag` and `joined`, not {type(value).__name__}: {str(value)[:80]!r}."
        )
    return value


class HtmlTrait(traitlets.TraitType[Html, Html]):
    """A trait that takes nothing but `Html`, from Python and from a page alike."""

    default_value = NOTHING
    info_text = "HTML made by `tag` and `joined`"

    def validate(self, obj: Any, value: Any) -> Html:
        """The value, which has to be `Html` already."""
        return value if isinstance(value, Html) else self.error(obj, value)


def region(key: str, *content: Content, label: str, look: str = "unas-scroll") -> Html:
    """A part that scrolls by itself, by keyboard too; where it stands is kept under `key` when it is drawn again."""
    return tag("div", *content, class_=look, data_scroll=key, tabindex=0, role="region", aria_label=label)


class Figure(Protocol):
    """A number in words, and what is said of it on hover: a `Quantity`."""

    @property
    def text(self) -> str:
        """The number as it is shown."""

    @property
    def hover(self) -> str:
        """The exact value, its range and its method."""


def number(quantity: Figure, label: str = "") -> Html:
    """A number whose exact value, band and method appear on hover."""
    return tag("span", f"{label} " if label else "", quantity.text, class_="unas-num", title=quantity.hover)


def bar(share: float) -> Html:
    """A bar that fills `share` (0 to 1) of its cell; the number stands beside it, so readers may skip it."""
    filled = tag("i", style=f"width:{100 * min(max(share, 0), 1):.1f}%")
    return tag("div", filled, class_="unas-cell-bar", aria_hidden=True)


def _escaped(part: Content) -> str:
    """Quotes stay as they are: between elements they end nothing, and plotly does not know them by name."""
    kind = type(part)
    if kind is Html or part is None:
        return part or ""  # type: ignore[return-value]
    if kind is str:
        return escape(part, quote=False)  # type: ignore[arg-type]
    if isinstance(part, (str, int)):
        return part if isinstance(part, Html) else escape(str(part), quote=False)
    return "".join(map(_escaped, part))


def _attributes(attributes: Mapping[str, Attribute]) -> str:
    written = ""
    for name, value in attributes.items():
        if value is None:
            continue
        words = value if type(value) is str else _attribute_words(value)
        if name in _GUARDED:
            _check_harmless(name, words)
        written += f' {_attribute_name(name)}="{escape(words)}"'
    return written


def _attribute_words(value: Attribute) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@functools.cache
def _attribute_name(name: str) -> str:
    if name.startswith("on") or name == "srcdoc" or not re.fullmatch(r"[A-Za-z_]+", name):
        raise ValueError(f"There is no attribute {name!r} in these pages: nothing in them is a script.")
    return name.removesuffix("_").replace("_", "-")


def _check_harmless(name: str, words: str) -> None:
    if name in _PLACES and not _PLACE.match(words):
        raise ValueError(f"{words[:80]!r} is no address of a page or a picture.")
    if name == "style" and not _STYLE.fullmatch(words):
        raise ValueError(f"{words[:80]!r} is no plain style.")
