"""The command line of the search: `python -m search --help`.

With `--json` the last line of stdout is the whole answer; everything else goes to stderr. Exit status: 0 done,
1 every training failed, 2 bad input, 130 interrupted (what was finished is kept).
"""

from search.cli.app import main
from search.cli.exits import leave

if __name__ == "__main__":
    leave(main)
