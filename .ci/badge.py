"""Prints the Markdown line of the Binder badge for the address of git's remote "origin": run by `make badge`."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}
"""Where Binder finds repositories by their name, and what it calls that place."""
OPENS = "lab/tree/notebooks/10_a_recorded_search.ipynb"
REMOTE = re.compile(r"(?:\w+://)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?/?")
"""Host and name of the repository in `https://host/name.git`, `ssh://git@host:22/name` and `git@host:name.git`."""


class BadgeError(Exception):
    """There is no badge; says why."""


def badge(remote):
    """The Markdown line for the address of a remote."""
    found = REMOTE.fullmatch(remote)
    host, name = found.groups() if found else ("", "")
    if host.lower() not in HOSTS or "/" not in name:
        where = host or "this machine"  # the whole address may hold a password
        raise BadgeError('The remote "origin" is on %s; Binder finds copies on %s.' % (where, " and ".join(HOSTS)))
    place = HOSTS[host.lower()]
    name = quote(name, safe="/" if place == "gh" else "")  # GitLab has groups within groups
    address = "https://mybinder.org/v2/%s/%s/HEAD?urlpath=%s" % (place, name, quote(OPENS, safe=""))
    return "[![Binder](https://mybinder.org/badge_logo.svg)](%s)" % address


def origin(root=ROOT):
    """The address of git's remote "origin"."""
    command = ["git", "remote", "get-url", "origin"]
    try:
        answer = subprocess.run(command, cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise BadgeError('This copy has no git remote "origin"; publish it on GitHub or GitLab first.') from None
    return answer.stdout.decode().strip()


if __name__ == "__main__":
    try:
        print(badge(origin()))
    except BadgeError as problem:
        sys.exit(str(problem))
