"""Folders, zip and tar archives read alike; damaged ones say so."""

from __future__ import annotations

import pytest

from data import DataError
from data.files.folder_or_archive import open_tree
from tests.support.data_files import write_folder, write_tar, write_zip

FILES = {"b/zwei.txt": b"2", "a/eins.txt": b"1", "ä/drei.txt": b"3"}
HIDDEN = {".DS_Store": b"", "__MACOSX/a/eins.txt": b"", "a/.hidden": b""}


@pytest.fixture(params=["folder", "zip", "tar"])
def tree(request, tmp_path):
    if request.param == "folder":
        return open_tree(write_folder(tmp_path / "Ordner ü", FILES | HIDDEN))
    if request.param == "zip":
        return open_tree(write_zip(tmp_path / "Archiv ü.zip", FILES | HIDDEN))
    return open_tree(write_tar(tmp_path / "Archiv ü.tar.gz", FILES | HIDDEN, prefix="./"))


def test_names_are_sorted_and_without_hidden_files(tree):
    assert tree.names == ("a/eins.txt", "b/zwei.txt", "ä/drei.txt")


def test_named_files_are_read_whatever_their_order(tree):
    assert dict(tree.read(["ä/drei.txt", "a/eins.txt"])) == {"a/eins.txt": b"1", "ä/drei.txt": b"3"}


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_a_truncated_archive_is_one_clear_sentence(tmp_path, write):
    path = write(tmp_path / ("x.zip" if write is write_zip else "x.tgz"), {"a/b.txt": bytes(range(256)) * 400})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="may be damaged or incomplete"):
        dict(open_tree(path).read(["a/b.txt"]))


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("no")
    with pytest.raises(DataError, match="neither a folder nor a zip or tar archive"):
        open_tree(tmp_path / "x.txt")
    with pytest.raises(DataError, match="there is no folder or archive"):
        open_tree(tmp_path / "nowhere")


def test_a_file_that_vanished_is_one_clear_sentence(tmp_path):
    tree = open_tree(write_folder(tmp_path / "x", FILES))
    (tmp_path / "x" / "a" / "eins.txt").unlink()
    with pytest.raises(DataError, match=r"eins\.txt cannot be read"):
        dict(tree.read(["a/eins.txt"]))
