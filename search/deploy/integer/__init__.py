"""The arithmetic of the board, in NumPy: what TensorFlow Lite Micro computes, byte for byte."""
