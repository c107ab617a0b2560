"""Every model file of the measurements: read whole, its MACs, constants and arena as others found them."""

import csv
from pathlib import Path

from resource_models import macs, plan_arena, read_tflite, weight_bytes


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_macs_and_constants_are_those_of_the_index(measured_models: Path) -> None:
    index = [row for row in rows(measured_models / "index.csv") if row["copied"] == "yes"]
    assert len(index) > 30
    for row in index:
        graph = read_tflite(measured_models / row["file"])
        assert macs(graph) == int(float(row["macs"])), row["file"]
        assert weight_bytes(graph) == int(float(row["const_bytes"])), row["file"]


def test_the_arena_is_what_tflm_was_measured_to_take(measured_models: Path) -> None:
    measured = rows(measured_models.parent / "tflm_arena.csv")
    assert len(measured) > 20
    for row in measured:
        truth = int(row["arena_bytes"])
        predicted = plan_arena(read_tflite(measured_models / row["file"]), runtime="tflm-reference").arena_bytes
        assert abs(predicted - truth) <= 16, row["file"]
