"""Files of tables and arrays, and what becomes of them when bytes are lost, changed or put elsewhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd

ROWS, EXAMPLES = 120, 30
WORDS = (b",", b"\n", b";", b'"', b"nan", b"1e999", b"-", b"#", b"\x00", b"\xff\xff\xff\x7f", b"(", b"True", b".")


def _frame(rng: np.random.Generator) -> pd.DataFrame:
    readings = {name: np.round(rng.normal(size=ROWS), 2) for name in ("ax", "ay")}
    return pd.DataFrame(readings | {"n": rng.integers(0, 9, ROWS), "label": np.repeat(["a", "b", "c"], ROWS // 3)})


def _csv(rng: np.random.Generator) -> bytes:
    separator, decimal = [(",", "."), (";", ","), ("\t", "."), (" ", ".")][rng.integers(4)]
    return _frame(rng).to_csv(index=bool(rng.integers(2)), sep=separator, decimal=decimal).encode()


def _parquet(rng: np.random.Generator) -> bytes:
    buffer = io.BytesIO()
    compression = ["snappy", "gzip", None][rng.integers(3)]
    _frame(rng).astype({"label": ["category", "str"][rng.integers(2)]}).to_parquet(buffer, compression=compression)
    return buffer.getvalue()


def _npz(rng: np.random.Generator) -> bytes:
    buffer = io.BytesIO()
    x = rng.integers(0, 256, (EXAMPLES, 4, 5, 1), np.uint8) if rng.integers(2) else rng.normal(size=(EXAMPLES, 6))
    y = np.array(["a", "b"])[np.arange(EXAMPLES) % 2] if rng.integers(2) else np.arange(EXAMPLES) % 3
    save = np.savez_compressed if rng.integers(2) else np.savez
    save(buffer, x=x, y=y)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[np.random.Generator], bytes]] = {"csv": _csv, "parquet": _parquet, "npz": _npz}
SCHEMES = {"csv": "table:{}?window=4", "parquet": "table:{}?window=4", "npz": "npz:{}"}


CELLS = ("", "0", "nan", "NA", "True", "1e999", "1e300", "2024-01-01", "a", " a", "A", "7" * 30, "1,5", "é", "[1, 2]")


def mutated(kind: str, seed: int) -> bytes:
    """A file of that kind with one to three mutations; every second one with a whole format around changed content."""
    rng = np.random.default_rng((seed, len(kind)))
    if seed % 2 and kind in INNER:
        return INNER[kind](rng)
    return _changed(WRITERS[kind](rng), rng)


def _changed(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        _mutate(changed, rng)
    return bytes(changed)


def _other_cells(rng: np.random.Generator) -> pd.DataFrame:
    """A table of words in which a column, a row or a run of cells is replaced."""
    frame = _frame(rng).astype(str)
    for _ in range(rng.integers(1, 4)):
        word, place = CELLS[rng.integers(len(CELLS))], int(rng.integers(ROWS))
        column = int(rng.integers(frame.shape[1]))
        rows = [slice(None), slice(place, place + 1), slice(place, place + int(rng.integers(1, ROWS)))][rng.integers(3)]
        frame.iloc[rows, column] = word
    return frame


def _csv_of_other_cells(rng: np.random.Generator) -> bytes:
    return _other_cells(rng).to_csv(index=bool(rng.integers(2))).encode()


def _parquet_of_other_cells(rng: np.random.Generator) -> bytes:
    frame, buffer = _other_cells(rng), io.BytesIO()
    numbers = [name for name in frame.columns if rng.integers(3)]
    frame = frame.assign(**{name: pd.to_numeric(frame[name], errors="coerce") for name in numbers if name != "label"})
    frame.to_parquet(buffer)
    return buffer.getvalue()


def _npz_of_other_arrays(rng: np.random.Generator) -> bytes:
    """A whole archive, with right checksums, of arrays that are damaged themselves."""
    whole, buffer = io.BytesIO(_npz(rng)), io.BytesIO()
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(buffer, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, _changed(content, rng) if rng.integers(2) else content)
    return buffer.getvalue()


INNER = {"csv": _csv_of_other_cells, "parquet": _parquet_of_other_cells, "npz": _npz_of_other_arrays}


def _mutate(content: bytearray, rng: np.random.Generator) -> None:
    place = int(rng.integers(len(content) + 1))
    length = int(rng.integers(1, [3, 30][rng.integers(2)]))
    # The ends of a file, where headers and footers are, are hit more often than the rest.
    place = [place, min(place, 200), max(0, len(content) - 1 - place % 400)][rng.integers(3)]
    match rng.integers(7):
        case 0 if place < len(content):
            content[place] ^= 1 << int(rng.integers(8))
        case 1 if place < len(content):
            content[place] = int(rng.integers(256))
        case 2:
            del content[place : place + length]
        case 3:
            content[place:place] = content[place : place + length]
        case 4:
            content[place:place] = rng.bytes(length)
        case 5:
            content[place : place + length] = bytes(min(length, max(0, len(content) - place)))
        case _:
            content[place:place] = WORDS[rng.integers(len(WORDS))]
