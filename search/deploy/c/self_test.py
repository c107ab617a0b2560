"""A program that says on any board whether it computes the same bytes, and which layer is the first that does not."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from search.deploy.c.arrays import numbers
from search.deploy.c.program import Program
from search.deploy.c.templates import rendered
from search.deploy.integer.network import IntegerNetwork

Bytes = NDArray[np.int8]
RANDOM = 3
"""Random inputs, beside the three extremes."""
_SEED = 2463534242


def self_test(network: IntegerNetwork, written: Program, examples: Bytes) -> str:
    """The text of `NAME_selftest.c`.

    Args:
        network: that was written.
        written: its program.
        examples: (n, …) codes of inputs, n ≥ 1.
    """
    inputs = self_test_inputs(network, examples)
    known = network.trace(inputs)
    signed = network.target.codes.signed
    outputs = known[network.output].reshape(len(inputs), -1).view(np.int8 if signed else np.uint8)
    layers = written.plan.layers
    sums = [[zlib.crc32(known[layer.output][row].tobytes()) for layer in layers] for row in range(len(inputs))]
    low, high = (-128, 127) if network.source.codes.signed else (0, -1)
    values = {
        "name": written.name,
        "NAME": written.name.upper(),
        "type": "int8_t" if signed else "uint8_t",
        "examples": len(examples),
        "runs": len(inputs),
        "inputs": "\n".join(f"  {{\n{numbers(row)}\n  }}," for row in inputs[: len(examples)]),
        "outputs": "\n".join(f"  {{{', '.join(map(str, row.tolist()))}}}," for row in outputs),
        "checksums": "\n".join(f"  {{{', '.join(f'0x{crc:08x}u' for crc in row)}}}," for row in sums),
        "layers": "\n".join(f'  "{layer.name}",' for layer in layers),
        "low": low,
        "high": high,
    }
    return rendered("selftest.c", written.name, values)


def self_test_inputs(network: IntegerNetwork, examples: Bytes) -> Bytes:
    """The inputs that a self-test runs: (n, elements); the examples, three extremes, and random ones."""
    size, zero = network.source.size, network.source.codes.zero
    low, high = (-128, 127) if network.source.codes.signed else (0, 255)
    made = [np.full(size, code & 255, np.uint8) for code in (low, high, zero)]
    made += [_random_codes(_SEED + len(examples) + 3 + number, size) for number in range(RANDOM)]
    return np.concatenate([examples.reshape(len(examples), -1).view(np.int8), np.stack(made).view(np.int8)])


def _random_codes(state: int, count: int) -> NDArray[np.uint8]:
    codes = np.empty(count, np.uint8)
    for place in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        codes[place] = state >> 24
    return codes
