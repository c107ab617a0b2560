"""Data sets by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from data import DataError, datasets, describe, kind_of, load

NAMES = (
    "digits", "mnist", "fashion-mnist", "cifar10", "cifar10-binary", "chars74k", "chars74k-binary",
    "speech-commands", "visual-wake-words", "spoken-digits", "watch-exercises", "synthetic",
)  # fmt: skip


def test_every_promised_name_is_listed():
    assert tuple(info.name for info in datasets()) == NAMES
    assert all(info.available == (info.reason is None) for info in datasets())


@pytest.mark.parametrize("name", ["digits", "synthetic"])
def test_what_needs_no_files_matches_its_listing(name):
    loaded, info = load(name), describe(name)
    assert (loaded.name, loaded.input_shape, loaded.num_classes) == (info.name, info.input_shape, info.num_classes)
    assert info.origin == "bundled"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("digits", "image"),
        ("watch-exercises?window=32", "window"),
        ("cifar10-binary", "photo"),
        ("speech-commands?noise=0.8", "spectrogram"),
        ("folder:photos?size=96x96", "image"),  # they may be letters too
        ("audio:sounds", "spectrogram"),
        ("table:watch.csv?window=50", "window"),
        ("npz:mine.npz", "unknown"),
        ("digit", "unknown"),
        ("ftp:x", "unknown"),
    ],
)
def test_the_kind_of_examples_is_known_without_reading_any(name, kind, offline):
    assert kind_of(name) == kind


def test_every_listed_data_set_says_what_its_examples_are():
    assert {info.kind for info in datasets()} == {"image", "photo", "spectrogram", "window"}
    assert all(describe(info.name).kind == info.kind for info in datasets() if info.name in ("digits", "mnist"))


def test_options_change_what_is_described():
    assert describe("synthetic?shape=5x6x7&classes=9").input_shape == (5, 6, 7)


def test_options_that_leave_the_shape_need_no_files_to_describe(offline):
    info = describe("speech-commands?noise=0.8&volume=0.1")
    assert (info.name, info.input_shape, info.num_classes) == ("speech-commands?noise=0.8&volume=0.1", (49, 40, 1), 12)
    assert describe("spoken-digits?test_speaker=theo").num_classes == 10
    with pytest.raises(DataError, match="'speech-commands' has no option 'nois'; it has noise, volume"):
        describe("speech-commands?nois=0.8")


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(DataError, match=r"no data set 'digit'; .*digits.* folder:PATH"):
        load("digit")
    with pytest.raises(DataError, match="no data set 'ftp:x'"):
        describe("ftp:x")


def test_an_option_of_a_data_set_that_has_none_is_refused():
    with pytest.raises(DataError, match="'digits' has no option 'size'; it has none"):
        load("digits?size=9")


def test_a_folder_of_local_copies_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="nowhere, is not a folder"):
        load("digits", data_dir=tmp_path / "nowhere")


def test_a_package_that_is_missing_makes_its_data_set_unavailable(monkeypatch):
    monkeypatch.setattr("data.catalogue.find_spec", lambda _: None)
    assert not datasets()[0].available
    with pytest.raises(DataError, match=r"'digits' cannot be loaded: .*sklearn"):
        load("digits")


def test_importing_data_loads_no_library_that_only_a_loader_needs():
    code = "import sys, data; print([m for m in ('sklearn', 'scipy', 'pandas', 'PIL', 'pooch') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
