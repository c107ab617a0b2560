"""Boards of a core with measurements, so slow that a second is little."""

from pathlib import Path

SLOW, TOO_SLOW = "500 kHz", "5 kHz"
"""At the one half of the networks for the digits need more than a second, at the other all of them do."""


def slow_board(folder: Path, clock: str = SLOW) -> str:
    """The file of such a board, for `RunSettings.board`."""
    file = folder / "slow.toml"
    file.write_text(
        f'id = "slow"\nname = "Slow board"\ncore = "Cortex-M4F"\nclock_hz = "{clock}"\n'
        'ram_bytes = "64 KiB"\nflash_bytes = "512 KiB"\n',
        encoding="utf-8",
    )
    return str(file)
