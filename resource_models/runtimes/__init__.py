"""The software that runs a network: one file for each runtime with its memory, code size and latency measurements."""
