"""What is left of a saved notebook in viewers that take neither scripts nor styles."""

from __future__ import annotations

import base64
import io
import re

import bleach
from nbformat import NotebookNode
from PIL import Image

TAGS = {"table", "thead", "tbody", "tr", "th", "td", "img", "p", "b", "h3"}
MEGABYTE = 1_000_000


def sanitised(html: str) -> str:
    """What a viewer leaves of HTML that takes neither scripts nor styles, nor pictures that are not PNG."""
    plain = re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
    return bleach.clean(plain, tags=TAGS, attributes={"img": ["src", "alt"]}, protocols={"data"}, strip=True)


def pictures(html: str) -> list[Image.Image]:
    """The PNG pictures within HTML."""
    found = re.findall(r'<img[^>]*src="data:image/png;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


def cells(html: str) -> list[str]:
    """The words in the cells of tables."""
    return re.findall(r"<td>([^<]*)</td>", html)


def colours(png: bytes) -> set[tuple[int, int, int]]:
    """The colours of a picture."""
    return {colour for _count, colour in Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24)}


def faces(notebook: NotebookNode) -> tuple[str, bytes]:
    """The HTML and the PNG of the first cell, for who shows no widgets."""
    (still,) = (o.data for o in notebook.cells[0].outputs if "text/html" in o.get("data", {}))
    return sanitised(still["text/html"]), base64.b64decode(still["image/png"])
