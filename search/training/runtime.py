"""TensorFlow as a worker uses it: one thread, reproducible, quiet.

Candidates are so small that threads cost more than they bring; workers are the unit of parallelism.
"""

from __future__ import annotations

import functools
import gc

import keras
import tensorflow as tf


def configure() -> None:
    """Set TensorFlow up in a fresh worker process, before its first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    be_repeatable()
    tf.get_logger().setLevel("ERROR")  # it warns of every new function, and each candidate is one


def be_repeatable() -> None:
    """Have the same seed give the same training; harmless to ask for twice.

    Graphs run as they are traced: rewriting one costs more than a short training gains by it.
    """
    tf.config.experimental.enable_op_determinism()
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def forget_models() -> None:
    """Drop what Keras keeps of earlier models, so that memory does not grow from candidate to candidate."""
    keras.backend.clear_session(free_memory=True)
    _settle()


@functools.cache
def _settle() -> None:
    """Take what is here to stay, the frameworks above all, out of all later collections of garbage.

    Going through it after every candidate took a fifth of a short training's time.
    """
    gc.freeze()
