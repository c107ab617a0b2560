"""The commands of `python -m search`, put together."""

from __future__ import annotations

from search.cli.commands import lists, results
from search.cli.commands.data import data
from search.cli.commands.measure import measure
from search.cli.commands.run import run
from search.cli.commands.sample import sample
from search.cli.failures import run_app
from search.cli.options import new_app
from search.errors import TrainingError

app = new_app("Search for neural networks that fit a microcontroller.")
for _command in (
    run,
    results.front,
    results.trials,
    results.export,
    results.finalise,
    measure,
    sample,
    data,
    lists.algorithms,
    lists.datasets,
    lists.spaces,
    lists.presets,
):
    app.command()(_command)


def main(arguments: list[str] | None = None, *, name: str = "python -m search") -> int:
    """Run the command in `arguments` (by default the process's own); returns the exit status.

    Bad input ends with one sentence on stderr.

    Args:
        arguments: without the program's name.
        name: of the program, as its help shows it.
    """
    return run_app(app, arguments, name=name, failures=(TrainingError,))
