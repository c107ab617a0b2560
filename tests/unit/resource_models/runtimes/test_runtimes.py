"""Runtimes and their versions."""

import pytest

from resource_models import BoardError
from resource_models.latency.coefficients import latency_entries
from resource_models.runtimes.runtimes import runtime, runtimes


def test_ids_are_distinct_and_found():
    assert len({item.id for item in runtimes()}) == len(runtimes())
    assert all(runtime(item.id) == item for item in runtimes())


@pytest.mark.parametrize(
    ("text", "name"),
    [("ST-Edge-AI@8.1.0", "st-edge-ai@8.1"), ("st-edge-ai@10.2", "st-edge-ai@10"), ("st-edge-ai@9", "st-edge-ai@9.0")],
)
def test_versions_may_be_written_in_full(text: str, name: str):
    assert runtime(text).id == name


@pytest.mark.parametrize("text", ["st-edge-ai@6", "tflm", "", "st-edge-ai@1"])
def test_unknown_runtime_is_refused(text: str):
    with pytest.raises(BoardError, match="There is no runtime"):
        runtime(text)


def test_every_entry_with_data_is_a_runtime_that_people_can_name():
    for entry in latency_entries():
        name = f"{entry['runtime']}@{entry['version']}" if entry["runtime"] == "st-edge-ai" else entry["runtime"]
        assert runtime(name).family == entry["runtime"]
