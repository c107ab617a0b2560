"""Journals that something went wrong with: one line is changed, doubled, moved or lost, in a seeded way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, -60, 7.5, 0.5, 10**12, 10**30, 1e308, "", "0", "x" * 50, "<b>", "\ud800", "a\0b", [],
    {}, [1], {"a": 1}, [[]], [None], [-3.0], [0.5, "x"], {"ram_bytes": 1}, {"blocks": []}, "package.module:Class", "..",
)  # fmt: skip
RAW = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"[" * 3000 + b"]" * 3000, b"'", b"\xff", b"1" * 5000, b"01", b"")

Mutation = Callable[[list[bytes], np.random.Generator], list[bytes]]


def mutated(content: bytes, seed: int) -> bytes:
    """The journal with one fault; the same seed makes the same."""
    rng = np.random.default_rng(seed)
    lines = content.splitlines(keepends=True)
    mutations: tuple[Mutation, ...] = (_value, _value, _value, _value, _raw, _lost_field, _byte, _lines, _doubled, _cut)
    return b"".join(mutations[int(rng.integers(len(mutations)))](lines, rng))


def _any(lines: list[bytes], rng: np.random.Generator) -> int:
    """A line; the header is as likely as all the others of its kind together."""
    return 0 if rng.random() < 0.2 else int(rng.integers(len(lines)))


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(p for key, part in inner for p in _places(part, (*place, key)))]


def _with(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _with(value[place[0]], place[1:], new)
    return copy


def _somewhere(record: Any, rng: np.random.Generator) -> tuple[Any, ...]:
    places = _places(record)[1:]
    return places[int(rng.integers(len(places)))]


def _value(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    at = _any(lines, rng)
    record = json.loads(lines[at])
    new = VALUES[int(rng.integers(len(VALUES)))]
    return [*lines[:at], json.dumps(_with(record, _somewhere(record, rng), new)).encode() + b"\n", *lines[at + 1 :]]


def _raw(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    at = _any(lines, rng)
    record = json.loads(lines[at])
    text = json.dumps(_with(record, _somewhere(record, rng), "@here@")).encode()
    text = text.replace(b'"@here@"', RAW[int(rng.integers(len(RAW)))])
    return [*lines[:at], text + b"\n", *lines[at + 1 :]]


def _lost_field(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    at = _any(lines, rng)
    record = json.loads(lines[at])
    record.pop(list(record)[int(rng.integers(len(record)))])
    return [*lines[:at], json.dumps(record).encode() + b"\n", *lines[at + 1 :]]


def _byte(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    at = _any(lines, rng)
    line = bytearray(lines[at])
    line[int(rng.integers(len(line)))] = int(rng.integers(256))
    return [*lines[:at], bytes(line), *lines[at + 1 :]]


def _lines(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    """A line is lost, written twice, or changes places with another."""
    at, other = _any(lines, rng), _any(lines, rng)
    kind = int(rng.integers(3))
    if kind == 0:
        return [*lines[:at], *lines[at + 1 :]]
    if kind == 1:
        return [*lines[: at + 1], lines[at], *lines[at + 1 :]]
    lines[at], lines[other] = lines[other], lines[at]
    return lines


def _doubled(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    """The journal, or its end, is written a second time."""
    return [*lines, *lines[int(rng.integers(len(lines))) if rng.random() < 0.7 else int(rng.integers(2)) :]]


def _cut(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    whole = b"".join(lines)
    return [whole[: int(rng.integers(len(whole)))]]
