"""Observations made up for tests of what is computed from them."""

from resource_models import Costs
from search.trial import Observation, Trial


def observation(
    number: int, error: float | None, ram: int = 1000, flash: int = 1000, macs: int = 1000, latency: float | None = None
) -> Observation:
    """A trained observation, or a failed one without an error."""
    costs = Costs(ram_bytes=ram, model_bytes=flash, macs=macs, latency_s=latency)
    status = "failed" if error is None else "trained"
    return Observation(Trial(number, f"network {number}", 3), status, costs, val_error=error, epochs=3)
