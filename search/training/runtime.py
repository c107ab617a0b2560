"""TensorFlow as a worker uses it: one thread, reproducible, quiet.

Candidates are so small that threads cost more than they bring; workers are the unit of parallelism.
"""

from __future__ import annotations

import keras
import tensorflow as tf


def configure() -> None:
    """Set TensorFlow up in a fresh worker process, before its first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    be_repeatable()
    tf.get_logger().setLevel("ERROR")  # it warns of every new function, and each candidate is one


def be_repeatable() -> None:
    """Have the same seed give the same training; harmless to ask for twice."""
    tf.config.experimental.enable_op_determinism()


def forget_models() -> None:
    """Drop what Keras keeps of earlier models, so that memory does not grow from candidate to candidate."""
    keras.backend.clear_session(free_memory=True)
