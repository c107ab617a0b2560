"""TensorFlow Lite Micro itself, from its Python package, where that is installed (Linux x86-64)."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from resource_models.model_file.tflite_file import Subgraph, read_file
from search.deploy.integer.network import IntegerNetwork
from search.errors import DeployError

Bytes = NDArray[np.int8]
PACKAGE = "tflite-micro"


def tflm_version() -> str | None:
    """The version of the package, None where it cannot be used."""
    try:
        import tflite_micro  # noqa: F401 - only whether it loads
    except ImportError:
        return None
    return version(PACKAGE)


def run_on_tflm(network: IntegerNetwork, model: bytes, inputs: Bytes) -> dict[int, Bytes]:
    """The values of every tensor that is computed, by tensor: (n, elements).

    Args:
        network: as read from the model.
        model: the `.tflite` file.
        inputs: (n, …) codes.

    Raises:
        DeployError: TensorFlow Lite Micro refuses the model; its words are on standard error.
    """
    from tflite_micro import runtime

    file = read_file(model)[0]
    arena = (1 << 18) + 4 * sum(tensor.size for tensor in network.tensors) + 2 * len(model)
    keep = runtime.InterpreterConfig.kPreserveAllTensors
    tensors = {layer.output for layer in network.layers} - {network.output}
    found: dict[int, list[NDArray[np.generic]]] = {tensor: [] for tensor in (*tensors, network.output)}
    try:
        interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena, intrepreter_config=keep)
        for example in inputs:
            interpreter.set_input(_fed(network, file, example), 0)
            interpreter.invoke()
            for tensor, values in found.items():
                values.append(np.array(interpreter.GetTensor(network.tensors[tensor].number, 0)["tensor_data"]))
    except RuntimeError as error:
        raise DeployError(f"TensorFlow Lite Micro refuses the model: {error}") from None
    return {tensor: np.stack(values).view(np.int8).reshape(len(inputs), -1) for tensor, values in found.items()}


def _fed(network: IntegerNetwork, file: Subgraph, example: Bytes) -> NDArray[np.generic]:
    """An input in the file's own type: codes, or the real values that they stand for."""
    tensor, codes = file.tensors[file.inputs[0]], network.source.codes
    values = example.reshape(tensor.shape)
    if tensor.dtype == "float32":
        return ((values.astype(np.float32) - np.float32(codes.zero)) * codes.scale).astype(np.float32)
    return values.view(np.uint8) if tensor.dtype == "uint8" else values
