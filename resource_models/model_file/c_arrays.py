"""A model as a C array, `const unsigned char g_model[] = {0x1c, …};`, as `xxd -i` and the examples of TFLM have it.

Every search is linear in the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from resource_models.errors import ModelFileError

_OPENING = re.compile(r"=\s*\{")
_MAX_ARRAYS = 10_000
_DECLARATION_LENGTH = 400
_LENGTH = re.compile(r"\b(\w+?)_?(?:len|length|size|LEN|SIZE)\s*=\s*(\d+)\s*;")
_HINT = re.compile(rb"\[[^\][{};]{0,200}\][^{};=]{0,200}=\s{0,200}\{")
_LOOK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Array:
    """An array of whole numbers: its name, bytes, and what its brackets state."""

    name: str
    content: bytes
    bound: str


def is_c_source(data: bytes) -> bool:
    """Whether a file is text with an array in it."""
    head = data[:_LOOK_BYTES]
    return b"\0" not in head and _HINT.search(head) is not None


def model_in_c(data: bytes, name: str) -> bytes:
    """The `.tflite` that an array of the C source holds.

    Raises:
        ModelFileError: no array holds one, several do, or it is cut short.
    """
    text = _without_comments(data.decode("utf-8", "replace"))
    arrays = list(_arrays(text))
    models = [array for array in arrays if array.content[4:8] == b"TFL3"]
    if len(models) != 1:
        what = f"{len(models)} models" if models else "no whole TensorFlow Lite model"
        listed = ", ".join([array.name for array in models or arrays][:5]) or "no array of numbers"
        raise ModelFileError(f"{name} is C source, its arrays ({listed}) hold {what}; give a file with one whole model")
    _check_length(models[0], text, name)
    return models[0].content


def _without_comments(text: str) -> str:
    kept, place = [], 0
    for found in re.finditer(r"//|/\*", text):
        if found.start() < place:
            continue
        kept.append(text[place : found.start()])
        end, skipped = ("\n", 0) if found[0] == "//" else ("*/", 2)
        place = text.find(end, found.end()) + skipped
        if place < skipped:
            return " ".join(kept)
    return " ".join([*kept, text[place:]])


def _arrays(text: str) -> Iterator[_Array]:
    """The arrays, of at most `_MAX_ARRAYS`."""
    openings = [(found.start(), found.end()) for found in islice(_OPENING.finditer(text), _MAX_ARRAYS)]
    followers = [start for start, _ in openings[1:]] + [len(text)]
    end = 0
    for (start, body), follower in zip(openings, followers, strict=True):
        if end < body:
            end = text.find("}", body)
        if end < 0:
            return
        declared = _declaration(text[max(0, start - _DECLARATION_LENGTH) : start])
        content = _content(text[body:end], declared[0]) if declared and end < follower else None
        if declared and content is not None:
            yield _Array(declared[1], content, declared[2])


def _declaration(before: str) -> tuple[str, str, str] | None:
    """Type, name and bound of the array that is declared at the end of a text."""
    before = before[max(before.rfind(sign) for sign in ";{}") + 1 :]
    place = before.rfind("[")
    words = before[:place].split() if place > 0 else []
    return (" ".join(words[:-1]), words[-1], before[place + 1 :].partition("]")[0].strip()) if words else None


def _content(body: str, kind: str) -> bytes | None:
    """The bytes of an array of this type; None where something else than whole numbers is in it."""
    width = next((bits // 8 for bits in (64, 32, 16) if f"int{bits}" in kind), 1)
    try:
        numbers = np.array([_number(word) for word in body.split(",") if word.strip()], dtype=np.int64)
    except (ValueError, OverflowError):
        return None
    return numbers.astype(f"<i{width}").tobytes()


def _number(word: str) -> int:
    word = word.strip().rstrip("uUlL")
    return int(word, 8) if len(word) > 1 and word[0] == "0" and word.isdigit() else int(word, 0)


def _check_length(array: _Array, text: str, name: str) -> None:
    """Compare with the length that the source states, in the array's own brackets or in a constant beside it."""
    length = len(array.content)
    stated = [number for stem, number in _LENGTH.findall(text) if stem in (array.name, f"{array.name}_data")]
    for number in [array.bound, *stated]:
        if number.isdigit() and int(number) != length:
            raise ModelFileError(
                f"the array {array.name} in {name} has {length} bytes where {number} are stated; give the whole array"
            )
