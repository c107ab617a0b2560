"""What can be typed after `python -m resource_models`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` lists what there is.\n")


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of all commands; `command` is the name of the one that was chosen."""
    parser = _Parser(prog=name, description="What a network costs on a microcontroller.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    added = [
        _add_profile(commands.add_parser("profile", help="what a .tflite needs on a board")),
        _add_boards(commands.add_parser("boards", help="all boards, or which of them can run a model")),
        commands.add_parser("runtimes", help="all runtimes and versions, and what of each is modelled"),
        _add_calibrate(commands.add_parser("calibrate", help="fit latency to networks that you measured")),
    ]
    for command in added:
        command.add_argument("--json", action="store_true", help="the answer as one line of JSON on stdout")
    return parser


def _add_profile(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("model", type=Path, metavar="MODEL.tflite")
    command.add_argument("--board", help="id, or a .json or .toml file (default: none, no latency)")
    command.add_argument("--runtime", help="id (default: the board's own)")
    command.add_argument("--reserve-flash", default="0", metavar="SIZE", help="for the firmware (default: 0)")
    return command


def _add_boards(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("--model", type=Path, metavar="MODEL.tflite", help="which boards can run this")
    command.add_argument("--runtime", help="id (default: each board's own)")
    return command


def _add_calibrate(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("measurements", type=Path, metavar="MEASUREMENTS.csv", help="columns: model, milliseconds")
    command.add_argument("--board", required=True, help="id, or a .json or .toml file")
    command.add_argument("--runtime", help="id (default: the board's own)")
    command.add_argument("--to", type=Path, metavar="BOARD.json", help="write the board with its calibration")
    return command
