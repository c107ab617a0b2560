"""Keras models that others made: read from their files without running code, and written as int8 files."""
