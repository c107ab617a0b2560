"""What a self-test printed, read line by line."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from search.errors import DeployError

MARK = "unas-selftest"
_FIELD = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One whole self-test of one board.

    Attributes:
        network: name of the program.
        examples: how many it ran.
        failed: how many of them gave other bytes.
        first_different: the layer that the first failing one names.
        arena_bytes: of the static buffer.
        microseconds: of each inference on a validation example; empty where the board has no clock.
    """

    network: str
    examples: int
    failed: int
    first_different: str | None
    arena_bytes: int
    microseconds: tuple[int, ...]

    @property
    def milliseconds(self) -> float | None:
        """The median, None where the board has no clock."""
        return statistics.median(self.microseconds) / 1000 if self.microseconds else None


@dataclass(slots=True)
class _Gathered:
    """The lines of a self-test that is not over yet."""

    network: str
    numbers: list[int] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    microseconds: list[int] = field(default_factory=list)

    def add(self, said: dict[str, str]) -> None:
        """Take in the line of an example."""
        self.numbers.append(int(said["example"]))
        if said["ok"] != "1":
            self.layers.append(said["layer"])
        if said["kind"] == "validation" and "us" in said:
            self.microseconds.append(int(said["us"]))


def readings(lines: Iterable[str]) -> Iterator[Reading]:
    """Every whole self-test among the lines; other lines, and tests whose beginning or end is missing, are passed over.

    A board that is reset in the midst of a test begins a new one.

    Args:
        lines: of a serial port or a file.

    Raises:
        DeployError: a line of the self-test is damaged; it is quoted.
    """
    going: _Gathered | None = None
    for line in lines:
        if MARK not in line:
            continue
        said = dict(_FIELD.findall(line[line.rindex(MARK) :]))
        try:
            if said.get("example") == "0":
                going = _Gathered(said["network"])
            if going is None or going.network != said["network"]:
                going = None
            elif "example" in said:
                going.add(said)
            else:
                yield _reading(going, said)
                going = None
        except (KeyError, ValueError):
            raise DeployError(f"A line of the self-test is damaged: {line.strip()[:200]!r}; measure again.") from None


def _reading(going: _Gathered, said: dict[str, str]) -> Reading:
    count, failed, arena = int(said["done"]), int(said["failed"]), int(said["arena"])
    if going.numbers != list(range(count)) or failed != len(going.layers):
        raise DeployError(
            f"The self-test of {going.network} says {count} examples and {failed} failed, but {len(going.numbers)} "
            f"lines of examples came, {len(going.layers)} failed; lines were lost: measure again."
        )
    first = going.layers[0] if going.layers else None
    return Reading(going.network, count, failed, first, arena, tuple(going.microseconds))
