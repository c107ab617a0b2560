"""What may be asked for: each setting that costs something is bounded by what this machine has, or by what makes sense.

Bounds hold where somebody asks, not where a run is read: one that was begun on a larger machine opens here, and goes on
with what there is.
"""

from __future__ import annotations

import math
from typing import Protocol

from search.errors import SettingsError
from search.executors import DEFAULT as LOCAL
from search.executors import Machine

MOST_EPOCHS = 10_000
"""The order of all examples over all epochs is made before a training begins."""
MOST_SEEDS = 100
"""Of `finalise` for each network, and of a tournament for each entrant."""
MOST_WORKERS = 4096
"""On executors elsewhere, whose machines are not known here."""
BYTES_PER_SAMPLE = 100_000
"""What a network takes that is kept so as not to be drawn twice."""
BYTES_PER_VALUE = 4


class Costly(Protocol):
    """The settings of a run that cost something; `RunSettings` has them."""

    @property
    def workers(self) -> int | None:
        """Processes; None for as many as the machine allows."""
        ...

    @property
    def executor(self) -> str:
        """The name of what trainings run on."""
        ...

    @property
    def epochs(self) -> int:
        """Of a full training."""
        ...

    @property
    def train_size(self) -> int | None:
        """Training examples; None for those that the data set has."""
        ...

    @property
    def validation_size(self) -> int | None:
        """Validation examples; None for those that the data set has."""
        ...


def check_settings(settings: Costly, input_shape: tuple[int, int, int], *, machine: Machine | None = None) -> None:
    """Refuse what cannot be carried.

    Args:
        settings: that were asked for.
        input_shape: of an example.
        machine: by default this one.

    Raises:
        SettingsError: names the setting and the most that it may be.
    """
    machine = machine or Machine.here()
    if settings.workers is not None:
        check_workers(settings.workers, executor=settings.executor, machine=machine)
    check_count("--epochs", settings.epochs, MOST_EPOCHS, "a training may last")
    values = math.prod(input_shape)
    most = machine.memory_bytes // (BYTES_PER_VALUE * values)
    for name, size in (("--train-size", settings.train_size), ("--validation-size", settings.validation_size)):
        if size is not None and size > most:
            raise SettingsError(
                f"{name}: {size:,} examples of {values:,} values are more than this machine can hold; it has "
                f"{machine}: at most {most:,}."
            )


def check_workers(workers: int, *, executor: str = LOCAL, machine: Machine | None = None) -> None:
    """Refuse more workers than can be carried, or none.

    Raises:
        SettingsError: names the most that there may be.
    """
    if workers < 1:
        raise SettingsError(f"--workers must be at least 1, not {workers}.")
    if executor != LOCAL:
        check_count("--workers", workers, MOST_WORKERS, "an executor may have")
        return
    machine = machine or Machine.here()
    if workers > machine.most_workers:
        raise SettingsError(
            f"--workers: {workers:,} is more than this machine can carry; it has {machine}: at most "
            f"{machine.most_workers}."
        )


def usable_workers(settings: Costly, *, machine: Machine | None = None) -> int:
    """As many workers as a run has: those that were asked for, as far as the machine can carry them."""
    machine = machine or Machine.here()
    if settings.workers is None:
        return machine.default_workers
    return settings.workers if settings.executor != LOCAL else min(settings.workers, machine.most_workers)


def fewer_workers(settings: Costly, *, machine: Machine | None = None) -> str:
    """The sentence that says that a run has fewer workers than it was begun with; empty where it has not."""
    machine = machine or Machine.here()
    usable = usable_workers(settings, machine=machine)
    if settings.workers is None or usable == settings.workers:
        return ""
    return (
        f"This run was begun with {settings.workers:,} workers; it goes on with {usable}, which is what this machine "
        f"can carry: it has {machine}."
    )


def check_seeds(seeds: int) -> None:
    """Refuse less than one seed, and more than anybody needs.

    Raises:
        SettingsError: says how many there may be.
    """
    if seeds < 1:
        raise SettingsError(f"--seeds must be at least 1, not {seeds}.")
    check_count("--seeds", seeds, MOST_SEEDS, "there may be")


def check_samples(count: int, *, machine: Machine | None = None) -> None:
    """Refuse more random networks than can be told apart in half of the memory.

    Raises:
        SettingsError: says how many there may be.
    """
    machine = machine or Machine.here()
    most = max(1, machine.memory_bytes // 2 // BYTES_PER_SAMPLE)
    if count > most:
        raise SettingsError(
            f"--count: {count:,} networks are more than this machine can tell apart; it has {machine}: "
            f"at most {most:,}."
        )


def check_count(option: str, count: int, most: int, words: str) -> None:
    """Refuse a number above a bound.

    Raises:
        SettingsError: names the option and the bound.
    """
    if count > most:
        raise SettingsError(f"{option}: {count:,} is too many; {words} at most {most:,}.")
