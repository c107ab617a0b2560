"""Optimisers on TensorFlow's fused update kernels: one operation per variable and step.

Keras composes the same update out of about ten operations per variable; for networks this small that was a third of
a training's time (`tests/benchmarks/test_training_speed.py`). Weight decay is decoupled (Loshchilov and Hutter, ICLR
2019) and touches kernels only, not biases or batch normalisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import tensorflow as tf

from search.recipe import Recipe

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # Kingma and Ba, ICLR 2015; epsilon as in Keras

Variables = Sequence[Any]


class Optimiser(Protocol):
    """Changes variables in place along their gradients; `state` is what it remembers of earlier ones."""

    @property
    def state(self) -> Variables:
        """What is remembered of earlier gradients: variables that a checkpoint keeps."""
        ...

    def apply(self, gradients: Sequence[tf.Tensor], step: tf.Tensor) -> None:
        """One update; `step` counts from 0, as float32."""
        ...


def make_optimiser(
    recipe: Recipe, variables: Variables, *, steps_per_epoch: int, steps: int, cooldown: tuple[int, int] | None = None
) -> Optimiser:
    """The optimiser of a recipe for these variables, with its schedule laid over a training of so many steps.

    `cooldown` are the first step from which the rate falls to zero whatever the schedule says, and the step where it
    is zero.
    """
    rate = Rate(recipe, steps_per_epoch=steps_per_epoch, steps=steps, cooldown=cooldown)
    plain = [variable if isinstance(variable, tf.Variable) else variable.value for variable in variables]
    return (AdamW if recipe.optimiser == "adamw" else Momentum)(plain, rate, recipe)


class Rate:
    """The learning rate at a step: up from zero, then half a cosine down to zero, or constant; divided at the drops.

    As Keras' `CosineDecay` with `warmup_steps` has it. A cooldown lets it fall to zero earlier, along a line: a short
    one at the end of a training at a high rate is nearly as good as a schedule that knew its end (Hägele et al.,
    "Scaling laws and compute-optimal training beyond fixed training durations", NeurIPS 2024).
    """

    def __init__(
        self, recipe: Recipe, *, steps_per_epoch: int, steps: int, cooldown: tuple[int, int] | None = None
    ) -> None:
        self._recipe = recipe
        self._warmup = min(recipe.warmup, steps // 4)
        self._falling = steps - self._warmup
        self._drops = [(epoch * steps_per_epoch, divisor) for epoch, divisor in recipe.drops]
        self._cooldown = cooldown

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        rate = tf.constant(self._recipe.learning_rate)
        if self._recipe.schedule == "cosine":
            fallen = tf.maximum(step - self._warmup, 0.0) / self._falling
            rate *= 0.5 * (1.0 + tf.cos(math.pi * fallen))
        if self._warmup:
            rate *= tf.minimum(step / self._warmup, 1.0)
        for first_step, divisor in self._drops:
            rate = tf.where(step >= first_step, rate / divisor, rate)
        if self._cooldown is not None:
            first, last = self._cooldown
            rate *= tf.clip_by_value((last - step) / (last - first), 0.0, 1.0)
        return rate


class AdamW:
    """Adam with decoupled weight decay."""

    def __init__(self, variables: Variables, rate: Rate, recipe: Recipe) -> None:
        self._variables = variables
        self._rate = rate
        self._decay = recipe.weight_decay
        self._first = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self._second = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self.state = [*self._first, *self._second]

    def apply(self, gradients: Sequence[tf.Tensor], step: tf.Tensor) -> None:
        """One update; `step` counts from 0, as float32."""
        rate = self._rate(step)
        powers = {"beta1_power": tf.pow(BETA_1, step + 1.0), "beta2_power": tf.pow(BETA_2, step + 1.0)}
        for variable, first, second, gradient in zip(
            self._variables, self._first, self._second, gradients, strict=True
        ):
            _decay(variable, rate * self._decay)
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=first.handle,
                v=second.handle,
                lr=rate,
                beta1=BETA_1,
                beta2=BETA_2,
                epsilon=EPSILON,
                grad=gradient,
                **powers,
            )


class Momentum:
    """Stochastic gradient descent with momentum (plain where the momentum is 0) and decoupled weight decay."""

    def __init__(self, variables: Variables, rate: Rate, recipe: Recipe) -> None:
        self._variables = variables
        self._rate = rate
        self._decay = recipe.weight_decay
        self._momentum = recipe.momentum
        self._velocity = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self.state = self._velocity

    def apply(self, gradients: Sequence[tf.Tensor], step: tf.Tensor) -> None:
        """One update; `step` counts from 0, as float32."""
        rate = self._rate(step)
        for variable, velocity, gradient in zip(self._variables, self._velocity, gradients, strict=True):
            _decay(variable, rate * self._decay)
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=variable.handle, accum=velocity.handle, lr=rate, grad=gradient, momentum=self._momentum
            )


def _decay(variable: Any, share: tf.Tensor) -> None:
    if len(variable.shape) > 1:
        variable.assign(variable * (1.0 - share))
