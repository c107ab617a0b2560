"""Which data sets there are, and the one function that loads any of them by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from data import digits
from data.dataset import Dataset
from data.errors import DatasetUnavailableError, UnknownDatasetError


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What is known of a data set before it is loaded; `reason` says why it is not `available`."""

    name: str
    title: str
    input_shape: tuple[int, int, int]
    num_classes: int
    available: bool
    reason: str | None


def datasets() -> tuple[DatasetInfo, ...]:
    """Every data set known by name, those that cannot be loaded here included, with the reason."""
    reason = None if find_spec("sklearn") else "the package scikit-learn, which brings it, is not installed"
    return (
        DatasetInfo(
            name="digits",
            title="Handwritten digits (8×8)",
            input_shape=(8, 8, 1),
            num_classes=10,
            available=reason is None,
            reason=reason,
        ),
    )


def load(
    name: str,
    *,
    train_size: int | None = None,
    validation_size: int | None = None,
    data_dir: Path | str | None = None,
    seed: int = 0,
) -> Dataset:
    """Load a data set by name.

    Args:
        name: one of the names that `datasets` lists.
        train_size: number of training examples; by default all that are left.
        validation_size: number of validation examples; by default a share that the data set chooses.
        data_dir: a folder of local copies, for data sets that do not come with a package.
        seed: seed of the split, for data sets that come without one.

    Raises:
        UnknownDatasetError: if there is no data set of that name.
        DatasetUnavailableError: if its files or the package that reads them are missing.
        DatasetSizeError: if more examples are asked for than there are.
    """
    if data_dir is not None and not Path(data_dir).is_dir():
        raise DatasetUnavailableError(name, f"its folder of local copies, {data_dir}, is not a folder")
    known = {info.name: info for info in datasets()}
    if name not in known:
        raise UnknownDatasetError(name, tuple(known))
    if (reason := known[name].reason) is not None:
        raise DatasetUnavailableError(name, reason)
    return digits.load(train_size=train_size, validation_size=validation_size, seed=seed)
