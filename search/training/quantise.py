"""From a trained Keras model to an int8 `.tflite` file, and how well that file classifies.

The converter lives behind `to_int8` alone, since it is moving out of TensorFlow; models run on LiteRT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from data import Split
from resource_models import ResourceModelError
from search.deploy.integer.accuracy import board_accuracy
from search.deploy.integer.rounding import PROFILE
from search.errors import DeployError
from search.journal.records import LITERT

CALIBRATION_EXAMPLES = 256


def to_int8(model: keras.Model, calibration: NDArray[np.float32]) -> bytes:
    """The model as a fully int8 `.tflite` file: batch 1, int8 input and output, weights per channel.

    Args:
        model: trained; one input of shape (n, height, width, channels).
        calibration: training examples that show the range of every activation.
    """
    converter = tf.lite.TFLiteConverter.from_concrete_functions([_frozen(model)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: _batches_of_one(calibration)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    converted: bytes = converter.convert()
    return converted


def _frozen(model: keras.Model) -> Any:
    """The model as one function of a batch of 1 with its weights as constants.

    It gives a leaner file than the converter's own route through a saved model, in a third of the time: with an open
    batch size the shape of `flatten` would be computed at run time.
    """
    signature = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(signature)
    return convert_variables_to_constants_v2(function)


def int8_error(model: bytes, split: Split) -> float:
    """Share of `split` that the int8 model classifies wrongly, run by LiteRT."""
    interpreter = _interpreter(model)
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    wrong = 0
    for example, label in zip(_quantised(split.as_float(), source["quantization"]), split.y, strict=True):
        interpreter.set_tensor(source["index"], example[None])
        interpreter.invoke()
        wrong += _class(interpreter.get_tensor(target["index"])[0], target["quantization"]) != int(label)
    return wrong / len(split)


@dataclass(frozen=True, slots=True)
class Int8Errors:
    """Shares of a split that an int8 model classifies wrongly.

    Attributes:
        value: in `arithmetic`.
        litert: run by LiteRT.
        arithmetic: that of the board (`search.deploy.integer.rounding.PROFILE`), or LiteRT's for a model that has
            operators which the board's does not know.
    """

    value: float
    litert: float
    arithmetic: str


def int8_errors(model: bytes, split: Split) -> Int8Errors:
    """Both errors of an int8 model."""
    litert = int8_error(model, split)
    try:
        return Int8Errors(1 - board_accuracy(model, split.as_float(), split.y), litert, PROFILE)
    except (DeployError, ResourceModelError):  # said by `arithmetic`
        return Int8Errors(litert, litert, LITERT)


def float_error(model: keras.Model, split: Split, *, batch: int = 256) -> float:
    """Share of `split` that the float network classifies wrongly."""
    wrong = 0
    for begin in range(0, len(split), batch):
        part = Split(split.x[begin : begin + batch], split.y[begin : begin + batch])
        logits = np.asarray(model(part.as_float(), training=False))
        found = (logits[:, 0] > 0) if logits.shape[1] == 1 else logits.argmax(axis=1)
        wrong += int(np.sum(found != part.y))
    return wrong / len(split)


def _interpreter(model: bytes) -> Interpreter:
    """LiteRT, ready to run; without its XNNPACK kernels where these refuse the model's scales, as with dead layers."""
    try:
        interpreter = Interpreter(model_content=model, num_threads=1)
        interpreter.allocate_tensors()
    except RuntimeError:
        plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        interpreter = Interpreter(model_content=model, num_threads=1, experimental_op_resolver_type=plain)
        interpreter.allocate_tensors()
    return interpreter


def _batches_of_one(examples: NDArray[np.float32]) -> Iterator[list[NDArray[np.float32]]]:
    for example in examples:
        yield [example[None]]


def _quantised(x: NDArray[np.float32], quantization: tuple[float, int]) -> NDArray[np.int8]:
    scale, zero_point = quantization
    return np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)


def _class(outputs: NDArray[np.int8], quantization: tuple[float, int]) -> int:
    if len(outputs) == 1:
        return int(outputs[0] > quantization[1])  # above the zero point means a positive logit
    return int(np.argmax(outputs))
