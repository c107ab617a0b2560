"""Networks as a person draws them, and a single training that takes as long as a whole search: what to compare with."""

from __future__ import annotations

import time
from dataclasses import dataclass

import data
from resource_models import Graph, GraphBuilder
from search.recipe import Recipe

CHANNELS = ((64, 2), (64, 1), (128, 2), (128, 1))
WIDEST = 64


@dataclass(frozen=True)
class Trained:
    """What a training ended with: the int8 file, its validation error, and what it took."""

    model: bytes
    val_error: float
    epochs: float
    cpu_seconds: float


def separable_network(dataset: data.Dataset) -> Graph:
    """A depthwise-separable network: a full convolution, four separable ones with 64 to 128 channels, then the mean.

    Images larger than 64 pixels begin with a stride of two and half as many channels; signals in time have kernels of
    five steps.
    """
    height, width, _ = dataset.input_shape
    signal, large = width == 1, height > WIDEST
    kernel = (5, 1) if signal else (3, 3)
    kind = {"padding": "same", "activation": "relu", "batch_norm": True}
    builder = GraphBuilder("separable")
    x = builder.input(dataset.input_shape)
    x = builder.conv2d(x, 16 if large else 32, kernel, strides=_strides(2 if large else 1, signal), **kind)
    for channels, stride in CHANNELS:
        x = builder.depthwise_conv2d(x, kernel, strides=_strides(stride, signal), **kind)
        x = builder.conv2d(x, channels // 2 if large else channels, (1, 1), **kind)
    _, height, width, _ = builder.shape(x)
    mean = builder.flatten(builder.average_pool2d(x, (height, width)))
    return builder.build(builder.dense(mean, 1 if dataset.num_classes == 2 else dataset.num_classes))


def trained_for(graph: Graph, dataset: data.Dataset, seconds: float, seed: int, *, tried_s: float = 4.0) -> Trained:
    """One training of the network with the default recipe, so many epochs that it takes those CPU-seconds."""
    from search.training import runtime
    from search.training.build import build_keras
    from search.training.quantise import CALIBRATION_EXAMPLES, to_int8
    from search.training.trainer import KerasTrainer

    trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=Recipe())

    def spent(epochs: float) -> float:
        began = time.process_time()
        trainer.train(graph, epochs=epochs, seed=seed)
        return time.process_time() - began

    spent(0.05)  # what is done once in a process
    to_build, tried = spent(0.05), 0.4
    while (longer := spent(tried)) - to_build < tried_s:
        tried *= 2
    epochs = max(1.0, (seconds - to_build) * (tried - 0.05) / (longer - to_build))
    began = time.process_time()
    result = trainer.train(graph, epochs=epochs if epochs < 1 else round(epochs), seed=seed)
    took = time.process_time() - began
    runtime.forget_models()
    model = build_keras(graph)
    model.set_weights(result.weights)
    file = to_int8(model, dataset.train.as_float()[:CALIBRATION_EXAMPLES])
    return Trained(file, result.history[-1], epochs, took)


def _strides(stride: int, signal: bool) -> tuple[int, int]:
    return (stride, 1 if signal else stride)
