"""The `.tflite` file: read, and foretold before it exists."""
