"""Energy is power times latency, where both are known."""

import pytest

from resource_models import Estimate, Missing, board
from resource_models.latency.energy import estimate_energy

LATENCY = Estimate(0.010, 0.008, 0.013, "measured-board: test")


def test_power_times_latency_with_both_bands():
    found = estimate_energy(LATENCY, board("nucleo-f446re"))
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0.162 * 0.010)
    assert found.low == pytest.approx(0.1506 * 0.008)
    assert found.high == pytest.approx(0.1677 * 0.013)
    assert "arXiv:2010.11267" in found.method


def test_no_power_or_no_latency_gives_the_reason():
    found = estimate_energy(LATENCY, board("raspberry-pi-pico"))
    assert isinstance(found, Missing)
    assert "Raspberry Pi Pico" in found.reason
    found = estimate_energy(Missing("no such kernel"), board("nucleo-f446re"))
    assert isinstance(found, Missing)
    assert "no such kernel" in found.reason
