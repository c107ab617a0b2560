"""Pruning while a network trains: dynamic model pruning with feedback.

Lin, Stich, Barba, Dmitriev, Jaggi, "Dynamic Model Pruning with Feedback", ICLR 2020. The model holds the pruned
weights; beside them every prunable weight has a dense copy. Gradients are taken at the pruned weights and applied to
the dense ones, so that a weight pruned too early can come back. What is pruned is chosen anew every few steps by one
threshold for the whole network: magnitudes of weights, or L2 norms of channels.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from resource_models import Conv2D, Dense, DepthwiseConv2D, Graph
from search.pruning.channels import ChannelGroup, channel_groups
from search.recipe import Pruning

Mask = NDArray[np.bool_]


class Pruner(Protocol):
    """Keeps a model's weights pruned."""

    @property
    def trained(self) -> Sequence[tf.Variable]:
        """What the optimiser changes, in the order of the model's trainable variables."""
        ...

    def refresh(self, step: tf.Tensor) -> None:
        """Bring the model up to date before the step with that number."""
        ...

    def prune(self, variables: Sequence[tf.Variable]) -> None:
        """Set to zero, in other variables like the model's trainable ones, what is pruned in the model now."""
        ...

    def channels_kept(self) -> dict[str, Mask]:
        """Channels that remain, by group; empty where only single weights are pruned."""
        ...

    def zeros(self) -> int:
        """Single weights that are pruned; 0 where channels are."""
        ...


def make_pruner(
    graph: Graph, model: keras.Model, pruning: Pruning | None, sparsity: float, *, first: int, steps: int
) -> Pruner:
    """The pruner of one training.

    Args:
        graph: what the model was built from.
        model: with its first weights.
        pruning: kind and window; None prunes nothing.
        sparsity: share of the weights, or channels, that are pruned in the end.
        first: number of the first step, above 0 in a training that goes on.
        steps: of the whole training.
    """
    variables = [variable.value for variable in model.trainable_variables]
    if pruning is None:
        return _NoPruner(variables)
    schedule = _Schedule(pruning, sparsity, first, steps)
    kind = _ChannelPruner if pruning.kind == "structured" else _WeightPruner
    return kind(graph, model, variables, schedule)


def cubic_sparsity(step: tf.Tensor, begin: int, end: int, target: float) -> tf.Tensor:
    """The share pruned at a step: from 0 at `begin` up to `target` at `end`, fast first (Zhu and Gupta, 2017)."""
    length = end - begin
    progress = tf.clip_by_value((step - begin) / length, 0.0, 1.0) if length else tf.cast(step >= end, tf.float32)
    return target * (1.0 - (1.0 - progress) ** 3)


class _Schedule:
    """When the masks are chosen anew, and how much they prune then."""

    def __init__(self, pruning: Pruning, target: float, first: int, steps: int) -> None:
        self._first = first
        self._begin = int(pruning.begin * steps)
        self._end = max(self._begin, min(int(pruning.end * steps), steps - 1))
        self._interval = pruning.interval
        self._target = target

    def is_due(self, step: tf.Tensor) -> tf.Tensor:
        inside = (step >= self._begin) & (step < self._end) & (step % self._interval == 0)
        return inside | (step == self._end) | (step == self._first)

    def sparsity(self, step: tf.Tensor) -> tf.Tensor:
        return cubic_sparsity(tf.cast(step, tf.float32), self._begin, self._end, self._target)


class _NoPruner:
    def __init__(self, variables: Sequence[tf.Variable]) -> None:
        self.trained = variables

    def refresh(self, step: tf.Tensor) -> None:
        """Nothing to do."""

    def prune(self, variables: Sequence[tf.Variable]) -> None:
        """Nothing to do."""

    def channels_kept(self) -> dict[str, Mask]:
        return {}

    def zeros(self) -> int:
        return 0


class _Masked(ABC):
    """Variables of a model with their dense copies, and the masks that lead from one to the other."""

    def __init__(self, variables: Sequence[tf.Variable], shapes: Mapping[int, tuple[str, tuple[int, ...]]]) -> None:
        self._places = list(shapes)
        self._pruned = [(variables[i], *shapes[i]) for i in shapes]
        self.trained = [tf.Variable(v) if i in shapes else v for i, v in enumerate(variables)]
        self._dense = [self.trained[i] for i in shapes]
        self._masks: dict[str, tf.Variable] = {}
        self._schedule: _Schedule

    def refresh(self, step: tf.Tensor) -> None:
        if self._schedule.is_due(step):
            self._choose(self._schedule.sparsity(step))
        for (variable, mask, shape), dense in zip(self._pruned, self._dense, strict=True):
            variable.assign(dense * tf.reshape(self._masks[mask], shape))

    def prune(self, variables: Sequence[tf.Variable]) -> None:
        for place, (_, mask, shape) in zip(self._places, self._pruned, strict=True):
            variables[place].assign(variables[place] * tf.reshape(self._masks[mask], shape))

    @abstractmethod
    def _choose(self, sparsity: tf.Tensor) -> None:
        """Set the masks for this sparsity."""


class _WeightPruner(_Masked):
    """Single weights of all layers but the last."""

    def __init__(self, graph: Graph, model: keras.Model, variables: Sequence[tf.Variable], schedule: _Schedule) -> None:
        kernels = [
            _place(model, f"{operator.name}/kernel", variables)
            for operator in graph.operators
            if isinstance(operator.spec, Conv2D | DepthwiseConv2D | Dense) and operator.outputs[0] not in graph.outputs
        ]
        super().__init__(variables, {i: (str(i), tuple(variables[i].shape)) for i in kernels})
        self._masks = {str(i): tf.Variable(tf.ones(variables[i].shape)) for i in kernels}
        self._schedule = schedule

    def _choose(self, sparsity: tf.Tensor) -> None:
        if not self._dense:
            return
        sizes = tf.concat([tf.reshape(tf.abs(dense), [-1]) for dense in self._dense], axis=0)
        least = _least_kept(sizes, sparsity)
        for mask, dense in zip(self._masks.values(), self._dense, strict=True):
            mask.assign(tf.cast(tf.abs(dense) >= least, tf.float32))

    def channels_kept(self) -> dict[str, Mask]:
        return {}

    def zeros(self) -> int:
        return sum(int(mask.numpy().size - np.count_nonzero(mask.numpy())) for mask in self._masks.values())


class _ChannelPruner(_Masked):
    """Output channels and units of the groups that can lose some; every group keeps its strongest."""

    def __init__(self, graph: Graph, model: keras.Model, variables: Sequence[tf.Variable], schedule: _Schedule) -> None:
        groups = channel_groups(graph)
        shapes = {}
        for group in groups:
            for index, shape in _variables_of(group, model, variables):
                shapes[index] = (group.name, shape)
        super().__init__(variables, shapes)
        self._masks = {group.name: tf.Variable(tf.ones(group.channels)) for group in groups}
        self._kernels = {
            group.name: [self.trained[_place(model, f"{name}/kernel", variables)] for name in group.producers]
            for group in groups
        }
        self._schedule = schedule

    def _choose(self, sparsity: tf.Tensor) -> None:
        if not self._masks:
            return
        norms = {name: _norms(kernels) for name, kernels in self._kernels.items()}
        least = _least_kept(tf.concat(list(norms.values()), axis=0), sparsity)
        for name, mask in self._masks.items():
            mask.assign(tf.cast(norms[name] >= tf.minimum(least, tf.reduce_max(norms[name])), tf.float32))

    def channels_kept(self) -> dict[str, Mask]:
        return {name: mask.numpy() > 0 for name, mask in self._masks.items()}

    def zeros(self) -> int:
        return 0


def _variables_of(
    group: ChannelGroup, model: keras.Model, variables: Sequence[tf.Variable]
) -> list[tuple[int, tuple[int, ...]]]:
    """Places of all trainable variables of a group's layers, each with the shape in which its mask fits it."""
    found: list[tuple[int, tuple[int, ...]]] = []
    for name in (*group.producers, *group.carriers):
        for layer_name in (name, f"{name}_bn"):
            for variable in _trainable(model, layer_name):
                depthwise = name in group.carriers and len(variable.shape) == 4
                place = _index(variable.value, variables)
                found.append((place, (group.channels, 1) if depthwise else (group.channels,)))
    return found


def _trainable(model: keras.Model, layer_name: str) -> list[Any]:
    return [variable for layer in model.layers if layer.name == layer_name for variable in layer.trainable_variables]


def _place(model: keras.Model, path: str, variables: Sequence[tf.Variable]) -> int:
    layer_name, _, name = path.partition("/")
    (variable,) = (v for v in _trainable(model, layer_name) if v.name == name)
    return _index(variable.value, variables)


def _index(variable: tf.Variable, variables: Sequence[tf.Variable]) -> int:
    return next(i for i, other in enumerate(variables) if other is variable)


def _norms(kernels: Sequence[tf.Variable]) -> tf.Tensor:
    """L2 norm of each output channel, over the layers of a group the root of the mean square."""
    squares = [tf.reduce_sum(tf.square(kernel), axis=list(range(len(kernel.shape) - 1))) for kernel in kernels]
    return tf.sqrt(tf.add_n(squares) / len(squares))


def _least_kept(sizes: tf.Tensor, sparsity: tf.Tensor) -> tf.Tensor:
    """The smallest size that remains when that share of all, the smallest, goes."""
    count = sizes.shape[0]
    gone = tf.minimum(tf.cast(tf.round(sparsity * count), tf.int32), count - 1)
    return tf.sort(sizes)[gone]
