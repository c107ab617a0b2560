"""A package index on this machine, behind a certificate of an authority of its own, with a uv that only plays.

The uv answers as the real one does where a proxy signs: it fetches nothing until it may use the system's certificates.
"""

import http.server
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHEEL = "uv-0.9.9-py3-none-any.whl"
UV = """#!/bin/sh
echo "$@" >> "$UV_CALLS"
if [ "$1" = --version ]; then echo "uv 0.9.9"; exit 0; fi
if [ -z "$UV_SYSTEM_CERTS" ] && [ -z "$UV_NATIVE_TLS" ] || [ -n "$UV_TRUSTS_NOBODY" ]; then
  echo "error: Request failed after 3 retries: client error (Connect): invalid peer certificate: UnknownIssuer" >&2
  echo "hint: consider --system-certs" >&2
  exit 2
fi
if [ "$1" = venv ]; then mkdir -p .venv/bin && ln -s "$PYTHON_OF_TEST" .venv/bin/python; fi
"""


def authority(folder: Path) -> tuple[Path, Path, Path]:
    """Make an authority and a certificate for localhost; the files of authority, certificate and key."""
    ca, ca_key, cert, key, request = (folder / n for n in ("ca.pem", "ca.key", "cert.pem", "cert.key", "request.pem"))
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    new = ["openssl", "req", "-newkey", "rsa:2048", "-nodes"]
    usage = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
    sign = ["openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2"]
    for command in (
        [*new, "-x509", "-keyout", ca_key, "-out", ca, "-days", "2", "-subj", "/CN=A proxy's authority", *usage],
        [*new, "-keyout", key, "-out", request, "-subj", "/CN=localhost"],
        [*sign, "-extfile", extensions, "-out", cert],
    ):
        subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return ca, cert, key


def write_wheel(folder: Path) -> None:
    """The package `uv`, as an index serves it."""
    place = folder / "simple" / "uv"
    place.mkdir(parents=True)
    script, info = zipfile.ZipInfo("uv-0.9.9.data/scripts/uv"), "uv-0.9.9.dist-info"
    script.external_attr = 0o100755 << 16  # a regular file that may be executed
    files = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: uv\nVersion: 0.9.9\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    names = [script.filename, *files, f"{info}/RECORD"]
    with zipfile.ZipFile(place / WHEEL, "w") as wheel:
        wheel.writestr(script, UV)
        for name, text in {**files, f"{info}/RECORD": "".join(f"{name},,\n" for name in names)}.items():
            wheel.writestr(name, text)
    (place / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def https_index(folder: Path, cert: Path, key: Path) -> Iterator[str]:
    """Serve what is in `folder`; yields the address of its index."""

    def handler(*args: object) -> _Quiet:
        return _Quiet(*args, directory=str(folder))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_args: None  # a client that does not trust us is no error here
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://localhost:{server.server_address[1]}/simple"
    finally:
        server.shutdown()
        server.server_close()
