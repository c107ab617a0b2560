"""What an operator is, apart from where it sits: one frozen class per operator of a TinyML network.

Names follow Keras where Keras has the operator and TensorFlow Lite otherwise. Feature maps are NHWC.
Shapes are derived in `shapes`, multiply-accumulates in `macs`; both raise for a class they do not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Activation = Literal["none", "relu", "relu6", "relu_n1_to_1", "tanh", "sign_bit"]
Padding = Literal["valid", "same"]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """Base of all operator classes."""


@dataclass(frozen=True, slots=True)
class Conv2D(OperatorSpec):
    """Convolution. Constants: weights (filters, kernel height, kernel width, input channels), bias (filters).

    `batch_norm` asks the trainer to normalise before the activation; at inference it is folded and costs
    nothing.
    """

    kernel: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    activation: Activation = "none"
    batch_norm: bool = False
    dilations: Pair = (1, 1)


@dataclass(frozen=True, slots=True)
class DepthwiseConv2D(OperatorSpec):
    """Depthwise convolution. Constants: weights (1, kernel height, kernel width, channels × multiplier), bias."""

    kernel: Pair
    strides: Pair = (1, 1)
    padding: Padding = "valid"
    activation: Activation = "none"
    multiplier: int = 1
    batch_norm: bool = False
    dilations: Pair = (1, 1)


@dataclass(frozen=True, slots=True)
class TransposeConv2D(OperatorSpec):
    """Transposed convolution to a given output (height, width). Constants as for `Conv2D`."""

    kernel: Pair
    strides: Pair
    padding: Padding
    output_size: Pair
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class MaxPool2D(OperatorSpec):
    """Largest value of each window."""

    size: Pair
    strides: Pair
    padding: Padding = "valid"
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class AveragePool2D(OperatorSpec):
    """Mean of each window."""

    size: Pair
    strides: Pair
    padding: Padding = "valid"
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class Dense(OperatorSpec):
    """Fully connected. Constants: weights (units, inputs), bias (units).

    `keep_dims` applies it along the last axis; `per_channel` says whether each unit has a scale of its own.
    """

    activation: Activation = "none"
    keep_dims: bool = False
    per_channel: bool = True


@dataclass(frozen=True, slots=True)
class Add(OperatorSpec):
    """Sum of two or more tensors; two of them may be broadcast against each other."""

    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class Binary(OperatorSpec):
    """Element by element with broadcasting: `function` is "sub", "mul", "div", "maximum" or alike."""

    function: str
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class Unary(OperatorSpec):
    """Element by element: `function` is "relu", "relu6", "logistic", "tanh", "quantize" or alike."""

    function: str


@dataclass(frozen=True, slots=True)
class Softmax(OperatorSpec):
    """Softmax over the last axis; `log` for its logarithm."""

    log: bool = False


@dataclass(frozen=True, slots=True)
class Pad(OperatorSpec):
    """Zero padding; `paddings` is ((top, bottom), (left, right)) of a feature map."""

    paddings: tuple[Pair, Pair]


@dataclass(frozen=True, slots=True)
class PadAxes(OperatorSpec):
    """Padding of any axis: `paddings` has one (before, after) per axis."""

    paddings: tuple[Pair, ...]
    mirror: bool = False


@dataclass(frozen=True, slots=True)
class Reshape(OperatorSpec):
    """The same elements in another shape."""

    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flatten(OperatorSpec):
    """(1, height, width, channels) to (1, height × width × channels)."""


@dataclass(frozen=True, slots=True)
class Transpose(OperatorSpec):
    """Axes in another order."""

    permutation: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Concatenate(OperatorSpec):
    """Tensors one after the other along `axis`."""

    axis: int = -1
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class Split(OperatorSpec):
    """One tensor cut along `axis` into parts of `sizes`."""

    axis: int
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice(OperatorSpec):
    """A part of a tensor; the file states its shape."""

    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stack(OperatorSpec):
    """Tensors of one shape along a new axis."""

    axis: int = 0


@dataclass(frozen=True, slots=True)
class Shape(OperatorSpec):
    """The shape of a tensor, as a tensor."""


@dataclass(frozen=True, slots=True)
class Reduce(OperatorSpec):
    """Reduction over `axes`: `function` is "mean", "sum", "max" or "min"."""

    function: str
    axes: tuple[int, ...]
    keep_dims: bool = False


@dataclass(frozen=True, slots=True)
class Resize(OperatorSpec):
    """Feature map scaled to `size` (height, width) by "bilinear" or "nearest"."""

    method: str
    size: Pair


@dataclass(frozen=True, slots=True)
class Svdf(OperatorSpec):
    """Rank-`rank` filter over time; it keeps state.

    Constants: feature weights (units × rank, inputs), time weights (units × rank, steps), bias.
    """

    rank: int
    activation: Activation = "none"


@dataclass(frozen=True, slots=True)
class Lstm(OperatorSpec):
    """Unidirectional LSTM over a sequence; it keeps state.

    Constants: input and recurrent weights of the four gates, their biases.
    """

    units: int
    time_major: bool = False
    activation: Activation = "tanh"


@dataclass(frozen=True, slots=True)
class Other(OperatorSpec):
    """An operator of a file that has no cost rule of its own; a runtime may run it all the same.

    Attributes:
        name: Its name in the file, e.g. "SPACE_TO_BATCH_ND" or "SignalRfft".
        shapes: Of what it writes, as the file states them.
        macs: Its multiply-accumulates; None where they cannot be counted.
        facts: What else its memory depends on, by name; 0 is not stored.
        calls: Numbers of the subgraphs that it runs.
    """

    name: str
    shapes: tuple[tuple[int, ...], ...]
    macs: int | None = None
    facts: tuple[tuple[str, int], ...] = ()
    calls: tuple[int, ...] = ()

    def fact(self, name: str) -> int:
        """A number of `facts`."""
        return dict(self.facts).get(name, 0)
