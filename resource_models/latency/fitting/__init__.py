"""How the latency coefficients are made: `python -m resource_models.fitting --data DIR` regenerates them.

For maintainers. The folder holds measurements (`op_points.csv`, `latency_points.csv`, `model_ops.csv`); the project
keeps only what is derived from them: coefficients, sample sizes, errors and sources.
"""
