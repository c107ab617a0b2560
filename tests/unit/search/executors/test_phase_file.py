"""How far workers are, written where whoever shows it looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import Phase
from search.executors import phase_file
from search.executors.phase_file import PhaseFile, furthest_behind, read_phase


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, as its last element."""
    times = [100.0]
    monkeypatch.setattr(phase_file.time, "monotonic", lambda: times[-1])
    return times


def test_the_same_words_are_written_twice_a_second_at_most(tmp_path: Path, clock: list[float]) -> None:
    path = tmp_path / "loading-1.json"
    write = PhaseFile(path)
    write(Phase("decoding images", 0, 60_000))
    write(Phase("decoding images", 1, 60_000))
    assert read_phase(path) == Phase("decoding images", 0, 60_000)
    clock.append(100.5)
    write(Phase("decoding images", 900, 60_000))
    assert read_phase(path) == Phase("decoding images", 900, 60_000)
    write(Phase("downloading x.zip", 1, None, "MB"))
    assert read_phase(path) == Phase("downloading x.zip", 1, None, "MB")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    write.remove()
    assert read_phase(path) is None
    write.remove()


def test_a_folder_that_is_not_there_costs_nothing_but_the_news(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "loading-1.json"
    PhaseFile(path)(Phase("decoding images", 0, 3))
    assert not path.parent.exists()
    assert furthest_behind([path]) == ""


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"words": 3}', b"\xff"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert read_phase(tmp_path / "x") is None


def test_of_several_workers_the_one_with_most_to_do_is_shown(tmp_path: Path) -> None:
    phases = [Phase("decoding images", 50, 100), Phase("decoding images", 40, 100), Phase("waiting for another")]
    paths = [tmp_path / str(number) for number in range(4)]
    for path, phase in zip(paths, phases, strict=False):
        PhaseFile(path)(phase)
    assert furthest_behind(paths) == "decoding images: 40 of 100"
    assert furthest_behind(paths[2:]) == "waiting for another"
    assert furthest_behind(paths[3:]) == ""
