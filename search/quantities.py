"""The quantities of a network: one table that budgets, options, axes, columns, scales and JSON keys are made from.

A quantity is added here and nowhere else. Its value is what `Costs` has under its key, so that one which the cost model
does not know yet needs a property there. See `QUANTITIES` for those there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, Protocol

from resource_models import (
    Board,
    Estimate,
    Missing,
    ResourceReport,
    UnitError,
    format_bytes,
    format_count,
    format_joules,
    format_seconds,
    format_share,
    parse_bytes,
    parse_count,
    parse_joules,
    parse_seconds,
    parse_share,
    power_reason,
)
from search.errors import BudgetError


class HasCosts(Protocol):
    """Anything that carries the costs of one network, e.g. `resource_models.Costs`."""

    @property
    def ram_bytes(self) -> int:
        """RAM, in bytes."""
        ...

    @property
    def model_bytes(self) -> int:
        """Flash for the model, in bytes."""
        ...

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference."""
        ...

    @property
    def latency_s(self) -> float | None:
        """Latency of one inference, in seconds; None where it is not known."""
        ...

    @property
    def energy_j(self) -> float | None:
        """Energy of one inference, in joules; None where it is not known."""
        ...


class Parse(Protocol):
    """Reads a text or number as an amount in base units; `bare` is the unit of a text that names none."""

    def __call__(self, value: Any, *, bare: str = "") -> float: ...


@dataclass(frozen=True, slots=True)
class Amount:
    """One kind of amount: how it is read, and how it is written for people.

    Attributes:
        unit: on axes and beside fields, e.g. "KiB"; `parse` knows it.
        scale: one `unit` in base units (bytes, seconds, joules, share).
        parse: reads it; raises `UnitError`.
        format: writes it with at most three figures, e.g. "24 KiB".
        whole: whether it is a whole number of base units.
        exactly: the unit in which the exact value is written: the base unit where it is whole, `unit` otherwise.
        note: how it is known exactly; empty where it is estimated or measured.
    """

    unit: str
    scale: float
    parse: Parse
    format: Callable[[float], str]
    whole: bool = False
    exactly: str = ""
    note: str = ""

    def number(self, value: float, figures: int = 6) -> str:
        """The number of an exact value, without its unit: "24,576", or as many figures as are asked for."""
        return f"{round(value):,}" if self.whole else f"{value / self.scale:.{figures}g}"

    def exact(self, value: float) -> str:
        """The exact value with its unit, e.g. "24,576 bytes"."""
        return f"{self.number(value)} {self.exactly or self.unit}"


BYTES = Amount("KiB", 1024, parse_bytes, format_bytes, whole=True, exactly="bytes")
SECONDS = Amount("ms", 0.001, parse_seconds, format_seconds)
JOULES = Amount("mJ", 0.001, parse_joules, format_joules)
SHARE = Amount("%", 0.01, parse_share, format_share)
COUNT = Amount(
    "MACs",
    1,
    parse_count,
    lambda count: f"{format_count(count)} MACs",
    whole=True,
    exactly="multiply-accumulates",
    note="counted from the layers",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """That a budget may bound a quantity, and what the bound looks like.

    Attributes:
        option: of the commands, e.g. "--ram"; `Budget.parse` has an argument of that name, "_" for "-" within it.
        help: what the option is, with an example.
        slider: the values of a slider, ascending, in base units.
        from_board: whether a board fills it in.
        default: bound that a board fills in as a default: it keeps networks out, and ranks none. None: what a board
            fills in is a bound like one that a person sets.
        field: whether it has a field in the Workbench.
        lacks: why there is no figure of it on a board, or on none; empty where there may be one.
    """

    option: str
    help: str
    slider: tuple[float, ...]
    from_board: bool = False
    default: float | None = None
    field: bool = True
    lacks: Callable[[Board | None], str] = lambda _board: ""


@dataclass(frozen=True, slots=True, repr=False)
class Quantity:
    """One quantity of a network.

    Attributes:
        key: its name in costs, budgets, data frames, CSV and JSON.
        title: what it is, e.g. "Energy of one inference".
        word: what people call it in short, e.g. "energy".
        amount: how it is read and written.
        column: its place among the columns.
        bound: that it may be bounded, and how; None where it may not.
        axis: whether pictures may be drawn over it.
        log: whether an axis of it may be logarithmic.
        better: whether networks are better that have less of it, or more. What is bounded or drawn over is better
            lower; of others the complement is taken, as the error is that of the accuracy.
        estimate: its value in a full report with band and method; None takes what has its key there, without a band.
        reason: why the costs of a network lack it.
        unknown: what is said where no reason is known.
    """

    key: str
    title: str
    word: str
    amount: Amount
    column: int
    bound: Bound | None = None
    axis: bool = True
    log: bool = False
    better: Literal["lower", "higher"] = "lower"
    estimate: Callable[[ResourceReport], Estimate | Missing] | None = None
    reason: Callable[[Any], str | None] = lambda _costs: None
    unknown: str = "unknown"

    def __post_init__(self) -> None:
        if self.better == "higher" and (self.axis or self.bound is not None):
            raise ValueError(f"{self.key} is better when it is higher: it may be a column, no axis and no bound.")

    def __repr__(self) -> str:
        return f"<{self.key}>"

    def __reduce__(self) -> tuple[Callable[[str], Quantity], tuple[str]]:
        return quantity, (self.key,)

    @property
    def option(self) -> str:
        """The option of the commands that bounds it; empty where none does."""
        return "" if self.bound is None else self.bound.option

    @property
    def argument(self) -> str:
        """The argument of `Budget.parse` that bounds it, e.g. "ram"."""
        return self.option.removeprefix("--").replace("-", "_")

    @property
    def default_key(self) -> str:
        """The field of a `Budget` for a bound by default, e.g. "default_latency_s"; empty where there is none such."""
        return "" if self.bound is None or self.bound.default is None else f"default_{self.key}"

    @property
    def unit(self) -> str:
        """The unit that stands beside a field; empty where it is the word itself."""
        return "" if self.amount.unit == self.word else self.amount.unit

    def read(self, text: object, *, bare: str = "") -> float | int | None:
        """The number in `text`; None for "none" and the empty text.

        Args:
            text: an amount with its unit, or a number in base units.
            bare: the unit of a text that names none: in a form the one that stands beside the field.

        Raises:
            BudgetError: the text is not an amount of this quantity.
        """
        if text is None or (isinstance(text, str) and text.strip().lower() in ("", "none")):
            return None
        try:
            number = self.amount.parse(text, bare=bare)
        except UnitError as error:
            raise BudgetError(f"{self.option}: {error}") from None
        if not number > 0:
            raise BudgetError(f"{self.option}: {text!r} is not above zero; a budget must leave room for a network.")
        return number

    def show(self, value: float) -> str:
        """`value` with its unit, as people read it."""
        return self.amount.format(value)

    def of(self, observation: Any) -> float | None:
        """What a trial has of it, in base units; None where it is unknown."""
        value: float | None = getattr(observation if self is ERROR else observation.costs, self.key)
        return value

    def known(self, report: ResourceReport) -> Estimate | Missing | float | None:
        """What a report says of it: with band and method where it is estimated, and as it is where it is exact."""
        if self.estimate is not None:
            return self.estimate(report)
        value: float | None = getattr(report, self.key)
        return value


def octaves(start: float, count: int) -> tuple[float, ...]:
    """Round values of a slider over so many doublings, four to each."""
    return (*(start * 2**k * m for k in range(count) for m in (1.0, 1.25, 1.5, 1.75)), start * 2**count)


def decades(start: float, count: int) -> tuple[float, ...]:
    """Round values of a slider over so many powers of ten, six to each."""
    return (*(start * 10**k * m for k in range(count) for m in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)), start * 10**count)


DEFAULT_LATENCY_S = 1.0
"""What nobody waits for longer, unless told otherwise."""
ERROR = Quantity(
    key="val_error",
    title="Validation error",
    word="error",
    amount=SHARE,
    column=0,
    log=True,
    unknown="not trained, so there is no error",
)
QUANTITIES: tuple[Quantity, ...] = (
    ERROR,
    Quantity(
        key="ram_bytes",
        title="RAM of the arena, or the activations' peak",
        word="RAM",
        amount=BYTES,
        column=1,
        bound=Bound("--ram", "RAM, e.g. 16KiB.", octaves(512, 11), from_board=True),
        estimate=attrgetter("ram"),
    ),
    Quantity(
        key="model_bytes",
        title="Flash for the model",
        word="flash",
        amount=BYTES,
        column=2,
        bound=Bound("--flash", "Flash for the model, e.g. 64KiB.", octaves(1024, 12), from_board=True),
        estimate=attrgetter("model"),
    ),
    Quantity(
        key="latency_s",
        title="Latency of one inference",
        word="latency",
        amount=SECONDS,
        column=4,
        bound=Bound(
            "--latency", "One inference, e.g. 20ms.", decades(1e-4, 5), from_board=True, default=DEFAULT_LATENCY_S
        ),
        estimate=attrgetter("latency"),
        reason=attrgetter("latency_reason"),
    ),
    Quantity(
        key="macs",
        title="Multiply-accumulates of one inference",
        word="MACs",
        amount=COUNT,
        column=3,
        bound=Bound("--macs", "Multiply-accumulates, e.g. 1M.", decades(1e3, 5), field=False),
    ),
    Quantity(
        key="energy_j",
        title="Energy of one inference",
        word="energy",
        amount=JOULES,
        column=5,
        bound=Bound("--energy", "Energy of one inference, e.g. 2mJ.", decades(1e-6, 6), lacks=power_reason),
        estimate=attrgetter("energy"),
        unknown="no estimate of the energy: it needs a latency and the board's power",
    ),
)
"""Everything that is known of a network, in the order of lists."""
RESOURCES = tuple(q for q in QUANTITIES if q.bound is not None)
"""What a budget may bound."""
DEFAULTED = tuple(q for q in RESOURCES if q.default_key)
"""What has a bound by default where a board has figures of it."""
COLUMNS = tuple(sorted(QUANTITIES, key=attrgetter("column")))
"""The quantities in the order of columns; those that came later stand behind, so that old tables read alike."""
Resource = Quantity


def quantity(key: str) -> Quantity:
    """The quantity of that key.

    Raises:
        KeyError: there is none.
    """
    return _BY_KEY[key]


_BY_KEY = {found.key: found for found in QUANTITIES}
