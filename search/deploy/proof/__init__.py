"""The proof: the same bytes from NumPy, from the generated C, and from TensorFlow Lite Micro itself."""
