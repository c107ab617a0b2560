"""`python -m resource_models profile | boards | runtimes | calibrate`: the cost models from the command line."""

from __future__ import annotations

import sys

from resource_models.cli.commands import main

__all__ = ["main"]

if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # what reads our answer has seen enough
        sys.stdout = None  # so that the interpreter does not flush it again
        sys.exit(0)
