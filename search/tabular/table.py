"""A table of trained networks: what a training would give, looked up, so that algorithms are compared in seconds.

The error after e epochs is that of the e-th epoch of the one full training, whose learning rate falls over all of its
epochs; a training of e epochs alone would end a little lower.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.files.atomic import atomic_writer
from resource_models import Costs
from search.budget import Budget
from search.errors import SearchError
from search.spaces import Architecture
from search.tabular.grid import GridSpace

Json = dict[str, Any]

BOARD = "arduino-nano-33-ble"
"""Where the latency of a table's networks is estimated for."""
FOLDER = Path(__file__).resolve().parents[2] / "data" / "tables"
RAM_SHARE, MODEL_SHARE = 0.4, 0.5
"""Shares of a table's networks that each of its bounds leaves in; about a third of them keeps both."""
_COSTS = ("ram_bytes", "model_bytes", "macs", "latency_s")


class TableError(SearchError):
    """There is no such table, or its file cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Every network of a grid, trained.

    Attributes:
        dataset: name of the data set.
        space: the grid.
        epochs: of every training: one full-training equivalent.
        validation_size: examples that errors are measured on.
        wrong: wrongly classified validation examples, shape (networks, epochs).
        repeated: the best networks: their rows.
        wrong_again: of those, shape (repeated, seeds, epochs).
        seconds: of each training, on one core, shape (networks,).
        costs: per accounting and resource an array of shape (networks,).
        provenance: recipe, versions, seeds and board.
    """

    dataset: str
    space: GridSpace
    epochs: int
    validation_size: int
    wrong: NDArray[np.uint16]
    repeated: NDArray[np.int64]
    wrong_again: NDArray[np.uint16]
    seconds: NDArray[np.float32]
    costs: Mapping[str, Mapping[str, NDArray[np.float64]]]
    provenance: Json

    @classmethod
    def of(  # noqa: PLR0913 - the columns of a table
        cls,
        *,
        dataset: str,
        space: GridSpace,
        epochs: int,
        validation_size: int,
        errors: Sequence[Sequence[float]],
        repeated: Mapping[int, Sequence[Sequence[float]]],
        seconds: Sequence[float],
        costs: Mapping[str, Sequence[Json]],
        provenance: Json,
    ) -> Table:
        """A table of learning curves (errors as shares) and costs as plain values."""

        def counts(curves: Any) -> NDArray[np.uint16]:
            return np.round(np.asarray(curves, dtype=np.float64) * validation_size).astype(np.uint16)

        arrays = {
            accounting: {name: np.array([row[name] for row in rows], dtype=np.float64) for name in _COSTS}
            for accounting, rows in costs.items()
        }
        return cls(
            dataset=dataset,
            space=space,
            epochs=epochs,
            validation_size=validation_size,
            wrong=counts(errors),
            repeated=np.array(list(repeated), dtype=np.int64),
            wrong_again=counts(list(repeated.values())),
            seconds=np.array(seconds, dtype=np.float32),
            costs=arrays,
            provenance=provenance,
        )

    def __len__(self) -> int:
        """Networks."""
        return len(self.wrong)

    def curve(self, architecture: Architecture) -> tuple[float, ...]:
        """Validation error of a network after each epoch."""
        return tuple((self.wrong[self.space.index(architecture)] / self.validation_size).tolist())

    def needs(self, architecture: Architecture, accounting: str = "tflm") -> Costs:
        """What a network costs in an accounting."""
        row = self.space.index(architecture)
        values = {name: column[row] for name, column in self.costs[accounting].items()}
        return Costs(
            ram_bytes=int(values["ram_bytes"]),
            model_bytes=int(values["model_bytes"]),
            macs=int(values["macs"]),
            latency_s=float(values["latency_s"]),
        )

    def budget(self, accounting: str = "tflm") -> Budget:
        """The constraints that searches in the table are compared under, whatever the networks' errors are.

        RAM is bounded by what 40 % of the networks keep and the model by what half of them do, to two digits.
        """
        needs = self.costs[accounting]
        return Budget(
            ram_bytes=_two_digits(float(np.quantile(needs["ram_bytes"], RAM_SHARE))),
            model_bytes=_two_digits(float(np.quantile(needs["model_bytes"], MODEL_SHARE))),
        )

    def reference(self, accounting: str = "tflm") -> tuple[float, float, float]:
        """The reference point of hypervolumes: error, bytes of RAM, bytes of the model; all axes are divided by it."""
        budget = self.budget(accounting)
        return 1.0, float(budget.ram_bytes or 0), float(budget.model_bytes or 0)

    def equivalents(self, epochs: float) -> float:
        """Epochs that were spent, in full trainings."""
        return epochs / self.epochs

    def frame(self, accounting: str = "tflm") -> pd.DataFrame:
        """One row for each network, in the order of the space.

        Returns:
            Its choices; `val_error` after the whole training (0 to 1); `ram_bytes`, `model_bytes`, `macs`, `latency_s`;
            `seconds` that its training took.
        """
        labels = pd.DataFrame([self.space.labels(network) for network in self.space.architectures])
        return labels.assign(
            val_error=self.wrong[:, -1] / self.validation_size,
            **{name: self.costs[accounting][name] for name in _COSTS},
            seconds=self.seconds,
        )

    def errors(self) -> NDArray[np.float64]:
        """Validation error of every network after every epoch, shape (networks, epochs)."""
        return np.asarray(self.wrong / self.validation_size, dtype=np.float64)

    def save(self, file: Path) -> None:
        """Write the table as one compressed `.npz`."""
        head = {
            "dataset": self.dataset,
            "input_shape": list(self.space.input_shape),
            "num_classes": self.space.num_classes,
            "space": self.space.name,
            "validation_size": self.validation_size,
            "provenance": self.provenance,
        }
        columns = {f"{a} {name}": values for a, needs in self.costs.items() for name, values in needs.items()}
        arrays: dict[str, Any] = {
            "wrong": self.wrong,
            "repeated": self.repeated,
            "wrong_again": self.wrong_again,
            "seconds": self.seconds,
            **columns,
        }
        with atomic_writer(file) as whole:
            np.savez_compressed(whole, head=np.array(json.dumps(head)), **arrays)

    @classmethod
    def load(cls, file: Path) -> Table:
        """Read a table.

        Raises:
            TableError: the file is missing, or is no table.
        """
        try:
            with np.load(file, allow_pickle=False) as arrays:
                return cls._of_arrays({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise TableError(f"{file} is not a table of trained networks ({error}).") from None

    @classmethod
    def _of_arrays(cls, arrays: dict[str, Any]) -> Table:
        head: Json = json.loads(str(arrays["head"]))
        halved = head["space"] == "cnn-grid-halved"
        columns = {name: values for name, values in arrays.items() if " " in name}
        accountings = {name.partition(" ")[0] for name in columns}
        return cls(
            dataset=head["dataset"],
            space=GridSpace(head["input_shape"], head["num_classes"], halved=halved),
            epochs=arrays["wrong"].shape[1],
            validation_size=head["validation_size"],
            wrong=arrays["wrong"],
            repeated=arrays["repeated"],
            wrong_again=arrays["wrong_again"],
            seconds=arrays["seconds"],
            costs={a: {n: columns[f"{a} {n}"] for n in _COSTS} for a in sorted(accountings)},
            provenance=head["provenance"],
        )


def _two_digits(value: float) -> int:
    return int(float(f"{value:.1e}"))


def tables() -> tuple[str, ...]:
    """Names of the tables that are here."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.npz")))


def table(name: str) -> Table:
    """The table of that name.

    Raises:
        TableError: there is none.
    """
    if name not in tables():
        raise TableError(f"There is no table {name!r}; there is {', '.join(tables()) or 'none'}.")
    return Table.load(FOLDER / f"{name}.npz")
