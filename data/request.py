"""What the caller of `load` asks for, as every loader gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from data.errors import DataError, DatasetSizeError

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Request:
    """Sizes, seed and place of the data; `options` are the `key=value` pairs after the name's question mark.

    Attributes:
        train_size: number of training examples; None for all that are left.
        validation_size: number of validation examples; None for the data set's own choice.
        data_dir: a folder of local copies; None for none.
        seed: seed of every random choice.
        options: what else the name says, e.g. {"size": "96x96"}.
    """

    train_size: int | None = None
    validation_size: int | None = None
    data_dir: Path | None = None
    seed: int = 0
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def sizes(self, name: str, available: int, default_validation: int) -> tuple[int, int]:
        """(training, validation) sizes out of `available` examples beside the test set.

        The validation set does not depend on the training size: it has `default_validation` examples, but at most a
        quarter of `available`, unless another size is asked for.

        Raises:
            DatasetSizeError: if they are not positive or too large.
        """
        validation = self.validation_size
        if validation is None:
            validation = min(default_validation, max(1, available // 4))
        train = available - validation if self.train_size is None else self.train_size
        if train <= 0 or validation <= 0 or train + validation > available:
            raise DatasetSizeError(
                f"{name} has {available} examples beside its test set, which cannot be split into {train} for "
                f"training and {validation} for validation; ask for fewer"
            )
        return train, validation

    def only_options(self, name: str, *known: str) -> None:
        """Check that no other options were given than the known ones.

        Raises:
            DataError: names the first that is unknown.
        """
        for key in self.options:
            if key not in known:
                choice = f"it has {', '.join(known)}" if known else "it has none"
                raise DataError(f"data set {name!r} has no option {key!r}; {choice}")

    def share(self, key: str, default: float) -> float:
        """The number from 0 to 1 that an option gives, or the default.

        Raises:
            DataError: if it is none.
        """
        text = self.options.get(key, str(default))
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise DataError(f"{text!r} is no number from 0 to 1; write for example ?{key}=0.5")
        return value
