"""What an algorithm is told when the budget of its run changes: a resumed run is a continuous one, nothing is lost."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import Budget, Run, RunSettings, SearchError, Trial, journal
from search.algorithms import ON_DRAGONFLY, algorithms
from search.algorithms.feasible import FeasibleNetworks
from search.algorithms.pareto_halving import ParetoHalving
from search.algorithms.random import RandomSearch
from search.journal.history import budget_record, observation_record, trial_record
from search.journal.records import record_of
from search.problem import Problem
from search.runs.algorithm_handle import Adviser
from search.spaces import Architecture
from search.testing import synthetic_observation
from search.trial import Observation

WIDE, TIGHT, OTHER = (
    Budget.parse(ram="60 KiB", flash="400 KiB"),
    Budget.parse(ram="12 KiB", flash="100 KiB"),
    Budget.parse(ram="20 KiB", flash="150 KiB", macs="1M"),
)
SHORT = {
    "aging_evolution": {"population": 6, "tournament": 2},
    "successive_halving": {"min_epochs": 1, "eta": 2},
    "pareto_halving": {"opening": 3, "pool": 2},
}
CHANGES = {8: TIGHT, 16: OTHER}


class Spy(RandomSearch):
    """Random search that writes down what it is told."""

    def __init__(self, **given) -> None:
        super().__init__(**given)
        self.events: list[tuple[str, int]] = []

    def started(self, trial: Trial) -> None:
        self.events.append(("started", trial.id))

    def tell(self, observation: Observation) -> None:
        self.events.append((observation.status, observation.trial_id))


class Absent(RandomSearch):
    """Broken: proposes nothing."""

    def ask(self, _trial_id: int) -> None:
        return None


class Elsewhere(RandomSearch):
    """Broken: proposes a network of no space."""

    def ask(self, trial_id: int) -> Trial:
        return Trial(trial_id, "a network", 1)


class Untrained(RandomSearch):
    """Broken: asks for no epoch."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), epochs=0)


class Mutant(RandomSearch):
    """Broken: gives genes that are no numbers."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), genes={"sparsity": float("nan")})


class Orphan(RandomSearch):
    """Broken: names a parent that cannot be."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), parent="the first")


class Renumbers(RandomSearch):
    """Broken: gives its trials numbers of its own."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), id=trial_id + 1)


def problem_of(algorithm: str, budget: Budget = WIDE, **more) -> Problem:
    settings = RunSettings(dataset="digits", algorithm=algorithm, options=SHORT.get(algorithm, {}), budget=budget)
    return Problem.of(replace(settings, epochs=4, seed=5, **more))


class Life:
    """A run without workers: every training gives what its costs say, at once."""

    def __init__(
        self, problem: Problem, records: list[dict] | None = None, *, inherited: Sequence[Architecture] = ()
    ) -> None:
        self.records = list(records or [])
        self.adviser = Adviser(problem, inherited)
        self.history = self.adviser.recall(self.records)

    def go_on(self, proposals: int) -> "Life":
        while self.history.next_id < proposals:
            self.propose()
        return self

    def propose(self) -> None:
        problem = self.adviser.problem
        trial = self.adviser.ask(self.history.next_id)
        assert not self.history.networks.objection(trial)
        costs = problem.expected_costs(trial)
        if problem.budget.bounds == "hard" and not problem.budget.allows(costs):
            self.adviser.tell(self.write(trial_record("infeasible", trial, costs, problem.space)))
            return
        self.write(trial_record("trial", trial, costs, problem.space))
        self.adviser.started(trial, costs)
        before = None if trial.promotes is None else self.history.networks.over(trial.promotes)
        given = synthetic_observation(trial, problem.space, Budget(bounds="soft"), promoted=before)
        self.adviser.tell(self.write(observation_record(given, elapsed_s=1.0, cpu_seconds=1.0)))

    def write(self, record: dict) -> Observation | None:
        self.records.append(record)
        return self.history.apply(record)

    def change(self, budget: Budget) -> None:
        self.write(budget_record(budget))
        settings = replace(self.adviser.problem.settings, budget=budget)
        self.adviser.change_problem(replace(self.adviser.problem, settings=settings), self.records)


NAMES = [info.name for info in algorithms() if info.name not in ON_DRAGONFLY]


@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_run_is_a_continuous_one_across_changes_of_the_budget(name: str) -> None:
    start = problem_of(name)
    whole = Life(start)
    now = {0: WIDE}
    for proposals, budget in CHANGES.items():
        whole.go_on(proposals)
        whole.change(budget)
        now[len(whole.records)] = budget
    whole.go_on(24)
    assert len(whole.history.observations) > 8
    for cut in (8, 25):
        budget = now[max(at for at in now if at <= cut)]
        resumed = Life(replace(start, settings=replace(start.settings, budget=budget)), whole.records[:cut])
        if resumed.history.pending:
            continue  # between a trial and its outcome
        for proposals, later in CHANGES.items():
            if all(at > cut for at, one in now.items() if one is later):
                resumed.go_on(proposals)
                resumed.change(later)
        assert resumed.go_on(24).records == whole.records


@pytest.mark.parametrize("name", NAMES)
def test_after_a_change_nothing_over_the_budget_is_built_on(name: str) -> None:
    life = Life(problem_of(name)).go_on(16)
    over = {o.trial_id for o in life.history.observations if not TIGHT.allows(o.costs)}
    assert over
    life.change(TIGHT)
    life.go_on(40)
    later = [o for o in life.history.observations if o.trial_id >= 16]
    assert later
    for observation in later:
        assert TIGHT.allows(observation.costs)
        assert over.isdisjoint((observation.trial.parent, observation.trial.promotes))
    assert {o.trial_id for o in life.history.observations} > over  # they are kept


def test_what_was_refused_is_free_again_and_what_was_trained_is_refused() -> None:
    life = Life(problem_of(f"{__name__}:Spy", TIGHT)).go_on(12)
    refused = {o.trial_id for o in life.history.infeasible}
    trained = {o.trial_id for o in life.history.observations}
    assert refused
    assert trained
    wide = Budget(ram_bytes=2**30)
    life.change(wide)
    told = life.adviser._algorithm.events
    assert {number for _, number in told} == trained
    assert {kind for kind, _ in told} <= {"started", "trained", "failed"}
    life.go_on(14)
    assert life.adviser._algorithm.events[-1][1] == 13
    small = min(life.history.observations, key=lambda o: o.costs.ram_bytes)
    life.change(Budget(ram_bytes=small.costs.ram_bytes))
    kinds = {number: kind for kind, number in reversed(life.adviser._algorithm.events)}
    assert kinds.pop(small.trial_id) == "started"
    assert kinds
    assert set(kinds.values()) == {"infeasible"}
    life.change(Budget(ram_bytes=1, bounds="soft"))
    assert {kind for kind, _ in life.adviser._algorithm.events} <= {"started", "trained", "failed"}


def test_a_candidate_in_flight_over_the_new_budget_is_kept_and_not_told() -> None:
    life = Life(problem_of(f"{__name__}:Spy", WIDE))
    trial = life.adviser.ask(0)
    costs = life.adviser.problem.expected_costs(trial)
    life.write(trial_record("trial", trial, costs, life.adviser.problem.space))
    life.adviser.started(trial, costs)
    life.change(Budget(ram_bytes=costs.ram_bytes - 1))
    outcome = synthetic_observation(trial, life.adviser.problem.space, WIDE)
    life.adviser.tell(life.write(observation_record(outcome, elapsed_s=1.0, cpu_seconds=1.0)))
    assert life.adviser._algorithm.events == [("infeasible", 0)]
    assert [o.trial_id for o in life.history.observations] == [0]
    life.change(WIDE)
    assert life.adviser._algorithm.events == [("started", 0), ("trained", 0)]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("Absent", "was asked for trial 0 and gave a NoneType; `ask` must return"),
        ("Renumbers", "was asked for trial 0 and gave trial 1;"),
        ("Untrained", "proposed trial 0 with a value that cannot be: epochs: expected int >= 1"),
        ("Mutant", r"proposed trial 0 with a value that cannot be: genes\[\.\.\.\]: expected float >= "),
        ("Orphan", r"proposed trial 0 with a value that cannot be: parent: expected int | null, got str"),
        ("Elsewhere", r"proposed a network outside of the space cnn \(trial 0\)"),
    ],
)
def test_a_proposal_that_cannot_be_used_names_algorithm_and_trial(broken: str, words: str) -> None:
    adviser = Adviser(problem_of(f"{__name__}:{broken}"))
    with pytest.raises(SearchError, match=f"The algorithm {__name__}:{broken} {words}"):
        adviser.ask(0)


# -------------------------------------------------------------------------------------------- begun from another run


def networks_within(problem: Problem, count: int = 6) -> tuple[Architecture, ...]:
    """Different networks within the budget, as another run may have found them."""
    networks = FeasibleNetworks(problem.space, problem.budget, problem.costs)
    found: dict[Architecture, None] = {}
    for number in range(count):
        found[networks.fresh(np.random.default_rng((99, number)), found.__contains__).architecture] = None
    return tuple(found)


WAYS = [*((name, {}) for name in NAMES), ("random", {"eta": 2, "min_epochs": 1}), (f"{__name__}:Spy", {})]


def problem_in_a_way(name: str, more: dict) -> Problem:
    problem = problem_of(name)
    options = {**problem.settings.options, **more}
    return replace(problem, settings=replace(problem.settings, options=options))


@pytest.mark.parametrize(("name", "more"), WAYS)
def test_the_networks_of_another_run_come_first_and_are_trained_as_its_own(name: str, more: dict) -> None:
    problem = problem_in_a_way(name, more)
    inherited = networks_within(problem)
    life, alone = Life(problem, inherited=inherited).go_on(20), Life(problem).go_on(20)
    new = [o.trial for o in life.history.observations if o.trial.promotes is None]
    assert [trial.architecture for trial in new[: len(inherited)]] == list(inherited)
    assert [trial.inherited for trial in new] == [place < len(inherited) for place in range(len(new))]
    assert {trial.parent for trial in new[: len(inherited)]} == {None}
    own = next(o.trial for o in alone.history.observations)
    assert {(trial.epochs, trial.keep) for trial in new} == {(own.epochs, own.keep)}
    assert len(new) > len(inherited)
    if own.keep:
        promoted = [o.trial for o in life.history.observations if o.trial.promotes is not None]
        assert promoted[0].id < len(inherited)  # before the last of them is begun
        assert all(trial.inherited == life.history.trial(trial.promotes).inherited for trial in promoted)


@pytest.mark.parametrize(("name", "more"), WAYS)
def test_a_run_resumed_in_the_middle_of_them_is_a_continuous_one(name: str, more: dict) -> None:
    problem = problem_in_a_way(name, more)
    inherited = networks_within(problem)
    whole = Life(problem, inherited=inherited).go_on(4)
    whole.change(TIGHT)
    at = len(whole.records)
    whole.go_on(16)
    for cut in (2, 4, at, at + 2, at + 6):
        budget = TIGHT if cut >= at else WIDE
        start = replace(problem, settings=replace(problem.settings, budget=budget))
        resumed = Life(start, whole.records[:cut], inherited=inherited)
        if resumed.history.pending:
            continue  # between a trial and its outcome
        if cut < at:
            resumed.go_on(4).change(TIGHT)
        assert resumed.go_on(16).records == whole.records


def test_the_default_proposes_none_of_them_twice_and_makes_children_of_them() -> None:
    problem = problem_of("pareto_halving")
    inherited = networks_within(problem)
    life = Life(problem, inherited=inherited).go_on(60)
    new = [o.trial for o in life.history.observations if o.trial.promotes is None]
    assert len({trial.architecture for trial in new}) == len(new)
    parents = {trial.parent for trial in new} - {None}
    assert any(life.history.trial(parent).inherited for parent in parents)
    assert not any(trial.inherited for trial in new[len(inherited) :])


def test_they_count_as_begun_in_the_warm_up_of_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = []
    original = ParetoHalving._warmup_candidate
    monkeypatch.setattr(ParetoHalving, "_warmup_candidate", lambda self, rng: grown.append(1) or original(self, rng))
    problem = problem_of("pareto_halving")  # with a warm-up of three
    for count, wanted in ((0, 3), (2, 1), (6, 0)):
        grown.clear()
        Life(problem, inherited=networks_within(problem, count)).go_on(20)
        assert len(grown) == wanted


def test_one_that_is_passed_over_leaves_the_others_in_their_order() -> None:
    problem = problem_of("random")
    inherited = networks_within(problem, 4)
    life = Life(problem, inherited=inherited).go_on(1)
    life.adviser.pass_over(life.adviser.ask(1))
    life.go_on(2)
    assert [o.trial.architecture for o in life.history.observations] == [inherited[0], inherited[2]]
    resumed = Life(problem, life.records, inherited=inherited).go_on(5)  # where there may be time for it
    new = [o.trial.architecture for o in resumed.history.observations]
    assert new[:4] == [inherited[place] for place in (0, 2, 1, 3)]
    assert [o.trial.inherited for o in resumed.history.observations] == [True] * 4 + [False]


class Copies(RandomSearch):
    """Makes its children with all that their parents are."""

    def tell(self, observation: Observation) -> None:
        self.last = observation.trial

    def ask(self, trial_id: int) -> Trial:
        fresh = super().ask(trial_id)
        return replace(self.last, id=trial_id, architecture=fresh.architecture) if trial_id else fresh


def test_what_an_algorithm_makes_of_them_is_not_taken_for_one_of_them() -> None:
    problem = problem_of(f"{__name__}:Copies", Budget(bounds="soft"))
    life = Life(problem, inherited=networks_within(problem, 2)).go_on(5)
    assert [o.trial.inherited for o in life.history.observations] == [True, True, False, False, False]


# ------------------------------------------------------------------------------------------------- of a run at rest


@pytest.fixture
def stopped(tmp_path: Path) -> Run:
    """A run that was stopped after a while; only its journal is real."""
    life = Life(problem_of("aging_evolution")).go_on(20)
    run = Run.create(life.adviser.problem.settings, tmp_path / "run")
    with journal.Journal.reopen(run.folder / journal.FILE_NAME) as writer:
        for record in life.records:
            writer.append(record)
    return Run.open(run.folder)


def test_a_run_at_rest_goes_on_under_another_budget(stopped: Run) -> None:
    news = []
    stopped.subscribe(news.append)
    before = stopped.networks()
    assert any(not TIGHT.allows(o.costs) for o in stopped.front())
    stopped.change_budget(TIGHT)
    assert [(event.kind, event.payload) for event in news] == [("budget", TIGHT)]
    assert stopped.settings.budget == TIGHT
    assert stopped.networks() == before
    assert stopped.front()
    assert all(TIGHT.allows(o.costs) for o in stopped.front())
    again = Run.open(stopped.folder)
    assert (again.settings, again.networks(), again.front()) == (stopped.settings, before, stopped.front())
    assert again.hypervolume() == stopped.hypervolume()
    stopped.change_budget(TIGHT)
    assert len(news) == 1  # nothing changed
    stopped.change_budget(replace(TIGHT, bounds="soft"))
    assert any(not TIGHT.allows(o.costs) for o in stopped.front())


def test_a_budget_that_no_network_meets_changes_nothing(stopped: Run) -> None:
    content = (stopped.folder / journal.FILE_NAME).read_bytes()
    with pytest.raises(SearchError, match="the smallest needs"):
        stopped.change_budget(Budget(ram_bytes=10))
    assert stopped.settings.budget == WIDE
    assert (stopped.folder / journal.FILE_NAME).read_bytes() == content


def test_a_budget_of_a_run_that_another_process_writes_changes_nothing(stopped: Run) -> None:
    with (
        journal.Journal.reopen(stopped.folder / journal.FILE_NAME),
        pytest.raises(SearchError, match="another process"),
    ):
        stopped.change_budget(TIGHT)
    assert stopped.settings.budget == WIDE
    assert Run.open(stopped.folder).settings.budget == WIDE


def test_the_command_continues_with_the_bounds_that_are_given(stopped: Run, capsys: pytest.CaptureFixture[str]) -> None:
    from search.cli.commands.run import open_or_create

    asked = replace(stopped.settings, budget=Budget(), trials=50)
    same = open_or_create(asked, stopped.folder, {"ram": None, "bounds": None})
    assert (same.settings.budget, same.settings.trials) == (WIDE, 50)
    assert capsys.readouterr().err == ""
    changed = open_or_create(asked, stopped.folder, {"ram": "6KiB", "flash": "none", "error": "5%", "bounds": "soft"})
    assert changed.settings.budget == Budget(ram_bytes=6144, error=0.05, bounds="soft")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("budget changed from RAM 60 KiB, flash 400 KiB, hard to RAM 6 KiB, soft, error 5 %")
    assert Run.open(stopped.folder).settings.budget == changed.settings.budget
    with pytest.raises(SearchError, match="--seed 5, not 6"):
        open_or_create(replace(asked, seed=6), stopped.folder, {"ram": "9KiB"})
    assert Run.open(stopped.folder).settings.budget == changed.settings.budget


def test_a_damaged_budget_is_one_sentence(stopped: Run) -> None:
    with journal.Journal.reopen(stopped.folder / journal.FILE_NAME) as writer:
        writer.append({"record": "budget", "budget": {"rum": 3}})
    with pytest.raises(
        SearchError, match=r"Line \d+ of .* is damaged \(the budget cannot be read: this version knows no 'rum'"
    ):
        Run.open(stopped.folder)


def ready(train_size: int) -> dict:
    sizes = {"train_size": train_size, "validation_size": 5_000}
    return {"record": "session", "event": "ready", **sizes, "elapsed_s": 0.0, "cpu_seconds": 0.0}


def test_known_sizes_let_trainings_begin_with_a_part_of_an_epoch() -> None:
    settings = RunSettings(dataset="digits", budget=WIDE, options=SHORT["pareto_halving"], trials=9, epochs=9)
    problem = Problem.of(settings)
    adviser = Adviser(problem)
    assert adviser.ask(0).epochs == 1
    adviser.recall([ready(45_000)])
    first = adviser.ask(0)
    assert first.epochs == 0.1111
    history = adviser.recall([trial_record("trial", first, problem.costs(first.architecture), problem.space)])
    adviser.learn(record_of(ready(100)), history)  # other data later on change nothing
    assert adviser.ask(1).epochs == 0.1111


def test_a_run_of_an_earlier_version_goes_on_with_whole_epochs() -> None:
    settings = RunSettings(dataset="digits", budget=WIDE, options=SHORT["pareto_halving"], trials=9, epochs=9)
    problem = Problem.of(settings)
    adviser = Adviser(problem)
    first = adviser.ask(0)
    started = trial_record("trial", first, problem.costs(first.architecture), problem.space)
    history = adviser.recall([{**ready(45_000), "train_size": None}, started])
    adviser.learn(record_of(ready(45_000)), history)
    assert history.train_size == 45_000
    assert adviser.ask(1).epochs == 1
