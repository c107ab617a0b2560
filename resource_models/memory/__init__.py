"""Memory while a network runs: over time, by tensor, and in the arena of TensorFlow Lite Micro."""
