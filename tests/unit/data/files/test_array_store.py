"""Arrays that can be made again: whole or not there, and never more than there is room for."""

from __future__ import annotations

import os

import numpy as np
import pytest

from data.files.array_store import ArrayStore

X = np.arange(24, dtype=np.float32).reshape(6, 4)


@pytest.fixture
def store(tmp_path):
    return ArrayStore(tmp_path / "Zwischenspeicher ü", spare_bytes=0)


def entries(store):
    return sorted(path.name.partition("-")[0] for path in store.folder.iterdir())


def test_what_is_written_is_read(store):
    assert store.read("aa") is None
    store.write("aa", X)
    found = store.read("aa")
    assert found.dtype == X.dtype
    assert np.array_equal(found, X)
    assert store.read("ab") is None
    (path,) = store.folder.iterdir()
    assert np.array_equal(np.load(path, allow_pickle=False), X)  # anybody's numpy reads it


def test_rows_are_found_in_any_order(store):
    names = ["d", "a", "c", "b", "f", "e"]
    order = np.argsort(names)
    store.write("aa", X, order)
    assert np.array_equal(store.read("aa", order), X)
    other = np.array([2, 0, 1, 3, 5, 4])
    shuffled = store.read("aa", np.argsort([names[i] for i in other]))
    assert np.array_equal(shuffled, X[other])


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_file_is_none_and_is_removed(store, place):
    store.write("aa", X)
    (path,) = store.folder.iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert store.read("aa") is None
    assert entries(store) == []


@pytest.mark.parametrize("left", [0, 5, 130])
def test_a_file_that_was_cut_off_is_none(store, left):
    store.write("aa", X)
    (path,) = store.folder.iterdir()
    os.truncate(path, left)
    assert store.read("aa") is None


def test_what_was_not_used_for_longest_makes_room(tmp_path):
    store = ArrayStore(tmp_path, limit_bytes=4 * (X.nbytes + 128), spare_bytes=0)
    for age, key in enumerate(("aa", "bb", "cc", "dd")):
        store.write(key, X)
        (path,) = tmp_path.glob(f"{key}-*")
        os.utime(path, (age, age))
    assert store.read("aa") is not None  # and is the newest by that
    store.write("ee", X)
    assert entries(store) == ["aa", "cc", "dd", "ee"]
    store.write("ff", np.concatenate([X, X, X]))
    assert entries(store) == ["aa", "ee", "ff"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= store.limit_bytes


def test_half_a_file_of_a_process_that_was_killed_goes_too(store):
    store.write("aa", X)
    old, new = (store.folder / f"bb-0.npy.{number}.partial" for number in range(2))
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (0, 0))
    store.write("cc", X)
    assert not old.exists()
    assert new.exists()  # perhaps it is being written


def test_what_is_larger_than_all_or_leaves_too_little_of_the_disk_is_not_taken(store):
    assert store.takes(X.nbytes)
    assert not store.takes(store.limit_bytes + 1)
    assert not ArrayStore(store.folder, spare_bytes=1 << 60).takes(1)


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    store = ArrayStore(tmp_path / "file" / "folder")
    store.write("aa", X)
    assert store.read("aa") is None


def test_a_disk_that_is_full_leaves_nothing_behind(store, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store.write("aa", X)
    assert entries(store) == []
