"""What pages promise: the commands that they show exist with their options, and the files that they name are there."""

import contextlib
import re
import shlex
from pathlib import Path

import pytest

from search.cli import unas
from search.cli.app import main as search_main
from search.tournament.__main__ import main as tournament_main

PAGES = ("README.md", "EXTENDING.md", "CONTRIBUTING.md")
COMMAND = re.compile(
    r"(unas|python -m search\.tournament|python -m search|python -m resource_models) ([a-z]+)([^`\n]*)"
)
KNOWN = {command.name: command for group in unas.GROUPS.values() for command in group}


def shown() -> list[tuple[str, str, str, str]]:
    """(page, program, command, arguments) of every command in a code block or in backticks."""
    found = []
    for page in PAGES:
        text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
        lines = [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
        words = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for code in [*lines, *(" ".join(word.split()) for word in words)]:
            found += [(page, *match.groups()) for match in COMMAND.finditer(code)]
    return found


def test_there_are_commands_on_the_pages() -> None:
    assert len(shown()) > 12


@pytest.mark.parametrize(("page", "program", "command", "arguments"), shown())
def test_a_command_exists_with_its_options(
    page: str, program: str, command: str, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if program == "python -m search.tournament":
        assert tournament_main([command, "--help"]) == 0
    elif program == "python -m search":
        assert search_main([command, "--help"]) == 0
    else:
        assert command in KNOWN, f"{page} shows {program} {command}"
        with contextlib.suppress(SystemExit):  # as argparse ends after its help
            assert unas.main([command, "--help"]) == 0
    own = ("lab",)  # whose options are those of JupyterLab
    options = [word for word in shlex.split(arguments.replace("…", "")) if word.startswith("--") and word != "--help"]
    text = capsys.readouterr().out
    assert [option for option in options if not re.search(rf"{option}\b", text)] == [] or command in own


@pytest.mark.parametrize("page", [*PAGES, ".docs/index.md"])
def test_what_a_page_links_to_is_there(page: str, project_root: Path) -> None:
    text = (project_root / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert "://" in target or ((project_root / page).parent / target).exists(), target


def test_make_targets_on_pages_exist(project_root: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (project_root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        text = (project_root / page).read_text(encoding="utf-8")
        assert (
            set(
                re.findall(
                    r"`?\bmake ([a-z-]+)(?=[ `\n])", "\n".join(re.findall(r"`[^`]*`|^make .*$", text, re.MULTILINE))
                )
            )
            <= targets
        )
    shown_by_help = set(re.findall(r"'make ([a-z-]+)", (project_root / "Makefile").read_text(encoding="utf-8")))
    assert shown_by_help <= targets
    assert {
        "lab",
        "test",
        "env",
        "check",
        "docs",
        "notebooks",
        "test-long",
        "test-slow",
        "bench",
        "browser",
        "badge",
        "lock",
    } <= shown_by_help
