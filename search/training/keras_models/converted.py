"""The operator graph of a Keras model: that of the file which TensorFlow's converter writes for it.

The converter decides what a model costs: it folds normalisation and padding, drops what acts in training only, joins
equal operators and cuts recurrent layers into loops. Nothing of that is guessed here: the model is converted, in
seconds, and its file is read.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from resource_models import Graph, GraphError, read_tflite

_EXAMPLES = 2
"""How many random inputs show the converter a range for every activation; the ranges change no cost."""


def graph_of(model: keras.Model) -> Graph:
    """The graph of a model as the int8 `.tflite` has it that the converter writes: that file's arena, MACs and bytes.

    Args:
        model: built, with inputs of fixed shape but for the batch. Its weights need not be trained.

    Raises:
        GraphError: the converter cannot write the model as int8; says why.
    """
    return replace(read_tflite(convert(model)), name=model.name)


def convert(model: keras.Model) -> bytes:
    """The int8 `.tflite` that `TFLiteConverter.from_keras_model` writes, calibrated with random inputs.

    Raises:
        GraphError: an input has an open shape, the model has a loop, or the converter fails; says why.
    """
    shapes = _input_shapes(model)
    if isinstance(getattr(model, "input", None), dict):  # which the converter cannot call
        model = keras.Model(model.inputs, model.outputs, name=model.name)
    _check_loops(model, shapes)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: _random_inputs(shapes)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if all(dtype.is_floating for _, dtype in shapes.values()):
        converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the export prints the signature
            converted: bytes = converter.convert()
    except Exception as error:  # the converter raises whatever its stages raise
        raise GraphError(
            f"TensorFlow's converter cannot write {model.name!r} as int8 ({_short(error)}); "
            "change that layer, or convert it and profile the file"
        ) from error
    return converted


_CONTROL_FLOW = frozenset({"While", "StatelessWhile", "If", "StatelessIf", "Case", "StatelessCase"})
_Shapes = dict[str, tuple[tuple[int, ...], Any]]
"""Shape with the batch, and element type, of every input by its name: the converter's order is not the model's."""


def _input_shapes(model: keras.Model) -> _Shapes:
    if not getattr(model, "inputs", None):
        raise GraphError(f"the shapes that {model.name!r} takes are not known: build it with an Input, or convert it")
    for tensor in model.inputs:
        if None in tensor.shape[1:]:
            shape = tuple(tensor.shape[1:])
            raise GraphError(f"the input {tensor.name!r} of {model.name!r} has the open shape {shape}; fix its sizes")
    return {t.name: ((t.shape[0] or 1, *t.shape[1:]), tf.as_dtype(t.dtype)) for t in model.inputs}


def _check_loops(model: keras.Model, shapes: _Shapes) -> None:
    """Refuse what the converter's calibration ends the whole process at: loops and branches."""
    signature = [tf.TensorSpec(shape, dtype) for shape, dtype in shapes.values()]
    infer = tf.function(lambda *x: model(list(x) if len(x) > 1 else x[0], training=False), input_signature=signature)
    graph = infer.get_concrete_function().graph.as_graph_def()
    for node in (*graph.node, *(node for function in graph.library.function for node in function.node_def)):
        if node.op in _CONTROL_FLOW:
            raise GraphError(
                f"{model.name!r} has a loop or branch ({node.name[:80]!r}), which TensorFlow's converter cannot write "
                "as int8; give recurrent layers unroll=True, or convert it and profile the file"
            )


def _random_inputs(shapes: _Shapes) -> Iterator[dict[str, NDArray[Any]]]:
    """Normal numbers; of whole ones 0 and 1, which every embedding has."""
    rng = np.random.default_rng(0)
    for _ in range(_EXAMPLES):
        numbers = {
            name: rng.normal(size=shape) if dtype.is_floating else rng.integers(0, 2, size=shape)
            for name, (shape, dtype) in shapes.items()
        }
        yield {name: values.astype(shapes[name][1].as_numpy_dtype) for name, values in numbers.items()}


def _short(error: Exception) -> str:
    """What the converter said first, without its traces and places."""
    for line in str(error).splitlines():
        text = re.sub(r"<unknown>:0: |error: |loc\(.*\): ", "", line).strip()
        if text:
            return text[:200]
    return type(error).__name__
