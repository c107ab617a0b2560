"""No test of this folder touches the real cache, the user's data or the network."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("UNAS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("UNAS_DATA_DIR", raising=False)


@pytest.fixture
def offline(monkeypatch):
    """Every connection fails at once."""

    def refuse(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
