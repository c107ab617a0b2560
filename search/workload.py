"""What a training costs, before it is begun: seconds of a processor, from the graph and the sizes of the data."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models import Graph
from resource_models.graph import operators as op
from search.trial import measurements

PER_TRAINING_S = 0.5
PER_OPERATOR_S = 0.022
PER_BATCH_NORM_S = 0.1
"""The making of a graph: what every one takes, and its operators and batch normalisations."""
PER_STEP_AND_OPERATOR_S = 0.125e-3
PER_ELEMENT_S = 2.7e-9
PER_MAC_S = 0.107e-9
PER_DEPTHWISE_MAC_S = 0.68e-9
"""A step of learning: calls by operator, and by example what is read and written, multiplied and added."""
FORWARD = 0.35
"""Of what an example takes to learn from, the share that it takes to be classified."""


@dataclass(frozen=True, slots=True)
class Workload:
    """The sizes that decide how long a network trains; its seconds are a model's, of one core, and no measurement.

    Fitted to trainings of 72 networks of the cnn space on one core of a cloud machine (MNIST, CIFAR-10, spoken digits;
    median error 30 %). Another machine is faster or slower as a whole; what a search takes from it are shares of what
    was spent so far, in the same seconds.

    Attributes:
        train_size: examples to learn from.
        validation_size: examples that the error is measured on.
        batch_size: examples of a step.
    """

    train_size: int
    validation_size: int
    batch_size: int = 32

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return max(1, self.train_size // min(self.batch_size, self.train_size))

    def seconds(self, graph: Graph, epochs: float) -> float:
        """What a training of so many epochs, or a part of one, takes of a processor, with its measurements."""
        arithmetic = _per_example_s(graph)
        operators = len(graph.operators)
        normed = sum(bool(getattr(o.spec, "batch_norm", False)) for o in graph.operators)
        making = PER_TRAINING_S + PER_OPERATOR_S * operators + PER_BATCH_NORM_S * normed
        step = PER_STEP_AND_OPERATOR_S * operators + self.batch_size * arithmetic
        measured = measurements(epochs) * self.validation_size * FORWARD * arithmetic
        return making + max(1.0, epochs * self.steps) * step + measured


def _per_example_s(graph: Graph) -> float:
    """What an example takes to learn from, but for the calls."""
    total: float = 0.0
    for operator in graph.operators:
        read, written = graph.tensors[operator.inputs[0]], graph.tensors[operator.outputs[0]]
        total += PER_ELEMENT_S * (read.elements + written.elements)
        spec = operator.spec
        if isinstance(spec, op.Conv2D):
            height, width = spec.kernel
            total += PER_MAC_S * height * width * read.shape[-1] * written.elements
        elif isinstance(spec, op.DepthwiseConv2D):
            height, width = spec.kernel
            total += PER_DEPTHWISE_MAC_S * height * width * written.elements
        elif isinstance(spec, op.Dense):
            total += PER_MAC_S * read.elements * written.elements
    return total
