"""How the latency coefficients are made: `python -m resource_models.fitting --data DIR` regenerates them.

For maintainers. DIR holds tables of published measurements, which others made and which are not part of the project:
`op_points.csv` (single layers), `latency_points.csv` (whole networks) and `model_ops.csv` (the layers of these). The
project keeps what is derived from them: coefficients, sample sizes, errors, and for each fit its `source`, from which
the rows can be gathered anew (MicroNas, EdgeMark, MLPerf Tiny, ST's model zoo, TinyEngine, TinyMaix, ESP-NN).
Sixty of them, with their sources, are in `resource_models.latency.published_measurements`.
"""
