"""What changed from one architecture to another, in a few words: "block 1, layer 2: filters 12 → 9"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]

_SINGULAR = {"blocks": "block", "layers": "layer", "dense": "dense layer", "units": "layer"}
_WORDS = {"batch_norm": "batch norm", "relu": "ReLU", "pre_pool": "2×2 max pool before it", "type": "kind"}
_KINDS = {"Conv2D": "conv", "1x1Conv2D": "conv 1×1", "DWConv2D": "depthwise"}
_UNITS = ("dense", "units")
GONE, COME = "removed", "added"
MOVED = 1.2
"""What an item that came or went weighs, in changes of an item that stayed."""
STAYED = 2.0
"""What an item that stayed weighs at most, so that none is told as one that went and another that came."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where in the architecture's document, and in words."""

    place: Place
    text: str


def differences(before: Any, after: Any) -> tuple[Difference, ...]:
    """What changes `before` into `after`, both as `SearchSpace.to_json` gives them; empty where nothing does."""
    return tuple(_changes(before, after, ()))


def difference_words(found: Sequence[Difference], *, most: int = 3) -> str:
    """The first `most` changes in one line, and how many more there are."""
    if not found:
        return "the same architecture"
    rest = len(found) - most
    more = f"; {rest} more {'change' if rest == 1 else 'changes'}" if rest > 0 else ""
    return "; ".join(change.text for change in found[:most]) + more


def _changes(before: Any, after: Any, place: Place) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and _kind(before) == _kind(after):
        for key in dict.fromkeys((*before, *after)):
            yield from _changes(before.get(key), after.get(key), (*place, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_changes(before, after, place)
    else:
        yield Difference(place, _changed(before, after, place))


def _list_changes(before: list[Any], after: list[Any], place: Place) -> Iterator[Difference]:
    """The fewest changes: what stands at the ends of both is left out, then items are paired where that is cheapest."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old, new = range(start, len(before) - end), range(start, len(after) - end)
    costs: dict[tuple[int, int], tuple[float, list[Difference]]] = {}
    for i in reversed(range(old.start, old.stop + 1)):
        for j in reversed(range(new.start, new.stop + 1)):
            ways = []
            if i < old.stop and j < new.stop:
                paired = list(_changes(before[i], after[j], (*place, i)))
                ways.append((min(_weight(paired), STAYED), paired, (i + 1, j + 1)))
            if i < old.stop:
                ways.append((MOVED, [_gone(before[i], (*place, i))], (i + 1, j)))
            if j < new.stop:
                ways.append((MOVED, [_come(after[j], (*place, j))], (i, j + 1)))
            totals = [(cost + costs[rest][0], found + costs[rest][1]) for cost, found, rest in ways]
            costs[i, j] = min(totals, key=lambda way: way[0], default=(0.0, []))
    yield from costs[old.start, new.start][1]


def _weight(found: Sequence[Difference]) -> float:
    return sum(MOVED if change.place[-1] in (GONE, COME) else 1.0 for change in found)


def _alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items at the beginning of both are equal."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _gone(item: Any, place: Place) -> Difference:
    return Difference((*place, GONE), f"{_where(place)} removed: {_item(item, place)}")


def _come(item: Any, place: Place) -> Difference:
    return Difference((*place, COME), f"{_where(place)} added: {_item(item, place)}")


def _item(item: Any, place: Place) -> str:
    return f"{item} units" if place[0] in _UNITS else _thing(item)


def _changed(before: Any, after: Any, place: Place) -> str:
    *outer, last = place or ("network",)
    word = _word(last)
    owner = _where(tuple(outer))
    prefix = f"{owner}: " if owner else ""
    if last == "branch":
        return f"{prefix}{'beside' if after else 'after'} the block before it"
    if isinstance(last, int) and len(outer) == 1 and outer[0] in _UNITS:
        return f"{_where(place)}: {before} → {after} units"
    if isinstance(before, bool) or isinstance(after, bool):
        return f"{prefix}{'with' if after else 'without'} {word}"
    if isinstance(last, int):
        return f"{_where(place)}: {_thing(before)} → {_thing(after)}"
    if before is None or after is None:
        return (
            f"{prefix}{word} {'added' if before is None else 'removed'}: {_thing(after if before is None else before)}"
        )
    return f"{prefix}{word} {_thing(before)} → {_thing(after)}"


def _where(place: Place) -> str:
    """A place in words; numbers count from 1."""
    parts: list[str] = []
    for part in place:
        if isinstance(part, int):
            last = parts.pop() if parts else "part"
            parts.append(f"{_SINGULAR.get(last, last)} {part + 1}")
        else:
            parts.append(part)
    return ", ".join(_word(part) for part in parts)


def _word(part: str | int) -> str:
    return _WORDS.get(str(part), "final pooling" if part == "pooling" else str(part).replace("_", " "))


def _kind(document: Mapping[str, Any]) -> tuple[Any, ...]:
    return (document.get("type"), document.get("kind"), "layers" in document)


def _thing(value: Any) -> str:
    """A part in a few words: "conv 3×3, 12 filters, stride 2"."""
    if not isinstance(value, Mapping):
        return "none" if value is None else str(value)
    if "layers" in value:
        return " + ".join(_thing(layer) for layer in value["layers"])
    kind = str(value.get("type", value.get("kind", "")))
    size = value.get("kernel", value.get("size"))
    parts = [f"{_KINDS.get(kind, kind.replace('_', ' '))} {size}×{size}" if size else _KINDS.get(kind, kind)]
    parts += [f"{value['filters']} filters"] if value.get("filters") else []
    parts += [f"stride {value['stride']}"] if value.get("stride", 1) != 1 else []
    return ", ".join(part for part in parts if part) or "a part"
