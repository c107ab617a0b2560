"""What was fitted to the measured latencies of one core and runtime, and the schema of the files that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from resource_models.errors import ResourceModelError

TERMS: dict[str, tuple[str, ...]] = {
    "conv": (
        "call",
        "macs",
        "outputs",
        "columns",
        "patches",
        "positions",
        "macs_tail",
        "columns_tail",
        "macs_unaligned",
    ),
    "pointwise": ("call", "macs", "outputs", "macs_tail"),
    "depthwise": ("call", "macs", "outputs", "patches"),
    "dense": ("call", "macs", "outputs"),
    "pool": ("call", "window_reads", "outputs"),
    "mean": ("call", "inputs"),
    "add": ("call", "elements"),
    "binary": ("call", "elements"),
    "unary": ("call", "elements"),
    "softmax": ("call", "elements"),
    "pad": ("call", "elements"),
    "copy": ("call", "elements"),
    "reshape": ("call", "elements"),
}
"""Per kind of kernel the names of the terms that have a coefficient, in their order; see `latency.kernel_work`."""

Coefficient = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Factor = Annotated[float, msgspec.Meta(gt=0, le=1e6)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Names = Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)]
_UNMEASURED = (0.4, 2.5)
INT8 = "int8"
"""Activations and weights of int8: what was measured unless a fit says otherwise."""


class LatencyFit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Coefficients of one core, runtime and element type, and what they rest on.

    Attributes:
        core: e.g. "Cortex-M7".
        runtime: The family of the runtime; may be left out in the runtime's own record.
        element_type: That of the networks measured, as `latency.element_types` names it.
        version: Of the runtime; the newest one comes first in a list of fits.
        applies_to: Microcontrollers by the start of their name; empty is every one with the core.
        measured: Those that were measured: on others the band is opened by the factors `transfer`.
        measured_on: In words.
        source: Where the measurements are from.
        samples: How many.
        cycles: Per kind of kernel the cycles per unit of each of its `TERMS`.
        band: Per kind the factors from the estimate to the ends of its band; 0.4 and 2.5 where it is left out.
        transfer: See `measured`.
        validation: Errors on data that was left out of the fit.
    """

    core: Text
    runtime: Text = ""
    element_type: Text = INT8
    version: Text = ""
    applies_to: Names = ()
    measured: Names = ()
    measured_on: Text = ""
    source: Text = ""
    samples: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0
    cycles: dict[str, tuple[Coefficient, ...]]
    band: dict[str, tuple[Factor, Factor]] = {}
    transfer: tuple[Factor, Factor] = (1.0, 1.0)
    validation: dict[str, Any] = {}

    def __post_init__(self) -> None:
        for kind, values in self.cycles.items():
            if kind not in TERMS:
                raise ValueError(f"there is no kind of kernel '{kind}'; there are {', '.join(TERMS)}")
            if len(values) != len(TERMS[kind]):
                wanted = ", ".join(TERMS[kind])
                raise ValueError(f"cycles of '{kind}' are {len(values)} numbers; they are {wanted}")

    def band_of(self, kind: str) -> tuple[float, float]:
        """Factors from the estimate of a kind of kernel to the ends of its band."""
        return self.band.get(kind, _UNMEASURED)

    @classmethod
    def by_macs(cls, *, cycles_per_mac: float, cycles_per_element: float, **fields: Any) -> LatencyFit:
        """A fit with two coefficients: for kernels that multiply, and for all others by the elements they read."""
        cycles = {
            kind: (0.0, cycles_per_mac if "macs" in terms else cycles_per_element, *[0.0] * (len(terms) - 2))
            for kind, terms in TERMS.items()
        }
        return cls(cycles=cycles, **fields)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    about: str
    entries: tuple[LatencyFit, ...]


def read_fits(path: Path) -> tuple[LatencyFit, ...]:
    """The fits in a file of coefficients, as `python -m resource_models.fitting` writes it.

    Raises:
        ResourceModelError: The file cannot be read or is not valid; says where.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).entries
    except OSError as error:
        raise ResourceModelError(f"Latency coefficients '{path}' cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ResourceModelError(f"Latency coefficients '{path}' are not valid: {error}.") from error


def fits_for(
    fits: Sequence[LatencyFit], core: str, mcu: str, version: str, element_type: str = INT8
) -> LatencyFit | None:
    """The first fit for this chip, else for its core; of that element type, and version unless it is the empty text."""
    for fit in fits:
        fitting = not fit.applies_to or any(mcu.startswith(name) for name in fit.applies_to)
        if (fit.core, fit.element_type) == (core, element_type) and version in ("", fit.version) and fitting:
            return fit
    return None
