"""Downloads: checked, resumed, and never half there. A server on this machine stands in for the network."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data import DataError, telling
from data.files.download import Download, fetch
from data.files.sources import Source, cache_dir

CONTENT = bytes(range(256)) * 4000
SHA256 = "sha256:" + hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT; breaks off after `breaks` bytes of the next answers, one entry for each."""

    def __init__(self, *, ranges=True):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = ranges
        self.breaks: list[int] = []
        self.starts: list[int] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/file.bin"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        self.server.starts.append(start)
        if start >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks.pop(0)] if self.server.breaks else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        made.shutdown()


def quiet(*_):
    pass


def get(server, folder, checksum=SHA256, progress=quiet):
    return fetch(Download(server.url, checksum, "this test"), folder, progress=progress)


def test_a_file_is_fetched_once_and_then_found(server, tmp_path):
    path = get(server, tmp_path / "new" / "folder")
    assert path.read_bytes() == CONTENT
    assert get(server, tmp_path / "new" / "folder") == path
    assert server.starts == [0]
    assert [file.name for file in path.parent.iterdir()] == ["file.bin"]


def test_a_broken_connection_is_continued_where_it_broke(server, tmp_path):
    server.breaks = [300_000, 200_000]
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert server.starts == [0, 300_000, 500_000]


def test_a_download_given_up_is_continued_the_next_time(server, tmp_path):
    server.breaks = [100_000] * 3
    with pytest.raises(DataError, match=r"cannot be fetched .*broke after 300000 of 1024000 bytes"):
        get(server, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["file.bin.part"]
    server.starts.clear()
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert server.starts == [300_000]


def test_a_server_that_cannot_continue_starts_again(server, tmp_path):
    server.ranges = False
    server.breaks = [300_000]
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert server.starts == [0, 0]


def test_another_checksum_is_refused_and_leaves_nothing_behind(server, tmp_path):
    with pytest.raises(DataError, match="another checksum than this test states"):
        get(server, tmp_path, "md5:" + "0" * 32)
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_complete_is_not_fetched_again(server, tmp_path):
    (tmp_path / "file.bin.part").write_bytes(CONTENT)
    assert get(server, tmp_path).read_bytes() == CONTENT


def test_progress_counts_up_to_the_whole(server, tmp_path):
    calls = []
    get(server, tmp_path, progress=lambda *call: calls.append(call))
    assert calls[-1] == ("file.bin", len(CONTENT), len(CONTENT))
    assert [received for _, received, _ in calls] == sorted(received for _, received, _ in calls)


def test_of_two_at_once_one_fetches_and_the_other_waits(server, tmp_path):
    waits, told, paths = threading.Event(), [], []

    def fetch_too():
        with telling(lambda phase: (told.append(str(phase)), waits.set())):
            paths.append(get(server, tmp_path))

    other = threading.Thread(target=fetch_too)

    def begin_other(*_):
        if not waits.is_set():
            other.start()
            assert waits.wait(60)

    paths.append(get(server, tmp_path, progress=begin_other))
    other.join(60)
    assert told == ["waiting for another process that is downloading file.bin"]
    assert [path.read_bytes() for path in paths] == [CONTENT, CONTENT]
    assert server.starts == [0]


def test_whoever_listens_is_told_of_a_download(server, tmp_path):
    told = []
    with telling(told.append):
        get(server, tmp_path, progress=None)
    assert str(told[-1]) == "downloading file.bin: 1 of 1 MB"


def test_a_server_that_is_not_there_is_one_clear_sentence(server, tmp_path):
    url = server.url
    server.server_close()
    with pytest.raises(DataError, match="cannot be fetched"):
        fetch(Download(url.replace("127.0.0.1", "127.0.0.2"), SHA256, "this test"), tmp_path, progress=quiet)


def source(server, checksum=SHA256):
    return Source("bytes", ("bytes.npz",), (Download(server.url, checksum, "this test"),))


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_cache_with_half_a_download_is_not_taken_for_a_copy(server, tmp_path, monkeypatch):
    monkeypatch.setenv("UNAS_CACHE_DIR", str(tmp_path / "Zwischenspeicher ü 数据"))
    server.breaks = [100_000] * 3
    with pytest.raises(DataError) as caught:
        source(server).obtain(None)
    assert "broke after 300000 of 1024000 bytes" in str(caught.value)
    assert "put bytes.npz into a folder" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert source(server).find(None) is None
    path = source(server).obtain(None)
    assert path.read_bytes() == CONTENT
    assert source(server).find(None) == path
    assert names(path.parent) == ["file.bin"]


def test_a_wrong_checksum_leaves_the_cache_as_it_was(server):
    wrong = source(server, "sha256:" + "0" * 64)
    with pytest.raises(DataError, match=r"cannot be loaded: .* another checksum .* thrown away, so try again"):
        wrong.obtain(None)
    assert wrong.find(None) is None
    assert names(cache_dir() / "bytes") == []
    assert source(server).obtain(None).read_bytes() == CONTENT


def test_half_a_file_that_became_another_is_fetched_anew(server):
    folder = cache_dir() / "bytes"
    folder.mkdir(parents=True)
    (folder / "file.bin.part").write_bytes(b"x" * 1000)
    with pytest.raises(DataError, match="another checksum"):
        source(server).obtain(None)
    assert names(folder) == []
    assert source(server).obtain(None).read_bytes() == CONTENT
