"""The kernel behind a notebook, seen from outside: what it says, what it has started, and what it is asked."""

from __future__ import annotations

import json
import queue
import threading
import urllib.request
from typing import Any, Self

import psutil
from jupyter_client import BlockingKernelClient

from tests.support.browser import PATIENCE_MS, TOKEN, Lab


class Kernel:
    """A second client of the kernel of a notebook that is open in JupyterLab. Use it as a context."""

    def __init__(self, lab: Lab, notebook: str) -> None:
        self._lab = lab
        self._session = next(s for s in _call(lab, "GET", "sessions") if s["path"] == notebook)
        name = f"kernel-{self._session['kernel']['id']}.json"
        self._client = BlockingKernelClient(connection_file=str(lab.home / "runtime" / name))
        self._log = lab.home / "lab.log"
        self._read = self._log.stat().st_size
        self._ended = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="iopub", daemon=True)
        self.complaints: list[str] = []
        """Tracebacks and whatever else was written to standard error, whoever asked for what led to it."""

    def __enter__(self) -> Self:
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=PATIENCE_MS / 1000)
        self._listener.start()
        self.process = psutil.Process(self.ask("__import__('os').getpid()"))
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listener.join()
        self._client.stop_channels()

    def ask(self, expression: str) -> Any:
        """The value of an expression in the kernel, by way of JSON."""
        asked = {"answer": f"__import__('json').dumps({expression})"}
        number = self._client.execute("", silent=True, user_expressions=asked)
        while True:
            reply = self._client.get_shell_msg(timeout=PATIENCE_MS / 1000)
            if reply["parent_header"].get("msg_id") == number:
                answer = reply["content"]["user_expressions"]["answer"]
                assert answer["status"] == "ok", answer
                return json.loads(answer["data"]["text/plain"][1:-1].encode().decode("unicode_escape"))

    def log(self) -> str:
        """What the server and this kernel wrote to their log since this client was made."""
        with self._log.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._read)
            return file.read()

    def shut_down(self) -> None:
        """Ends the kernel as JupyterLab does when its user shuts it down."""
        _call(self._lab, "DELETE", f"sessions/{self._session['id']}")

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                continue
            content = message["content"]
            if message["msg_type"] == "error":
                self.complaints.append("\n".join(content["traceback"]))
            elif message["msg_type"] == "stream" and content["name"] == "stderr":
                self.complaints.append(content["text"])


def _call(lab: Lab, method: str, path: str) -> Any:
    request = urllib.request.Request(
        f"{lab.url}/api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_MS / 1000) as answer:
        body = answer.read()
    return json.loads(body) if body else None
