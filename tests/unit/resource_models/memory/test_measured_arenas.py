"""Arenas of single convolutions as boards with CMSIS-NN reported them; skipped where there are no measurements."""

import csv
import json
from collections import Counter
from pathlib import Path

from resource_models import Graph, GraphBuilder, runtime
from resource_models.model_file.converted import as_converted


def network(row: dict[str, str]) -> Graph:
    """The network of a measured layer."""
    _, *shape = json.loads(row["in_shape"])
    channels = json.loads(row["out_shape"])[-1]
    kernel, strides = (tuple(int(n) for n in row[name].split("x")) for name in ("kernel", "stride"))
    builder = GraphBuilder("layer")
    x = builder.input(tuple(shape))
    return builder.build(
        builder.conv2d(x, channels, kernel, strides=strides, padding=row["padding"], activation=row["activation"])
    )


def test_arenas_of_single_convolutions(measurements: Path) -> None:
    off: Counter[int] = Counter()
    cmsis_nn = runtime("tflm-cmsis-nn")
    with (measurements / "op_points.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["arena_bytes"] and row["op"] == "conv2d":
                predicted = cmsis_nn.arena_bytes(as_converted(network(row)))
                off[predicted - round(float(row["arena_bytes"]))] += 1
    assert off.total() > 4_900
    assert off[0] >= 0.999 * off.total(), off
