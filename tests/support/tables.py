"""A table of trained networks with learning curves that are made up."""

import numpy as np

from resource_models import board, costs
from search.tabular.grid import GridSpace
from search.tabular.table import BOARD, Table

EPOCHS = 9
VALIDATION = 200


def made_up_table() -> Table:
    """Larger networks end lower; every curve falls."""
    grid = GridSpace((8, 8, 1), 10)
    graphs = [grid.lower(a) for a in grid.architectures]
    needs = {
        "tflm": [_plain(costs(g, board=board(BOARD))) for g in graphs],
        "unas": [_plain(costs(g, board=board(BOARD), accounting="unas")) for g in graphs],
    }
    ends = [1 / (1 + np.log1p(row["macs"])) for row in needs["tflm"]]
    curves = [[end + (0.9 - end) / 2**epoch for epoch in range(EPOCHS)] for end in ends]
    return Table.of(
        dataset="made-up",
        space=grid,
        epochs=EPOCHS,
        validation_size=VALIDATION,
        errors=curves,
        repeated={3: [curves[3]] * 3},
        seconds=[1.0] * len(graphs),
        costs=needs,
        provenance={"made": "up"},
    )


def _plain(needs: object) -> dict[str, float]:
    return {name: getattr(needs, name) for name in ("ram_bytes", "model_bytes", "macs", "latency_s")}
