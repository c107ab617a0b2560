"""The algorithm of a run, asked for proposals and told what happened, as the budget of the run has it now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import fields, replace

import msgspec

from resource_models import Costs
from search.algorithms import SearchAlgorithm, adopted, close, cpu_seconds_of, create, note_started
from search.errors import SearchError
from search.journal.history import History, Json
from search.journal.records import Proposed, Record, SessionRecord, TrialRecord, record_of
from search.problem import Problem
from search.spaces import Architecture
from search.trial import Observation, Trial
from search.typed_json import in_words
from search.workload import Workload


class Adviser:
    """An algorithm under the budget that holds now.

    A new budget makes a new instance, which is told the whole run as it looks under that budget:

    - What is over a hard bound counts as infeasible, also where it was trained under an earlier budget. So nothing over
      the budget becomes a parent or is trained further.
    - What was refused under an earlier budget and is within this one is not told, so that it may be proposed again.

    Nothing but the last budget and the order of events decides what the algorithm knows. So a run that was resumed goes
    on as one that never stopped, however often its budget changed.

    Where the run was begun from another one, the new networks that it proposes first are those that it begins with, in
    their order; promotions that are due come before. Which of them were proposed, the records say.

    Args:
        problem: of the run, with the budget that holds now.
        inherited: the networks that the run begins with.

    Raises:
        SettingsError: an algorithm that cannot be had, or options that it does not take.
    """

    def __init__(self, problem: Problem, inherited: Sequence[Architecture] = ()) -> None:
        self._problem = problem
        self._inherited = tuple(inherited)
        self._waiting = list(inherited)  # those of them that were not proposed yet, be they within the budget or not
        self._algorithm = make_algorithm(problem)
        self._over: set[int] = set()
        self._cpu_before = 0.0

    @property
    def problem(self) -> Problem:
        """What is searched in, with the budget that holds now."""
        return self._problem

    def ask(self, trial_id: int) -> Trial:
        """The proposal with that number.

        Raises:
            SearchError: what the algorithm gave is not a trial of that number, or not of the space.
        """
        trial = self._proposal(trial_id)
        s = self._problem.settings
        if not isinstance(trial, Trial):
            given = f"gave a {type(trial).__name__}"
        elif trial.id != trial_id:
            given = f"gave trial {trial.id}"
        elif not self._problem.space.contains(trial.architecture):
            raise SearchError(
                f"The algorithm {s.algorithm} proposed a network outside of the space {s.space} (trial {trial.id})."
            )
        else:
            _check(trial, s.algorithm)
            return trial
        raise SearchError(
            f"The algorithm {s.algorithm} was asked for trial {trial_id} and {given}; `ask` must return a Trial with "
            "the number that it was given."
        )

    def started(self, trial: Trial, costs: Costs) -> None:
        """A trial was handed out; `costs` are what it was expected to need then."""
        self._note_adopted(trial)
        if self._allows(costs):
            note_started(self._algorithm, trial)
            return
        self._over.add(trial.id)
        if trial.promotes is None:
            self._algorithm.tell(Observation(trial, "infeasible", costs))

    def pass_over(self, trial: Trial) -> None:
        """A network that the run begins with would not be trained in time: the next one is proposed in its place."""
        self._note_adopted(trial)

    def tell(self, observation: Observation) -> None:
        """What came of a proposal."""
        if observation.status == "infeasible":
            self._note_adopted(observation.trial)
            if not self._allows(observation.costs):
                self._algorithm.tell(observation)
        elif observation.trial_id not in self._over:
            self._algorithm.tell(observation)

    def recall(self, records: Iterable[Record | Json]) -> History:
        """Tell the algorithm everything that a journal's records say; returns the history that they make.

        Raises:
            JournalError: a record that cannot be read.
        """
        history = History(self._problem.space)
        for record in records:
            self.learn(record_of(record) if isinstance(record, dict) else record, history)
        return history

    def learn(self, record: Record, history: History) -> None:
        """Add what a record says to the history, and tell it to the algorithm; raises as `recall` does."""
        observation = history.apply(record)
        if observation is not None:
            self.tell(observation)
        elif isinstance(record, TrialRecord):
            self.started(*history.pending[record.id])
        elif isinstance(record, SessionRecord):
            self.know_sizes(history)

    def know_sizes(self, history: History) -> None:
        """Plan with what trainings cost, once the sizes of the data are known, if nothing was proposed before."""
        if history.next_id or history.train_size is None or history.validation_size is None:
            return
        before, recipe = self._algorithm, self._problem.settings.recipe
        workload = Workload(history.train_size, history.validation_size, recipe.batch_size)
        self._algorithm = make_algorithm(self._problem, workload)
        close(before)

    def change_problem(self, problem: Problem, records: Iterable[Record | Json]) -> None:
        """Go on under another budget.

        Args:
            problem: the same but for its budget.
            records: of the journal, all so far.
        """
        after = Adviser(problem, self._inherited)
        with ExitStack() as until_told:
            until_told.callback(after.close)
            after.recall(records)
            until_told.pop_all()
        before = self._algorithm
        self._cpu_before += cpu_seconds_of(before)
        self._problem, self._algorithm, self._over = problem, after._algorithm, after._over
        self._waiting = after._waiting
        close(before)

    def cpu_seconds(self) -> float:
        """Processor seconds that the algorithm used outside of this process."""
        return self._cpu_before + cpu_seconds_of(self._algorithm)

    def close(self) -> None:
        """End the process of the algorithm, if it has one; from any thread."""
        close(self._algorithm)

    def _proposal(self, trial_id: int) -> object:
        """What is proposed: a network that the run begins with as long as there is one left, else the algorithm's."""
        first = self._waiting[:1]
        proposal: object = adopted(self._algorithm, trial_id, *first) if first else self._algorithm.ask(trial_id)
        if isinstance(proposal, Trial) and proposal.promotes is None:
            return replace(proposal, inherited=bool(first))
        return proposal

    def _note_adopted(self, trial: Trial) -> None:
        if trial.inherited and trial.architecture in self._waiting:
            self._waiting.remove(trial.architecture)

    def _allows(self, costs: Costs) -> bool:
        budget = self._problem.budget
        return budget.bounds == "soft" or budget.allows(costs)


def _check(trial: Trial, algorithm: str) -> None:
    """Make sure that a proposal can be written down, and read again.

    Raises:
        SearchError: a value is of another kind, or out of its range.
    """
    said = {f.name: getattr(trial, f.name) for f in fields(trial) if f.name != "architecture"}
    try:
        msgspec.convert(said, Proposed)
    except (msgspec.ValidationError, TypeError, OverflowError, RecursionError) as error:
        raise SearchError(
            f"The algorithm {algorithm} proposed trial {trial.id} with a value that cannot be: {in_words(error)}."
        ) from None


def make_algorithm(problem: Problem, workload: Workload | None = None) -> SearchAlgorithm:
    """A new instance of the run's algorithm; `workload` says what trainings cost, as soon as that is known.

    Raises:
        SettingsError: there is no such algorithm, or it does not take these options.
    """
    s = problem.settings
    return create(
        s.algorithm,
        space=problem.space,
        budget=s.budget,
        seed=s.seed,
        epochs=s.epochs,
        costs=problem.typical_costs,
        workload=workload,
        options=s.options,
    )
