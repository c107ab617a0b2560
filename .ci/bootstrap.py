"""Makes the project's environment, and runs things in it, on a machine that has nothing but a Python 3.

    python3 .ci/bootstrap.py env [--gpu|--cpu]  create .venv from the lock, or bring it up to date
    python3 .ci/bootstrap.py run COMMAND …      the same, then run COMMAND inside .venv
    python3 .ci/bootstrap.py lab [OPTIONS …]    the same, then open the workbench in JupyterLab
    python3 .ci/bootstrap.py browser            find a chromium for the browser tests, or install one

Only the standard library, and only syntax that every Python since 3.6 reads; uv wants 3.8.
Nothing outside the project's folder is changed, but for uv's cache (and, by `browser`, system packages).
"""

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "made-from.txt"
UV_VENV = ROOT / ".venv-uv"
UV_REQUIREMENT = "uv>=0.9"  # the first that knows extra-build-dependencies for sure
UV_MINIMUM = (0, 9)
PYTHON_VERSION = "3.11"
LOCK = ROOT / "requirements.lock"
GPU_LOCK = ROOT / ".ci" / "requirements-gpu.lock"
NOTEBOOK = "notebooks/00_workbench.ipynb"
NO_NETWORK = (
    "dns error|error sending request|failed to fetch|could not connect|connection (refused|reset|error)"
    "|name resolution|temporary failure|network is (unreachable|disabled)|newconnectionerror|timed out"
    "|from versions: none"
)
# What uv, pip and node say where a proxy signs with an authority that only the system knows.
UNKNOWN_AUTHORITY = (
    "unknownissuer|invalid peer certificate|certificate[ _]verify[ _]failed|unable to get (local )?issuer"
    "|self[ -]signed certificate|unable to verify the first certificate"
)
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class SetupError(Exception):
    """Something that this machine lacks; the message is the sentence that a person reads."""


def say(text):
    """Tell the person what goes on."""
    print("[setup] " + text, file=sys.stderr, flush=True)


def quietly(command):
    """Run `command` and return (exit status, all it printed)."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        universal_newlines=True,
        errors="replace",
    )
    output = process.communicate()[0]
    return process.returncode, output


def system_bundle():
    """The file with the authorities that this system trusts, or None where they are not in a file."""
    named = [os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile]
    return next((path for path in [*named, *SYSTEM_BUNDLES] if path and Path(path).is_file()), None)


def use_system_certificates():
    """Have uv, pip and node trust what this system trusts; False if they do already. What is set stays as it is."""
    wanted = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # the newer and the older name
    bundle = system_bundle()
    if bundle:
        wanted.update({"PIP_CERT": bundle, "NODE_EXTRA_CA_CERTS": bundle})
    else:
        wanted["PIP_USE_FEATURE"] = "truststore"
    missing = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(missing)
    return bool(missing)


def download(command):
    """Run what fetches something, as `quietly` does; a second time with the system's certificates if it needs them."""
    status, output = quietly(command)
    if status == 0 or not re.search(UNKNOWN_AUTHORITY, output.lower()) or not use_system_certificates():
        return status, output
    say("the server's certificate is signed by an authority that is not generally known (a proxy of your network?):")
    say("trying again with the certificates that this system trusts" + where(system_bundle()))
    return quietly(command)


def where(path):
    """A path as the end of a sentence; nothing for None."""
    return " ({})".format(path) if path else ""


def explain(output, otherwise):
    """Turn the output of a failed tool into one sentence, with the tool's own words below it."""
    words = output.lower()
    if "no space left" in words:
        reason = "The disk is full: the environment takes 3 GB, with CUDA 8 GB."
    elif "hash mismatch" in words:
        reason = "A downloaded package is not the one that requirements.lock names; nothing was installed."
    elif re.search(UNKNOWN_AUTHORITY, words):
        reason = (
            otherwise
            + " The server's certificate is signed by an authority that neither the tool nor this system"
            " trusts{}: set SSL_CERT_FILE and PIP_CERT to the file with the certificates of your network's proxy, and"
            " try again.".format(where(system_bundle()))
        )
    elif re.search(NO_NETWORK, words):
        reason = otherwise + " Nothing could be downloaded: is there a network, or a proxy to set?"
    else:
        reason = otherwise
    tail = [line for line in output.strip().splitlines() if not line.lower().startswith("warning")][-12:]
    return reason + "".join("\n    | " + line for line in tail)


# ---------------------------------------------------------------------------------------------------- uv


def uv_version(uv):
    """Return the version of a uv as (major, minor), or None if it does not start."""
    try:
        status, output = quietly([uv, "--version"])
    except OSError:
        return None
    found = re.search(r"uv (\d+)\.(\d+)", output)
    return (int(found.group(1)), int(found.group(2))) if status == 0 and found else None


def find_uv():
    """The first uv that is new enough: named by $UV, on the path, or fetched by an earlier call."""
    name = "uv.exe" if WINDOWS else "uv"
    private = UV_VENV / ("Scripts" if WINDOWS else "bin") / name
    for candidate in (os.environ.get("UV"), shutil.which("uv"), str(private)):
        if candidate and (uv_version(candidate) or (0, 0)) >= UV_MINIMUM:
            return candidate
    return None


def fetch_uv():
    """Install uv with pip into a private folder: a virtual environment, or a plain folder without venv."""
    if UV_VENV.exists():
        shutil.rmtree(str(UV_VENV))
    python = sys.executable
    if sys.version_info < (3, 8):
        raise SetupError(
            "uv cannot be installed with Python {}.{}: install uv, or Python 3.8 or newer, and try again.".format(
                *sys.version_info[:2]
            )
        )
    say("fetching uv")
    own_python = UV_VENV / ("Scripts" if WINDOWS else "bin") / "python"
    ways = (  # not with --quiet, which keeps from us why nothing was found
        [[python, "-m", "venv", UV_VENV], [own_python, "-m", "pip", "install", UV_REQUIREMENT]],
        [[python, "-m", "pip", "install", "--no-deps", "--target", UV_VENV, UV_REQUIREMENT]],
    )
    outputs = []
    for way in ways:
        for command in way:
            status, output = download(command)
            if status != 0:
                outputs.append(output)
                break
        uv = find_uv()
        if uv:
            return uv
        shutil.rmtree(str(UV_VENV), ignore_errors=True)
    output = "\n".join(outputs)
    without_venv = re.search("ensurepip is not|No module named (ensurepip|venv)", output)
    if without_venv and "No module named pip" in output:
        raise SetupError(
            "uv could not be installed, because {} has neither venv nor pip: install one of them (apt install"
            " python3-venv on Debian and Ubuntu), or uv itself, and try again.".format(python)
        )
    raise SetupError(explain(output, "uv could not be installed with pip."))


# ----------------------------------------------------------------------------------------------- environment


def wanted_state(gpu):
    """What the environment is made from: if this text is in the stamp, there is nothing to do."""
    digest = hashlib.sha256()
    for path in (GPU_LOCK if gpu else LOCK, ROOT / "pyproject.toml", ROOT / "uv.toml"):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return "{} {} {}\n".format("gpu" if gpu else "cpu", digest.hexdigest(), ROOT)


def current_state():
    """Return the text of the stamp; empty while there is no finished environment."""
    try:
        return STAMP.read_text(encoding="utf-8") if VENV_PYTHON.exists() else ""
    except OSError:
        return ""


def make_environment(gpu=None):
    """Bring .venv to the state of the lock. Without a wish, a GPU environment stays one."""
    if gpu is None:
        gpu = current_state().startswith("gpu ")
    if current_state() == wanted_state(gpu):
        return
    started = time.time()
    uv = find_uv() or fetch_uv()
    os.environ.setdefault("UV_HTTP_TIMEOUT", "180")
    if not is_python_311(VENV_PYTHON) or str(ROOT) not in current_state():
        say("creating .venv with Python " + PYTHON_VERSION)
        interpreter = sys.executable if sys.version_info[:2] == (3, 11) else PYTHON_VERSION
        status, output = download([uv, "venv", "--clear", "--python", interpreter, VENV])
        if status != 0:
            sentence = "Python {} is not on this machine and could not be fetched: install it, and try again."
            raise SetupError(explain(output, sentence.format(PYTHON_VERSION)))
    elif STAMP.exists():
        STAMP.unlink()
    size = "8 GB" if gpu else "3 GB"
    say("installing the packages of the lock ({} on the disk, some minutes on a slow line)".format(size))
    sync = [uv, "pip", "sync", "--python", VENV_PYTHON, "--require-hashes", "--compile-bytecode"]
    status, output = download([*sync, GPU_LOCK if gpu else LOCK])
    if status != 0:
        raise SetupError(explain(output, "The packages of the lock could not be installed."))
    project = [uv, "pip", "install", "--python", VENV_PYTHON, "--no-deps", "--no-build-isolation"]
    status, output = quietly([*project, "--editable", ROOT])
    if status != 0:
        raise SetupError(explain(output, "The project itself could not be installed into .venv."))
    STAMP.write_text(wanted_state(gpu), encoding="utf-8")
    say("the environment is ready after {:.0f} s".format(time.time() - started))


def is_python_311(python):
    """Tell whether that interpreter is there, and is the Python of the lock."""
    try:
        status, output = quietly([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    except OSError:
        return False
    return status == 0 and output.strip() == PYTHON_VERSION


# --------------------------------------------------------------------------------------------------- commands


def run(command):
    """Replace this process by `command`, run inside the environment from the folder of the project."""
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PYTHONUTF8="1")
    environment["PATH"] = str(VENV_BIN) + os.pathsep + environment.get("PATH", "")
    for name in ("PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"):
        environment.pop(name, None)
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise SetupError("There is no program {!r} in the environment.".format(command[0]))
    os.chdir(str(ROOT))
    if not WINDOWS:
        os.execve(program, [program, *command[1:]], environment)
    try:
        return subprocess.call([program, *command[1:]], env=environment)
    except KeyboardInterrupt:
        return 130


def lab(options):
    """Open the workbench in JupyterLab."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options = ["--allow-root", *options]  # JupyterLab refuses root otherwise
    return run(["jupyter-lab", *options, NOTEBOOK])


def find_chromium():
    """The path of a chromium that starts, or None: a stub that only points to another store does not."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path and quietly([path, "--version"])[0] == 0:
            return path
    return None


def browser():
    """Install a chromium where there is none: by apt where that is possible, else playwright's own."""
    if not find_chromium() and shutil.which("apt-get"):
        rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
        apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
        if not rights or shutil.which("sudo"):
            say("installing chromium and fonts with apt-get")
            quietly([*apt, "update"])
            fonts = ["fonts-dejavu-core", "fonts-noto-core"]
            quietly([*apt, "install", "--no-install-recommends", "chromium", *fonts])
    if not find_chromium():
        make_environment()
        say("installing playwright's chromium")
        status, output = download([VENV_PYTHON, "-m", "playwright", "install", "chromium"])
        if status != 0:
            raise SetupError(explain(output, "No chromium could be installed: browser tests will skip."))
    say("chromium: {}".format(find_chromium() or "the one of playwright"))


def main(arguments):
    """Carry out one command; return the exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "env" and set(rest) <= {"--gpu", "--cpu"}:
        make_environment({"--gpu": True, "--cpu": False}.get(rest[-1]) if rest else None)
    elif command == "run" and rest:
        make_environment()
        return run(rest)
    elif command == "lab":
        make_environment()
        return lab(rest)
    elif command == "browser" and not rest:
        browser()
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as problem:
        print("[setup] " + str(problem), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
