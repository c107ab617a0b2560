"""Lines from a serial port."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from search.errors import DeployError

BAUD = 115_200
PATIENCE_S = 60.0
_POLL_S = 0.2


def port_lines(
    port: str, *, baud: int = BAUD, patience_s: float = PATIENCE_S, tell: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """Lines that come from a port, as they come, until nothing has come for some time.

    Args:
        port: its name, e.g. "/dev/ttyACM0" or "COM3".
        baud: bits per second, as the firmware has it.
        patience_s: seconds to wait for the next byte.
        tell: is told that one waits.

    Raises:
        DeployError: pyserial is not installed, the port cannot be opened or is lost, or nothing comes.
    """
    try:
        import serial
    except ImportError:
        raise DeployError(
            "Serial ports are read by pyserial, which is not installed: pip install pyserial, or save what the board "
            "prints and give it as --from FILE."
        ) from None
    try:
        with serial.Serial(port, baud, timeout=_POLL_S) as opened:
            tell(f"Listening on {port} at {baud} baud; reset the board now")
            yield from _lines(opened.read, port, patience_s)
    except (serial.SerialException, OSError, ValueError) as error:
        raise DeployError(f"{port} cannot be read ({error}); is the board there, and no other program on it?") from None


def _lines(read: Callable[[int], bytes], port: str, patience_s: float) -> Iterator[str]:
    rest, last = b"", time.monotonic()
    while True:
        some = read(256)
        if some:
            last = time.monotonic()
        elif time.monotonic() - last > patience_s:
            raise DeployError(
                f"Nothing came from {port} for {patience_s:g} s; is the self-test on the board, and is this its port?"
            )
        *whole, rest = (rest + some).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
