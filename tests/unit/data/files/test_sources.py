"""Where files are looked for: the named folder, the variable, the cache; and what is said when they are nowhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from data import DataError, datasets, load
from data.catalogue import _ENTRIES
from data.files.sources import cache_dir, data_dir
from tests.support.data_files import wav_bytes, write_tar, write_zip


def write_mnist(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 255, (50, 28, 28), np.uint8),
        "y_train": np.arange(50, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 255, (20, 28, 28), np.uint8),
        "y_test": np.arange(20, dtype=np.uint8) % 10,
    }
    np.savez(folder / "mnist.npz", **arrays)
    return arrays


def origin(name, folder=None):
    return next(info.origin for info in datasets(folder) if info.name == name)


def test_a_local_copy_is_found_in_the_named_folder(tmp_path, offline):
    assert origin("mnist") == "download"
    arrays = write_mnist(tmp_path)
    assert origin("mnist", tmp_path) == "local"
    loaded = load("mnist", train_size=30, validation_size=15, data_dir=tmp_path)
    assert np.array_equal(loaded.train.x[..., 0], arrays["x_train"][:30])
    assert np.array_equal(loaded.validation.x[..., 0], arrays["x_train"][30:45])
    assert np.array_equal(loaded.test.y, arrays["y_test"])


def test_the_variable_names_the_folder_and_an_argument_wins(tmp_path, monkeypatch, offline):
    write_mnist(tmp_path / "by variable")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("UNAS_DATA_DIR", str(tmp_path / "by variable"))
    assert len(load("mnist").test) == 20
    with pytest.raises(DataError, match="cannot be loaded"):
        load("mnist", data_dir=tmp_path / "empty")


def test_a_copy_in_the_cache_is_found(offline):
    write_mnist(cache_dir() / "mnist")
    assert origin("mnist") == "local"
    assert len(load("mnist").test) == 20


@pytest.mark.parametrize("name", [entry.name for entry in _ENTRIES if entry.source])
def test_offline_without_a_copy_says_what_to_put_where(name, offline):
    source = next(entry.source for entry in _ENTRIES if entry.name == name)
    with pytest.raises(DataError) as caught:
        load(name)
    message = str(caught.value)
    assert "no network" in message
    assert f"put {source.local[0]} " in message
    assert "--data-dir or UNAS_DATA_DIR" in message
    assert "\n" not in message


@pytest.mark.parametrize("entry", [entry for entry in _ENTRIES if entry.source], ids=lambda entry: entry.name)
def test_every_download_states_a_checksum_of_full_length(entry):
    for download in entry.source.downloads:
        kind, _, digest = download.checksum.partition(":")
        assert len(bytes.fromhex(digest)) == hashlib.new(kind).digest_size
        assert download.url.startswith("http")


def test_a_folder_that_is_none_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("UNAS_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="nowhere, is not a folder"):
        data_dir(None)


def test_the_cache_lies_in_the_package_unless_it_is_named(monkeypatch, tmp_path):
    assert cache_dir() != Path("data/cache")
    monkeypatch.setenv("UNAS_CACHE_DIR", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("UNAS_CACHE_DIR")
    assert cache_dir().name in {"cache", "unas-workbench"}


@pytest.mark.parametrize(
    ("dataset", "file"),
    [
        ("spoken-digits", "fsdd.zip"),
        ("spoken-digits", "free-spoken-digit-dataset-1.0.9.tar.gz"),
        ("speech-commands", "speech_commands_v0.02.tar.gz"),
    ],
)
def test_a_truncated_copy_is_one_clear_sentence_and_a_whole_one_mends_it(tmp_path, dataset, file, offline):
    rng = np.random.default_rng(0)
    contents = {f"{d}_anna_{i}.wav": wav_bytes(rng.normal(0, 0.1, 800)) for d in range(10) for i in range(10)}
    folder = cache_dir() / dataset
    folder.mkdir(parents=True)
    whole = (write_zip if file.endswith(".zip") else write_tar)(tmp_path / file, contents).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"cannot be read, it may be damaged or incomplete \(.*\); fetch it again"):
        load(dataset)
    (folder / file).write_bytes(whole)
    if dataset == "spoken-digits":
        assert load(dataset).train.class_counts(10) == (4,) * 10
