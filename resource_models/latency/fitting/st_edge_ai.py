"""ST Edge AI Core (X-CUBE-AI before version 10) on Cortex-M4, M33 and M7, from whole networks.

Only whole networks are published, and few per core and version, so the cost per term is shared by all of them and
each core and version has one factor on it: of the core, of the version, and of both together as far as its own
networks demand. Terms that the networks cannot tell apart stay near a prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resource_models.latency.fitting.fit_arithmetic import Cycles, fit_of, rounded_cycles
from resource_models.latency.fitting.measurements import NetworkSample, total_macs
from resource_models.latency.fitting.validation import Errors, band, coverage, errors, leave_out
from resource_models.latency.least_squares import Array, fit_relative
from resource_models.runtimes.latency_fit import TERMS, LatencyFit

PRIOR: Cycles = {
    "conv": [2000, 1.2, 15, 0.0, 30, 0.0, 0.0, 0.0, 0.0],
    "pointwise": [2000, 0.9, 15, 0.0],
    "depthwise": [2000, 6, 20, 0.0],
    "dense": [2000, 1.8, 10],
    "pool": [2000, 4, 0.0],
    "mean": [2000, 8],
    "add": [2000, 15],
    "binary": [2000, 15],
    "unary": [2000, 15],
    "softmax": [2000, 15],
    "pad": [2000, 3],
    "copy": [2000, 3],
    "reshape": [0.0, 0.0],
}
"""Cycles on a Cortex-M7 of the size that the table of MACs by type in published fits suggests; 0 is not fitted."""

_SHARED = (("add.1", "binary.1", "unary.1", "softmax.1"), ("pad.1", "copy.1"))
"""Terms with one coefficient for all: networks do not tell them apart."""

_STRENGTH = 0.3
_OWN_NETWORKS = 0.5
"""A core-and-version factor counts its own networks against this many that say it has none."""

_MCUS = {
    "Cortex-M4F": ["STM32L4R5"],
    "Cortex-M33": ["STM32U575", "STM32U585", "STM32U385"],
    "Cortex-M7": ["STM32H747", "STM32F769", "STM32H7A3"],
}
VERSIONS = ("10", "9.0", "8.1", "8.0", "7.3", "7.1")
"""Newest first; 10 stands for 10.0 to 10.2 and ST Edge AI Core of the same kernels."""

RECENT = ("10", "9.0", "8.1")

_SAME_FAMILY = {"st-stmnist": "st-st_mnist", "st-st_ssd_mobilenet_v1": "st-ssd_mobilenetv1"}


@dataclass(frozen=True, slots=True)
class Case:
    """One network on one core in one version; repeated measurements are put together as their median."""

    core: str
    version: str
    family: str
    terms: tuple[float, ...]
    macs: int
    cycles: float


@dataclass(frozen=True, slots=True)
class Model:
    """Cycles = factor of core and version x shared cost of the terms."""

    coefficients: tuple[float, ...]
    cores: dict[str, float]
    versions: dict[str, float]
    cells: dict[tuple[str, str], float]

    def factor(self, core: str, version: str) -> float:
        """Factor of this core and version; main effects alone where the pair has no data."""
        log = self.cores.get(core, 0.0) + self.versions.get(version, 0.0) + self.cells.get((core, version), 0.0)
        return math.exp(log)

    def __call__(self, case: Case) -> float:
        cost = sum(map(float.__mul__, self.coefficients, case.terms))
        return self.factor(case.core, case.version) * cost


def entries(networks: Sequence[NetworkSample]) -> list[LatencyFit]:
    """One entry per core and version with data."""
    cases = collect(networks)
    model = fit(cases)
    predicted = leave_out(cases, _family, fit)
    by_macs = leave_out(cases, _family, fit_macs)
    return [_entry(core, version, model, cases, predicted, by_macs) for core, version in _cells(cases)]


def collect(networks: Sequence[NetworkSample]) -> list[Case]:
    """The networks of this runtime with layer list, clock and version."""
    grouped: dict[tuple[str, str, str, tuple[float, ...], int, str], list[float]] = {}
    for sample in networks:
        version = version_of(sample)
        if version and sample.works and sample.clock_hz and sample.core in _MCUS:
            key = (sample.core, version, sample.family, _terms(sample), total_macs(sample.works), sample.board)
            grouped.setdefault(key, []).append(sample.cycles)
    return [Case(*key[:5], float(np.median(cycles))) for key, cycles in grouped.items()]


def version_of(sample: NetworkSample) -> str:
    """The entry of ``VERSIONS`` that a measurement belongs to; the empty string when it is of another runtime."""
    if not any(name in sample.runtime for name in ("X-CUBE-AI", "ST Edge AI")):
        return ""
    major, _, rest = sample.version.partition(".")
    if sample.version.startswith("4.0") or major == "10":
        return "10"
    short = f"{major}.{rest.partition('.')[0]}"
    return short if short in VERSIONS else ""


_FITTED = tuple(f"{kind}.{i}" for kind, values in PRIOR.items() for i, value in enumerate(values) if value > 0)


def _columns() -> dict[str, int]:
    """Column of every fitted term; ``call`` is one column for all kinds, and so are the shared terms."""
    first = {name: group[0] for group in _SHARED for name in group}
    names = ["call" if name.endswith(".0") else first.get(name, name) for name in _FITTED]
    order = {name: index for index, name in enumerate(dict.fromkeys(names))}
    return {term: order[name] for term, name in zip(_FITTED, names, strict=True)}


_COLUMN = _columns()


def _terms(sample: NetworkSample) -> tuple[float, ...]:
    row = [0.0] * (max(_COLUMN.values()) + 1)
    for work in sample.works:
        for index, term in enumerate(work.terms):
            column = _COLUMN.get(f"{work.kind}.{index}")
            if column is not None:
                row[column] += term
    return tuple(row)


def _prior() -> Array:
    prior = np.zeros(max(_COLUMN.values()) + 1)
    for term, column in _COLUMN.items():
        kind, index = term.split(".")
        prior[column] = PRIOR[kind][int(index)]
    return prior


def fit(cases: Sequence[Case], rounds: int = 8) -> Model:
    """Factors and shared coefficients in turn until they agree."""
    terms = np.array([case.terms for case in cases])
    cycles = np.array([case.cycles for case in cases])
    coefficients = prior = _prior()
    model = Model((), {}, {}, {})
    for _ in range(rounds):
        model = _with_factors(cases, np.log(cycles / (terms @ coefficients)), coefficients)
        factors = np.array([model.factor(case.core, case.version) for case in cases])
        coefficients = fit_relative(terms, cycles / factors, prior=prior, strength=_STRENGTH)
    return _with_factors(cases, np.log(cycles / (terms @ coefficients)), coefficients)


def _with_factors(cases: Sequence[Case], residual: Array, coefficients: Array) -> Model:
    """Splits log residuals into core + version + what is left of the pair, drawn to zero."""
    core_of = np.array([case.core for case in cases])
    version_of_case = np.array([case.version for case in cases])
    cores = dict.fromkeys(core_of.tolist(), 0.0)
    versions = dict.fromkeys(version_of_case.tolist(), 0.0)
    for _ in range(20):
        rest = residual - np.array([versions[v] for v in version_of_case.tolist()])
        cores = {core: float(rest[core_of == core].mean()) for core in cores}
        rest = residual - np.array([cores[c] for c in core_of.tolist()])
        versions = {version: float(rest[version_of_case == version].mean()) for version in versions}
    rest = residual - np.array([cores[c.core] + versions[c.version] for c in cases])
    cells = {}
    for core, version in dict.fromkeys((case.core, case.version) for case in cases):
        chosen = (core_of == core) & (version_of_case == version)
        cells[core, version] = float(rest[chosen].sum() / (chosen.sum() + _OWN_NETWORKS))
    return Model(tuple(coefficients.tolist()), cores, versions, cells)


@dataclass(frozen=True, slots=True)
class _MacsModel:
    per_mac: dict[tuple[str, str], float]
    otherwise: float

    def __call__(self, case: Case) -> float:
        return self.per_mac.get((case.core, case.version), self.otherwise) * case.macs


def fit_macs(cases: Sequence[Case]) -> _MacsModel:
    """The model to beat: MACs x a constant of the core and version (median)."""
    ratios: dict[tuple[str, str], list[float]] = {}
    for case in cases:
        ratios.setdefault((case.core, case.version), []).append(case.cycles / case.macs)
    return _MacsModel(
        {cell: float(np.median(values)) for cell, values in ratios.items()},
        float(np.median([case.cycles / case.macs for case in cases])),
    )


def _family(case: Case) -> str:
    return _SAME_FAMILY.get(case.family, case.family)


def _entry(
    core: str, version: str, model: Model, cases: Sequence[Case], predicted: Sequence[float], by_macs: Sequence[float]
) -> LatencyFit:
    own = [i for i, case in enumerate(cases) if (case.core, case.version) == (core, version)]
    recent = [i for i, case in enumerate(cases) if case.version in RECENT]
    limits = _band(core, version, cases, predicted)
    families = sorted({cases[i].family for i in own})
    return fit_of(
        core=core,
        runtime="st-edge-ai",
        version=version,
        applies_to=[],
        measured=_MCUS[core],
        measured_on=f"{', '.join(_MCUS[core])} ({len(own)} networks of {len(families)} families)",
        source="github:STMicroelectronics/stm32ai-modelzoo READMEs; github:mlcommons/tiny_results_v0.7 to v1.3",
        samples=len(own),
        cycles=_spread(model, core, version),
        band=dict.fromkeys(TERMS, limits),
        transfer=(0.87, 1.15),
        validation={
            "left_out": "whole families of networks, of all cores and versions",
            "networks": _summary(own, cases, predicted),
            "networks_8.1_and_later": _summary(recent, cases, predicted),
            "macs_times_constant_8.1_and_later": _summary(recent, cases, by_macs),
            "band_holds": coverage([predicted[i] for i in own], [cases[i].cycles for i in own], [limits for _ in own]),
            "families": {
                family: _summary([i for i in own if cases[i].family == family], cases, predicted) for family in families
            },
        },
    )


def _summary(at: Sequence[int], cases: Sequence[Case], predicted: Sequence[float]) -> Errors:
    return errors([predicted[i] for i in at], [cases[i].cycles for i in at])


def _band(core: str, version: str, cases: Sequence[Case], predicted: Sequence[float]) -> tuple[float, float]:
    """One band for pairs with many families, from all such pairs; a wider one where the pair has few."""
    families = {cell: len({c.family for c in cases if (c.core, c.version) == cell}) for cell in _cells(cases)}
    many = families[core, version] >= 5
    at = [i for i, case in enumerate(cases) if not many or families[case.core, case.version] >= 5]
    return band([predicted[i] for i in at], [cases[i].cycles for i in at], floor=0.2 if many else 0.35)


def _cells(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Pairs of core and version with data, newest version first."""
    return sorted({(case.core, case.version) for case in cases}, key=lambda c: (c[0], VERSIONS.index(c[1])))


def _spread(model: Model, core: str, version: str) -> Cycles:
    factor = model.factor(core, version)
    cycles: Cycles = {kind: [0.0] * len(values) for kind, values in PRIOR.items()}
    for term, column in _COLUMN.items():
        kind, index = term.split(".")
        cycles[kind][int(index)] = model.coefficients[column] * factor
    return rounded_cycles(cycles)
