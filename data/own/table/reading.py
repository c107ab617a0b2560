"""A table of a file, CSV in any of its dialects or Parquet, with what had to be said about it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import DataError
from data.own.table.bytes_of_text import read_bytes, to_text
from data.own.table.dialect import find_dialect

if TYPE_CHECKING:  # importing pandas takes as long as all the rest together
    import pandas as pd

PARQUET = b"PAR1"
PANDAS_INDEX = re.compile(r"__index_level_\d+__")
MISSING = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None", "?", "-")
"""What stands for no value in a column of numbers; in the labels it is a label."""

AsWritten = Callable[[Sequence[str]], Sequence[str]]
"""Of the names of all columns, those whose values are wanted as they are written."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length with unique names; where they come from; and what is to be said about them.

    `decimal` is the sign that numbers have where they are still words.
    """

    frame: pd.DataFrame
    path: Path
    notes: tuple[str, ...] = ()
    decimal: str = "."


def read_table(path: Path, as_written: AsWritten) -> Table:
    """The table of a file, whatever its ending says.

    Raises:
        DataError: if it is no table, or damaged.
    """
    content = read_bytes(path)
    table = _read_parquet(content, path) if content[:4] == PARQUET else _read_csv(content, path, as_written)
    if not len(table.frame):
        raise DataError(f"{path} cannot be read as a table (it has no rows)")
    return table


def _read_parquet(content: bytes, path: Path) -> Table:
    import pandas as pd

    try:
        # What pandas wrote about its index is not needed, and a way for damaged files to go wrong.
        frame = pd.read_parquet(io.BytesIO(content), engine="pyarrow", to_pandas_kwargs={"ignore_metadata": True})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise _unreadable(path, error) from None
    except (NotImplementedError, MemoryError, RecursionError) as error:
        raise _unreadable(path, error) from None
    names, notes = _unique([str(name) for name in frame.columns])
    frame.columns = pd.Index(names)
    index = [name for name in names if PANDAS_INDEX.fullmatch(name)]
    notes += tuple(f"column {name!r} is left out: it is pandas' index" for name in index)
    return Table(frame.drop(columns=index), path, notes)


def _read_csv(content: bytes, path: Path, as_written: AsWritten) -> Table:
    import pandas as pd

    text, notes = to_text(content, path)
    dialect = find_dialect(text, path)
    names, doubled = _unique(dialect.names)
    written = set(as_written(names))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row that has more cells than the header
            frame = pd.read_csv(
                io.StringIO(dialect.body),
                sep=r"\s+" if dialect.separator == " " else dialect.separator,
                decimal=dialect.decimal,
                header=None,
                names=names,
                index_col=False,
                dtype={name: str for name in names if name in written},
                keep_default_na=False,
                na_values={name: MISSING for name in names if name not in written},
                skipinitialspace=re.search(rf'{re.escape(dialect.separator)} +"', dialect.body) is not None,
                low_memory=False,
            )
    except pd.errors.ParserWarning:
        raise DataError(f"{path} cannot be read as a table (rows have more than its {len(names)} cells)") from None
    except (OSError, ValueError, OverflowError, MemoryError) as error:
        raise _unreadable(path, error) from None
    return Table(frame, path, (*notes, *dialect.notes, *doubled), dialect.decimal)


def _unreadable(path: Path, error: BaseException) -> DataError:
    longer = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
    if longer:
        return DataError(f"{path} cannot be read as a table (row {longer[2]} has {longer[3]} cells, not {longer[1]})")
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return DataError(f"{path} cannot be read as a table ({reason})")


def _unique(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names without blanks around them, none of them empty or twice; and a sentence for each that was."""
    unique: list[str] = []
    notes = []
    for place, given in enumerate(names):
        name = given.strip() or f"Unnamed: {place}"
        number = 0
        while name in unique:
            number += 1
            name = f"{given.strip()}.{number}"
        if number:
            notes.append(f"several columns are called {given.strip()!r}; column {place + 1} is now {name!r}")
        unique.append(name)
    return unique, tuple(notes)
