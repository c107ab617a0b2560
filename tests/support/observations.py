"""Observations made up for tests of pure functions, and a Hypothesis strategy for them."""

from hypothesis import strategies as st

from resource_models import Costs
from search.trial import Observation, Trial


def observation(
    number: int,
    error: float | None = 0.1,
    *,
    ram: int = 2048,
    flash: int = 4096,
    macs: int = 1000,
    latency: float | None = 0.01,
    energy: float | None = None,
) -> Observation:
    """A trained observation, or an infeasible one without an error."""
    costs = Costs(ram, flash, macs, latency, None if latency is not None else "no data for this board", energy)
    status = "infeasible" if error is None else "trained"
    return Observation(Trial(number, f"network {number}", 3), status, costs, val_error=error, epochs=3 if error else 0)


@st.composite
def observations(draw: st.DrawFn, *, max_size: int = 12) -> tuple[Observation, ...]:
    """Trained observations with small whole-number costs, so that ties happen."""
    rows = draw(st.lists(st.tuples(*[st.integers(1, 6)] * 4, st.booleans()), max_size=max_size))
    return tuple(
        observation(i, e / 10, ram=r * 1024, flash=f * 1024, macs=m, latency=None if unknown else m / 1000)
        for i, (e, r, f, m, unknown) in enumerate(rows)
    )
