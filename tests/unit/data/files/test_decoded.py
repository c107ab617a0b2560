"""Decoded once: found again by all that decides it, never stale, and the same as without a cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data import load
from data.files import decoded as cache
from data.files import images
from data.files.decoded import decoded
from data.files.folder_or_archive import open_tree
from data.files.images import ImageForm, read_images
from data.files.sources import cache_dir
from tests.support.data_files import image_bytes, tone, wav_bytes, write_folder, write_tar, write_zip

RNG = np.random.default_rng(0)
FILES = {f"{c}/{i}.png": image_bytes(RNG.integers(0, 255, (6, 5, 3))) for c in "ab" for i in range(10)}
FORM = ImageForm((6, 5), 3)


@pytest.fixture(autouse=True)
def least(monkeypatch):
    """A few files are worth to be kept here."""
    monkeypatch.setattr(cache, "LEAST_FILES", 1)


@pytest.fixture
def decodings(monkeypatch):
    """The files that are decoded."""
    names = []
    decode = images.decode
    monkeypatch.setattr(images, "decode", lambda content, form, name: names.append(name) or decode(content, form, name))
    return names


def kept():
    return sorted((cache_dir() / cache.FOLDER).glob("*.npy"))


def written(tmp_path, kind, files=FILES):
    if kind == "folder":
        return write_folder(tmp_path / "x", files)
    return (write_zip if kind == "zip" else write_tar)(tmp_path / f"x.{kind}", files)


def read(path, names=tuple(FILES), form=FORM):
    return read_images(open_tree(path), names, form)


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_the_second_time_nothing_is_decoded(tmp_path, kind, decodings):
    path = written(tmp_path, kind)
    first = read(path)
    assert sorted(decodings) == sorted(FILES)
    again = read(path)
    assert len(decodings) == len(FILES)
    assert np.array_equal(first, again)
    assert (first.dtype, first.shape) == (again.dtype, again.shape) == (np.uint8, (20, 6, 5, 3))


def test_another_order_of_the_same_files_is_found_and_is_in_that_order(tmp_path, decodings):
    path = written(tmp_path, "zip")
    names = tuple(reversed(FILES))
    first = read(path)
    assert np.array_equal(read(path, names), first[::-1])
    assert len(decodings) == len(FILES)


def test_other_files_or_another_size_are_another_array(tmp_path, decodings):
    path = written(tmp_path, "folder")
    names = tuple(FILES)
    first = read(path)
    assert np.array_equal(read(path, names[:7]), first[:7])
    assert read(path, names, ImageForm((3, 3), 3)).shape == (20, 3, 3, 3)
    assert read(path, names, ImageForm((6, 5), 1)).shape == (20, 6, 5, 1)
    assert len(decodings) == 20 + 7 + 20 + 20
    assert len(kept()) == 4


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_a_file_that_changed_is_decoded_anew(tmp_path, kind):
    path = written(tmp_path, kind)
    before = read(path)
    changed = FILES | {"a/3.png": FILES["a/4.png"]}
    written(tmp_path, kind, changed)
    after = read(path)
    assert np.array_equal(after[3], before[4])
    assert np.array_equal(np.delete(after, 3, axis=0), np.delete(before, 3, axis=0))


def test_a_file_that_changed_but_in_nothing_that_people_see_is_decoded_anew(tmp_path):
    files = {name: image_bytes(np.full((6, 5, 3), i), "BMP") for i, name in enumerate(FILES)}
    path = written(tmp_path, "folder", files)
    before, file = read(path), path / "a" / "3.png"
    state = file.stat()
    file.write_bytes(files["b/9.png"])
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    assert np.array_equal(read(path)[3], before[19])


def test_files_of_another_name_or_place_are_decoded_anew(tmp_path, decodings):
    path = written(tmp_path, "folder")
    first = read(path)
    (path / "a" / "0.png").rename(path / "a" / "00.png")
    names = ("a/00.png", *tuple(FILES)[1:])
    assert np.array_equal(read(path, names), first)
    shutil.copytree(path, tmp_path / "y")
    read(tmp_path / "y", names)
    assert len(decodings) == 3 * 20


def test_a_file_that_changes_while_it_is_decoded_is_not_kept(tmp_path, monkeypatch):
    path = written(tmp_path, "folder")
    decode = images.decode

    def change_and_decode(content, form, name):
        (path / "b" / "1.png").write_bytes(FILES["b/2.png"])
        return decode(content, form, name)

    monkeypatch.setattr(images, "decode", change_and_decode)
    read(path)
    assert kept() == []


def test_a_damaged_array_is_decoded_anew(tmp_path, decodings):
    path = written(tmp_path, "zip")
    first = read(path)
    (file,) = kept()
    content = bytearray(file.read_bytes())
    content[-1] ^= 255
    file.write_bytes(content)
    assert np.array_equal(read(path), first)
    assert len(decodings) == 40
    assert np.array_equal(read(path), first)
    assert len(decodings) == 40


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path, monkeypatch, decodings):
    path = written(tmp_path, "zip")
    first = read(path)
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("UNAS_CACHE_DIR", str(tmp_path / "file"))
    assert np.array_equal(read(path), first)
    assert np.array_equal(read(path), first)
    assert len(decodings) == 60


def test_few_files_are_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "LEAST_FILES", len(FILES) + 1)
    path = written(tmp_path, "zip")
    read(path)
    assert kept() == []
    monkeypatch.setattr(cache, "LEAST_BYTES", path.stat().st_size)  # few, but large
    read(path)
    assert len(kept()) == 1


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_a_data_set_is_the_same_with_and_without_the_cache(tmp_path, kind, monkeypatch):
    sounds = {f"{c}/{i}.wav": wav_bytes(tone(200 + 40 * i + ord(c))) for c in "ab" for i in range(10)}
    (tmp_path / "sounds").mkdir()
    names = (f"folder:{written(tmp_path, kind)}", f"audio:{written(tmp_path / 'sounds', kind, sounds)}")
    for name in names:
        monkeypatch.setattr(cache, "LEAST_FILES", 10**9)
        without = load(name, seed=1)
        assert kept() == []
        monkeypatch.setattr(cache, "LEAST_FILES", 1)
        for _ in range(2):
            cached = load(name, seed=1)
            for split, other in zip(without.splits().values(), cached.splits().values(), strict=True):
                assert split.x.tobytes() == other.x.tobytes()
                assert np.array_equal(split.y, other.y)
        assert kept()
        shutil.rmtree(cache_dir() / cache.FOLDER)  # which is how people empty it


PROCESS = """
import sys
from pathlib import Path
import numpy as np
from data.files.decoded import decoded
from data.files.folder_or_archive import open_tree
from data.phase import telling

def decode():
    print("decoding", flush=True)
    sys.stdin.readline()
    return np.arange(5)

with telling(lambda phase: print(phase, flush=True)):
    tree = open_tree(Path(sys.argv[1]))
    x = decoded(tree, tree.names, ["test"], decode, size_bytes=40, doing="testing", by_name=False, count=10**6)
print(x.tolist())
"""


def started(path):
    command = [sys.executable, "-c", PROCESS, str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_of_two_processes_at_once_one_decodes_and_the_other_waits(tmp_path: Path):
    path = written(tmp_path, "folder")
    with started(path) as first:
        assert first.stdout.readline() == "decoding\n"
        with started(path) as second:
            assert second.stdout.readline() == "waiting for another process that is testing\n"
            assert first.communicate("\n")[0] == "[0, 1, 2, 3, 4]\n"
            assert second.communicate("\n")[0] == "[0, 1, 2, 3, 4]\n"


def test_one_that_dies_while_it_decodes_leaves_the_work_to_the_other(tmp_path: Path):
    path = written(tmp_path, "folder")
    with started(path) as first:
        assert first.stdout.readline() == "decoding\n"
        with started(path) as second:
            assert second.stdout.readline() == "waiting for another process that is testing\n"
            first.kill()
            assert second.communicate("\n")[0] == "decoding\n[0, 1, 2, 3, 4]\n"


def test_what_goes_wrong_is_told_as_before(tmp_path):
    tree = open_tree(written(tmp_path, "folder"))
    with pytest.raises(ValueError, match="no way"):
        decoded(tree, tree.names, ["test"], lambda: np.array(int("no way")), size_bytes=8, doing="testing")
