"""What the runner asks of a search algorithm, and what every algorithm here is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal, Protocol, runtime_checkable

import numpy as np

from search.errors import SettingsError
from search.spaces import Architecture
from search.trial import Observation, Trial


class SearchAlgorithm(Protocol):
    """Proposes candidates and learns from what came of them; it does no I/O, reads no clock, trains nothing.

    An algorithm is built with the keyword arguments `space`, `budget`, `seed` and `epochs`, and its own options; with
    `costs` and `workload` too, if it has arguments of these names: a function from an architecture to what it needs,
    and what trainings take (`search.workload`; None until the sizes of the data are known, and never changed after the
    first proposal).
    What `ask` proposes may depend on nothing but the seed, the trial's number and the observations told so far,
    in their order. So a run resumes exactly by telling the journal's observations to a new instance.

    The budget of an instance never changes. A run whose budget changes goes on with a new instance, built with the new
    budget and told everything so far as it looks under it; see `search.runs.algorithm_handle`. So trials that were
    trained may be told as infeasible, and the numbers of trials have gaps.

    An algorithm may go on with the training of a network that is trained already: it proposes `Trial.promoted` of that
    trial, with more epochs, and asked for a checkpoint before (`Trial.keep`). A promotion has a number of its own and
    is told like any trial. It does not count against a run's number of trials: once there are enough networks, an
    algorithm that keeps checkpoints is still asked, and what it proposes is trained as long as it is a promotion.
    In the last part of a limit of time the run itself goes on with networks that have a checkpoint, and may shorten a
    promotion that would not end in time (`Trial.cooldown`); the algorithm is told of these as of its own.

    A class may declare two things, as attributes:

    - `multi_fidelity`: "built in" where the algorithm goes on with trainings itself, as above. "by wrapping" where it
      trains every network for `epochs` and may be wrapped: with its option `eta` (and `min_epochs`) its networks climb
      the rungs of successive halving, see `search.algorithms.halved`. None where neither may be. A class that declares
      nothing is "by wrapping".
    - `renamed_options`: earlier names of its options, each with the name that it has now. Both are accepted.
    """

    def ask(self, trial_id: int) -> Trial:
        """The proposal with that number."""
        ...

    def tell(self, observation: Observation) -> None:
        """Learn what came of a proposal: trained, failed or infeasible."""
        ...


MultiFidelity = Literal["built in", "by wrapping"] | None
"""How an algorithm comes to trainings of several lengths; None: it does not."""


BUILT_IN: Final = "built in"
WRAPPED: Final = "by wrapping"


def multi_fidelity_of(algorithm: object) -> MultiFidelity:
    """What an algorithm, or its class, declares as `multi_fidelity`; "by wrapping" where it declares nothing.

    Raises:
        SettingsError: what it declares is neither "built in" nor "by wrapping" nor None.
    """
    declared: object = getattr(algorithm, "multi_fidelity", WRAPPED)
    for kind in (BUILT_IN, WRAPPED, None):
        if declared == kind:
            return kind
    name = algorithm.__name__ if isinstance(algorithm, type) else type(algorithm).__name__
    raise SettingsError(f'multi_fidelity of {name} is "built in", "by wrapping" or None, not {declared!r}.')


@runtime_checkable
class Promoting(SearchAlgorithm, Protocol):
    """An algorithm that is told, too, which of its proposals are being trained.

    Without it, several workers that ask before any of them is done would be given the same promotion. What `ask`
    proposes may then depend on the order of `started` and `tell`, which the journal keeps as well.
    """

    def started(self, trial: Trial) -> None:
        """A proposal is within the budget and is now being trained; `tell` follows when it is over."""
        ...


@runtime_checkable
class Adopting(SearchAlgorithm, Protocol):
    """An algorithm that gives a network from outside its first training without making a proposal of its own for it.

    A run that is begun from another one proposes the networks of that one first, and tells of them as of any proposal.
    An algorithm without `adopt` is asked for a proposal of its own, whose network is then exchanged; see `adopted`.
    """

    def adopt(self, trial_id: int, architecture: Architecture) -> Trial:
        """The proposal with that number: a promotion where one is due, else this network, trained as new ones are."""
        ...


@runtime_checkable
class WithProcess(SearchAlgorithm, Protocol):
    """An algorithm that works in a process of its own."""

    def cpu_seconds(self) -> float:
        """Processor seconds that the process has used."""
        ...

    def close(self) -> None:
        """End the process, from any thread; an `ask` that waits for it raises `SearchError`."""
        ...


def cpu_seconds_of(algorithm: SearchAlgorithm) -> float:
    """Processor seconds that an algorithm used outside of this process."""
    return algorithm.cpu_seconds() if isinstance(algorithm, WithProcess) else 0.0


def close(algorithm: SearchAlgorithm) -> None:
    """End the process of an algorithm, if it has one."""
    if isinstance(algorithm, WithProcess):
        algorithm.close()


def note_started(algorithm: SearchAlgorithm, trial: Trial) -> None:
    """Tell an algorithm that a trial has been handed out, if it wants to know."""
    if isinstance(algorithm, Promoting):
        algorithm.started(trial)


def adopted(algorithm: SearchAlgorithm, trial_id: int, architecture: Architecture) -> Trial:
    """The proposal of an algorithm where a network from outside waits to be trained.

    A promotion that is due comes first. Otherwise it is that network, trained as new ones of the algorithm begin to be:
    as many epochs, and a checkpoint where those have one.
    """
    if isinstance(algorithm, Adopting):
        return algorithm.adopt(trial_id, architecture)
    proposal: Any = algorithm.ask(trial_id)
    if isinstance(proposal, Trial) and proposal.promotes is None:
        return replace(proposal, architecture=architecture, parent=None)
    own: Trial = proposal  # or what is no trial: whoever asked says so
    return own


def trial_rng(seed: int, trial_id: int) -> np.random.Generator:
    """The random generator of one proposal; no other randomness is used for it."""
    return np.random.default_rng((seed, trial_id))
