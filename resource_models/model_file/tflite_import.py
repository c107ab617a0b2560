"""Importing a `.tflite` file as a `Graph`."""

from __future__ import annotations

from pathlib import Path

from resource_models.errors import GraphError, ModelFileError
from resource_models.graph.graph import Graph


def read_tflite(source: str | Path | bytes) -> Graph:
    """The graph of a `.tflite` file, of any element types, in the order of its operators.

    Weights and other constant inputs become constants of their operator, recurrent state its states. What TensorFlow
    Lite Micro does not run is read all the same, and `Graph.refused` says why.

    Args:
        source: A path, or the bytes of the file; a model in a C array, an archive or base64 is taken out of it.

    Raises:
        ModelFileError: the file cannot be read, is no `.tflite`, or is damaged.
        GraphError: its shapes contradict each other.
    """
    from resource_models.model_file.file_graph import graph_of_file  # here, since `import resource_models` is awaited
    from resource_models.model_file.tflite_file import read_file
    from resource_models.model_file.tflm_support import refusal
    from resource_models.model_file.wrapped_model import load_model, unwrapped

    data = unwrapped(source) if isinstance(source, bytes) else load_model(Path(source))
    name = "model" if isinstance(source, bytes) else Path(source).stem
    subgraphs = read_file(data)
    refused = refusal(subgraphs)
    try:
        return graph_of_file(subgraphs, name, len(data), refused)
    except (GraphError, ModelFileError):
        if not refused:
            raise
        return graph_of_file(subgraphs, name, len(data), refused, costed=False)
