"""Data sets by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from data import DataError, datasets, load


def test_every_listed_data_set_that_is_available_matches_its_listing():
    for info in datasets():
        assert info.available == (info.reason is None)
        if info.name == "digits":
            loaded = load(info.name)
            assert (loaded.name, loaded.input_shape, loaded.num_classes) == (
                info.name,
                info.input_shape,
                info.num_classes,
            )


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(DataError, match=r"no data set 'digit'; .*digits"):
        load("digit")


def test_a_folder_of_local_copies_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="nowhere, is not a folder"):
        load("digits", data_dir=tmp_path / "nowhere")


def test_a_package_that_is_missing_makes_its_data_set_unavailable(monkeypatch):
    monkeypatch.setattr("data.catalogue.find_spec", lambda _: None)
    assert not datasets()[0].available
    with pytest.raises(DataError, match=r"'digits' cannot be loaded: .*scikit-learn"):
        load("digits")


def test_importing_data_loads_no_library_that_only_a_loader_needs():
    code = "import sys, data; print([m for m in ('sklearn', 'scipy', 'PIL', 'pooch') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
