"""The commands of `python -m resource_models` under the name of `unas`, where Keras models are read too.

A Keras model is converted in a worker, so that neither TensorFlow nor what it prints gets in here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from resource_models import Graph, ModelFileError, read_tflite
from resource_models.cli import commands
from resource_models.model_file.wrapped_model import is_keras_file
from search.errors import TrainingError
from search.executors import Task, make_executor

CONVERT = "search.training.keras_models.model_file:convert_file"


def main(arguments: Sequence[str] | None = None, *, name: str) -> int:
    """Run one command; returns the exit status, as `resource_models.cli.commands.main`."""
    return commands.main(arguments, name=name, load=load)


def load(path: Path) -> Graph:
    """The graph of a `.tflite`, or of the int8 `.tflite` that TensorFlow's converter makes of a Keras model.

    Raises:
        ModelFileError: the file cannot be read, or its model not converted; one sentence says why.
    """
    if not is_keras_file(path):
        return read_tflite(path)
    print(f"Converting {path} with TensorFlow; its weights and shapes decide what it costs.", file=sys.stderr)
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"{path.stem}.tflite"
        executor = make_executor(workers=1, log=Path(folder) / "converter.log")
        try:
            executor.submit(Task(CONVERT, (str(path.absolute()), str(target)))).result()
        except TrainingError as error:
            raise ModelFileError(str(error)) from error
        except BrokenExecutor as error:
            raise ModelFileError(
                f"TensorFlow's converter broke down over {path}; convert it yourself, and profile the file"
            ) from error
        finally:
            executor.kill()
        return read_tflite(target)
