"""`python -m resource_models.fitting`: makes the latency coefficients; see `resource_models.latency.fitting`."""

from resource_models.latency.fitting.__main__ import main

if __name__ == "__main__":
    main()
