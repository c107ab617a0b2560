"""TensorFlow Lite Micro with CMSIS-NN: Cortex-M4F and M33 from single layers, Cortex-M7 by transfer.

Convolutions, additions, means and softmax are fitted to the layers measured by MicroNas on three boards. The other
kernels have no published single-layer measurement:

- depthwise: the steps are those of a convolution (im2col to 16 bits, multiply-accumulate, requantise), so the fitted
  costs of these steps are put together anew; only, every output channel pays for its own column;
- fully connected: the dense networks of EdgeMark on the NUCLEO-L4R5ZI;
- pooling, padding and copies: instruction counts of the kernels, with bands to match.

None of the networks that the model is checked on (DS-CNN and the autoencoder on the NUCLEO-L4R5ZI, mcunet-vww1 on an
STM32H743, two MobileNetV2 on Cortex-M7) has a part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from resource_models.latency.fitting.fit_arithmetic import Cycles, fit_of, predict, rounded_cycles
from resource_models.latency.fitting.measurements import LayerSample, NetworkSample, total_macs
from resource_models.latency.fitting.mobilenet import mobilenet_v2
from resource_models.latency.fitting.validation import Errors, band, coverage, errors, folds, leave_out, rounded
from resource_models.latency.kernel_work import Work
from resource_models.latency.least_squares import fit_relative
from resource_models.runtimes.latency_fit import TERMS, LatencyFit

FITTED = ("conv", "pointwise", "add", "mean", "softmax")

PRIOR: Cycles = {
    "conv": [1500, 2.6, 60, 4, 80, 150, 2.9, 2.0, 0.2],
    "pointwise": [2000, 2.1, 55, 2.5],
    "add": [1500, 120],
    "mean": [1500, 170],
    "softmax": [1500, 750],
    "depthwise": [2000, 7, 75, 95],
    "dense": [2000, 4, 30],
    "pool": [2000, 6, 25],
    "binary": [2000, 60],
    "unary": [2000, 40],
    "pad": [2000, 10],
    "copy": [2000, 3],
    "reshape": [1000, 1],
}
"""Cycles on a Cortex-M4F where nothing better is known, counted from the inner loops of the kernels."""

WIDE_BANDS = {
    "depthwise": (0.65, 1.35),
    "dense": (0.7, 1.3),
    "pool": (0.4, 2.2),
    "binary": (0.4, 2.2),
    "unary": (0.3, 4.0),
    "pad": (0.2, 2.0),
    "copy": (0.3, 3.0),
    "reshape": (0.2, 2.0),
}
"""Bands of the kernels without single-layer measurements."""

_STRENGTH = 1e-3
_CALL_STRENGTH = 0.3
_TAIL_STRENGTH = 0.1
"""Only the nRF52832 was measured with 2, 3, 5, … channels; its tail terms are the prior of the other boards."""
_TRANSFER = (0.85, 1.2)
_SOURCE = "github:tk-king/MicroNas lookUp records (TFLM + CMSIS-NN of 2023, -Ofast)"


@dataclass(frozen=True, slots=True)
class _Board:
    name: str
    label: str
    core: str
    applies_to: tuple[str, ...]
    measured: str


_BOARDS = (
    _Board("NUCLEO-F446RE", "NUCLEO-F446RE", "Cortex-M4F", ("STM32F446",), "STM32F446"),
    _Board("Arduino Nicla Sense ME", "nRF52832 (Arduino Nicla Sense ME)", "Cortex-M4F", ("nRF52",), "nRF52832"),
    _Board("NUCLEO-L552ZE-Q", "NUCLEO-L552ZE-Q", "Cortex-M33", (), "STM32L552"),
)


def entries(layers: Sequence[LayerSample], networks: Sequence[NetworkSample]) -> list[LatencyFit]:
    """The entries of this runtime, most specific first."""
    samples = {board.name: [s for s in layers if s.board == board.name] for board in _BOARDS}
    first = samples["NUCLEO-F446RE"]
    base = _with_borrowed(fit_kernels(first), networks)
    result = [_board_entry(board, samples[board.name], base) for board in _BOARDS]
    return [*result, _core_entry(result[0], networks), _m7_entry(base, networks)]


def fit_kernels(samples: Sequence[LayerSample]) -> Cycles:
    """Coefficients of every kind in ``FITTED`` from single layers."""
    fitted: Cycles = {}
    for kind in FITTED:
        chosen = [sample for sample in samples if sample.work.kind == kind]
        if not chosen:
            fitted[kind] = list(PRIOR[kind])
            continue
        terms = np.array([sample.work.terms for sample in chosen], dtype=float)
        cycles = np.array([sample.cycles for sample in chosen])
        strength = np.full(terms.shape[1], _STRENGTH)
        strength[0] = _CALL_STRENGTH
        if kind == "conv":
            strength[TERMS[kind].index("macs_tail") :] = _TAIL_STRENGTH
        fitted[kind] = list(fit_relative(terms, cycles, prior=np.array(PRIOR[kind]), strength=strength))
    fitted["depthwise"] = _depthwise(dict(zip(TERMS["conv"], fitted["conv"], strict=True)))
    return fitted


def _depthwise(conv: dict[str, float]) -> list[float]:
    """Call, macs, outputs and patches of a depthwise convolution from the same steps of a convolution."""
    return [conv["call"], conv["columns"] + conv["macs"], conv["outputs"], conv["patches"]]


def cross_validate(samples: Sequence[LayerSample]) -> tuple[list[float], list[float]]:
    """Predictions with whole kernel x channel groups left out, and those of MACs x constant in the same way."""
    fold_of = folds([sample.group for sample in samples], 10)

    def fold(sample: LayerSample) -> str:
        return fold_of[sample.group]

    def fit(rest: Sequence[LayerSample]) -> _Predictor:
        return _Predictor(fit_kernels(rest))

    def fit_macs(rest: Sequence[LayerSample]) -> _MacsPredictor:
        return _MacsPredictor(float(np.median([s.cycles / s.work.macs for s in rest if s.work.macs])))

    return leave_out(samples, fold, fit), leave_out(samples, fold, fit_macs)


@dataclass(frozen=True, slots=True)
class _Predictor:
    cycles: Cycles

    def __call__(self, sample: LayerSample) -> float:
        return predict(self.cycles, (sample.work,))


@dataclass(frozen=True, slots=True)
class _MacsPredictor:
    cycles_per_mac: float

    def __call__(self, sample: LayerSample) -> float:
        return max(self.cycles_per_mac * sample.work.macs, 1.0)


def _with_borrowed(fitted: Cycles, networks: Sequence[NetworkSample]) -> Cycles:
    """The fitted kernels and, for a Cortex-M4F, the kernels that whole networks tell about."""
    cycles = {kind: list(fitted.get(kind, PRIOR[kind])) for kind in TERMS}
    cycles["dense"] = _dense(networks)
    return cycles


def _dense(networks: Sequence[NetworkSample]) -> list[float]:
    """From the fully connected networks of EdgeMark; their layer widths are not stated, so outputs keep the prior."""
    chosen = [
        sample
        for sample in networks
        if sample.family == "edgemark-fc" and sample.board == "NUCLEO-L4R5ZI" and sample.build == "TFLM + STM"
        if sample.runtime == "TFLM" and sample.macs > 5000
    ]
    cycles = np.array([sample.latency_s * 120e6 for sample in chosen])
    terms = np.array([[1.0, sample.macs] for sample in chosen])
    per_mac = fit_relative(terms, cycles, prior=np.array([12000.0, 4.0]), strength=0.1)[1]
    return [PRIOR["dense"][0], float(per_mac), PRIOR["dense"][2]]


def m7_factor(networks: Sequence[NetworkSample]) -> float:
    """Cycles of a Cortex-M7 per cycle of a Cortex-M4F: same network, F746ZG or F767ZI against F446RE (MicroNets)."""
    chosen = [sample for sample in networks if sample.source == "micronets_paper_table4"]
    base = {sample.model: sample.cycles for sample in chosen if sample.board == "NUCLEO-F446RE"}
    ratios = [s.cycles / base[s.model] for s in chosen if s.core == "Cortex-M7" and s.model in base]
    return float(np.median(ratios))


def _relative_speed(samples: Sequence[LayerSample], base: Cycles) -> float:
    """Cycles of this board per cycle of the base, on its convolutions."""
    return float(np.median([s.cycles / predict(base, (s.work,)) for s in samples if s.work.macs]))


def _scaled(base: Cycles, fitted: Cycles, factor: float) -> Cycles:
    return {kind: fitted.get(kind) or [value * factor for value in base[kind]] for kind in TERMS}


def _bands(samples: Sequence[LayerSample], predicted: Sequence[float], floor: float) -> dict[str, tuple[float, float]]:
    bands = dict(WIDE_BANDS)
    for kind in FITTED:
        at = [index for index, sample in enumerate(samples) if sample.work.kind == kind]
        if at:
            bands[kind] = band([predicted[i] for i in at], [samples[i].cycles for i in at], floor=floor)
        if len(at) < 10:
            bands[kind] = (0.8, 1.25)
    return bands


def _board_entry(board: _Board, samples: Sequence[LayerSample], base: Cycles) -> LatencyFit:
    fitted = fit_kernels(samples)
    predicted, by_macs = cross_validate(samples)
    cycles = [sample.cycles for sample in samples]
    limits = _bands(samples, predicted, 0.05)
    convolutions = [index for index, sample in enumerate(samples) if sample.work.macs]
    return fit_of(
        core=board.core,
        runtime="tflm-cmsis-nn",
        version="2023",
        applies_to=list(board.applies_to),
        measured=[board.measured],
        measured_on=board.label,
        source=_SOURCE,
        samples=len(samples),
        cycles=rounded_cycles(_scaled(base, fitted, _relative_speed(samples, base))),
        band=limits,
        transfer=_TRANSFER,
        validation={
            "left_out": "kernel x channel groups, a tenth at a time",
            "single_layers": errors(predicted, cycles),
            "macs_times_constant": errors([by_macs[i] for i in convolutions], [cycles[i] for i in convolutions]),
            "band_holds": coverage(predicted, cycles, [limits[sample.work.kind] for sample in samples]),
            "kinds": _by_kind(samples, predicted),
        },
    )


def _by_kind(samples: Sequence[LayerSample], predicted: Sequence[float]) -> dict[str, Errors]:
    table = {}
    for kind in FITTED:
        at = [index for index, sample in enumerate(samples) if sample.work.kind == kind]
        if at:
            table[kind] = errors([predicted[i] for i in at], [samples[i].cycles for i in at])
    return table


def _core_entry(measured: LatencyFit, networks: Sequence[NetworkSample]) -> LatencyFit:
    """Cortex-M4F in general: the STM32, from which the nRF52832 differs by up to 14 %, within ``_TRANSFER``."""
    constant = macs_constant(networks, "Cortex-M4F")
    checks = {"DS-CNN": "edgemark-tinymlperf_ds_cnn", "autoencoder": "edgemark-tinymlperf_ae"}
    tested = {
        f"{name} on NUCLEO-L4R5ZI at 120 MHz": check(measured.cycles, sample.works, sample.latency_s, 120e6, constant)
        for name, family in checks.items()
        for sample in networks
        if sample.family == family and sample.runtime == "TFLM" and sample.board == "NUCLEO-L4R5ZI" and sample.works
    }
    totals = macs_against_time(networks, "Cortex-M4F")
    validation = {**measured.validation, "networks": tested, "networks_without_layer_list": totals}
    return msgspec.structs.replace(measured, applies_to=(), validation=validation)


def _m7_entry(base: Cycles, networks: Sequence[NetworkSample]) -> LatencyFit:
    factor = m7_factor(networks)
    cycles = rounded_cycles({kind: [value * factor for value in values] for kind, values in base.items()})
    bands = dict.fromkeys(FITTED, (0.75, 1.33)) | {
        kind: (rounded(low * 0.85), rounded(high * 1.18)) for kind, (low, high) in WIDE_BANDS.items()
    }
    return fit_of(
        core="Cortex-M7",
        runtime="tflm-cmsis-nn",
        version="2023",
        applies_to=[],
        measured=[],
        measured_on=f"NUCLEO-F446RE (Cortex-M4F), cycles x {factor:.3f} for the Cortex-M7",
        source=f"{_SOURCE}; arXiv:2010.11267 Table 4 for the factor between the cores",
        samples=sum(1 for s in networks if s.source == "micronets_paper_table4" and s.core == "Cortex-M7"),
        cycles=cycles,
        band=bands,
        transfer=(1.0, 1.0),
        validation={
            "left_out": "every network with a layer list",
            "networks": _m7_checks(cycles, networks),
            "networks_without_layer_list": macs_against_time(networks, "Cortex-M7"),
        },
    )


def _m7_checks(cycles: Cycles, networks: Sequence[NetworkSample]) -> dict[str, dict[str, float]]:
    """Three networks; TinyEngine's table does not state the clock of its STM32H743, which can do 400 to 480 MHz."""
    rows = {s.model: s for s in networks if "CMSIS-NN" in s.runtime and s.core == "Cortex-M7"}
    vww, tiny = rows["mcunet-vww1"], rows["mbv2-w0.3-r64"]
    large = rows["MobileNetV2 alpha=0.30 80x80 1000 classes"]
    constant = macs_constant(networks, "Cortex-M7")
    small_works, large_works = mobilenet_v2(0.3, 64, classes=1000), mobilenet_v2(0.3, 80, classes=1000)
    return {
        "mcunet-vww1 on STM32H743 if at 400 MHz": check(cycles, vww.works, vww.latency_s, 400e6, constant),
        "mcunet-vww1 on STM32H743 if at 480 MHz": check(cycles, vww.works, vww.latency_s, 480e6, constant),
        "MobileNetV2 0.3 64x64 on STM32H743 if at 480 MHz": check(cycles, small_works, tiny.latency_s, 480e6, constant),
        "MobileNetV2 0.3 80x80 on STM32F746 at 216 MHz": check(cycles, large_works, large.latency_s, 216e6, constant),
    }


def check(
    cycles: Mapping[str, Sequence[float]], works: Sequence[Work], measured_s: float, clock_hz: float, per_mac: float
) -> dict[str, float]:
    """Predicted and measured milliseconds of one network, the error, and that of MACs x constant."""
    seconds = predict(cycles, works) / clock_hz
    return {
        "predicted_ms": rounded(seconds * 1e3),
        "measured_ms": rounded(measured_s * 1e3),
        "error": rounded(seconds / measured_s - 1),
        "macs_times_constant_error": rounded(per_mac * total_macs(works) / clock_hz / measured_s - 1),
    }


def _totals(networks: Sequence[NetworkSample], core: str) -> list[NetworkSample]:
    """Networks of which MACs and time are published, but no layers: those of MicroNets."""
    return [s for s in networks if s.source == "micronets_paper_table4" and s.core == core and s.macs > 0]


def macs_constant(networks: Sequence[NetworkSample], core: str) -> float:
    """Cycles per MAC of this core, median over the networks of MicroNets."""
    return float(np.median([sample.cycles / sample.macs for sample in _totals(networks, core)]))


def macs_against_time(networks: Sequence[NetworkSample], core: str) -> Errors:
    """Errors of MACs x constant on the networks without a layer list, leaving out families."""
    chosen = _totals(networks, core)
    predicted = leave_out(chosen, lambda sample: sample.family, lambda rest: _Total(macs_constant(rest, core)))
    return errors(predicted, [sample.cycles for sample in chosen])


@dataclass(frozen=True, slots=True)
class _Total:
    cycles_per_mac: float

    def __call__(self, sample: NetworkSample) -> float:
        return self.cycles_per_mac * sample.macs
