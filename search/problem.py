"""What a run searches in: space, budget and cost model together, before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

import data
from resource_models import Board, Costs, Graph, ResourceReport, profile, runtime_on
from resource_models import board as find_board
from resource_models import costs as cost_model
from search.budget import RESOURCES, Budget, Resource
from search.errors import BudgetError, SettingsError
from search.pruning.channels import kept_evenly, prunable_weights, with_channels
from search.pruning.genes import SPARSITY
from search.settings import RunSettings
from search.spaces import Architecture, SearchSpace, UnloadedSpace
from search.spaces import space as find_space
from search.trial import Trial

Task = tuple[tuple[int, int, int], int]
"""Shape of the examples and number of classes."""
PATIENCE = 20_000
"""Proposals over the budget in a row after which a search gives up, and so does one for random networks within it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A space with the cost model of one board, runtime and accounting.

    Attributes:
        space: of the networks.
        settings: of the run.
        board: the one that they name.
    """

    space: SearchSpace
    settings: RunSettings
    board: Board | None

    @classmethod
    def of(
        cls, settings: RunSettings, board: Board | None = None, *, load: bool = True, task: Task | None = None
    ) -> Problem:
        """The problem that `settings` describe; without their bounds by default where no network meets those.

        Args:
            settings: of a run.
            board: the one that they name, where it was read already.
            load: whether a space of the user's own may be imported; see `search.spaces.space`.
            task: shape of the examples and number of classes; by default those of the data set, as it is now.

        Raises:
            DataError: an unknown or unreadable data set.
            SettingsError: a data set that is not available, or an unknown space.
            BoardError: an unknown board.
            BudgetError: no network of the space can meet the budget.
        """
        shape, classes = _task(settings) if task is None else task
        problem = cls(
            space=find_space(settings.space, shape, classes, load=load),
            settings=settings,
            board=find_board(settings.board) if board is None and settings.board is not None else board,
        )
        return problem.within_reach()

    @property
    def is_loaded(self) -> bool:
        """Whether networks can be built; not so in a space of the user's own that was not imported."""
        return not isinstance(self.space, UnloadedSpace)

    def loaded(self) -> Problem:
        """The same with its space, which is imported now if it was not; see `within_reach`.

        Raises:
            SpaceError: it cannot be imported.
            BudgetError: no network of the space can meet the budget.
        """
        if self.is_loaded:
            return self
        space = find_space(self.settings.space, self.space.input_shape, self.space.num_classes)
        return replace(self, space=space).within_reach()

    @property
    def budget(self) -> Budget:
        """What a network may cost."""
        return self.settings.budget

    def graph(self, architecture: Architecture) -> Graph:
        """The network of an architecture."""
        return self.space.lower(architecture)

    def costs(self, architecture: Architecture) -> Costs:
        """What the network needs, in the run's accounting; about a millisecond."""
        s = self.settings
        return cost_model(self.graph(architecture), board=self.board, runtime=s.runtime, accounting=s.accounting)

    def report(self, architecture: Architecture, channels: Mapping[str, int] | None = None) -> ResourceReport:
        """Everything that is known of the network's needs, layer by layer."""
        s = self.settings
        graph = self.pruned_graph(architecture, channels)
        return profile(graph, board=self.board, runtime=s.runtime, accounting=s.accounting)

    def pruned_graph(self, architecture: Architecture, channels: Mapping[str, int] | None) -> Graph:
        """The network with the channels that pruning left; None for all."""
        graph = self.graph(architecture)
        return graph if channels is None else with_channels(graph, channels)

    def expected_costs(self, trial: Trial) -> Costs:
        """What the network will need once trained: where it is pruned, as if every group of layers lost its share."""
        pruning, sparsity = self.settings.recipe.pruning, trial.genes.get(SPARSITY, 0.0)
        if pruning is None:
            return self.costs(trial.architecture)
        graph = self.graph(trial.architecture)
        if pruning.kind == "structured":
            return self.pruned_costs(trial.architecture, kept_evenly(graph, sparsity), 0)
        return self.pruned_costs(trial.architecture, None, round(sparsity * prunable_weights(graph)))

    def typical_costs(self, architecture: Architecture) -> Costs:
        """What the network will need once trained, pruned by the middle of the range where the recipe prunes."""
        pruning = self.settings.recipe.pruning
        if pruning is None:
            return self.costs(architecture)
        middle = {SPARSITY: (pruning.lowest + pruning.highest) / 2}
        return self.expected_costs(Trial(0, architecture, self.settings.epochs, genes=middle))

    def pruned_costs(self, architecture: Architecture, channels: Mapping[str, int] | None, zeros: int) -> Costs:
        """What a pruned network needs.

        Zeros make a model smaller in the accounting `unas` only, where just other weights count: a `.tflite` file
        stores them.
        """
        s = self.settings
        graph = self.pruned_graph(architecture, channels)
        found = cost_model(graph, board=self.board, runtime=s.runtime, accounting=s.accounting)
        return replace(found, model_bytes=found.model_bytes - zeros) if s.accounting == "unas" else found

    def under(self, budget: Budget) -> Problem:
        """The same with another budget."""
        return replace(self, settings=replace(self.settings, budget=budget))

    def within_reach(self) -> Problem:
        """The same, without bounds by default where they are what no network can meet.

        Raises:
            BudgetError: no network can meet the other bounds either; see `check_budget`.
        """
        try:
            self.check_budget()
        except BudgetError:
            if not self.budget.defaults:
                raise
        else:
            return self
        plain = self.under(self.budget.without_defaults())
        plain.check_budget()
        return plain

    def check_budget(self) -> None:
        """Find out whether a network can meet the budget at all.

        Raises:
            BudgetError: none can, or what it needs cannot be estimated; says the smallest that can be reached.
        """
        if self.budget.bounds == "soft" or not (self.is_loaded and self._ram_is_modelled):
            return
        family = self.space.smallest()
        smallest = [self.costs(architecture) for architecture in family]
        over = [words for resource in RESOURCES if (words := self._unreachable(resource, smallest))]
        if over:
            raise BudgetError(f"No network of the {self.space.name} space fits in {'; nor in '.join(over)}.")
        if not any(self.budget.allows(costs) for costs in smallest):
            self._check_together(family, smallest)

    @property
    def _ram_is_modelled(self) -> bool:
        """Whether the runtime's RAM is known; a new search is refused without it, an old one can still be looked at."""
        s = self.settings
        return s.accounting == "unas" or runtime_on(self.board, s.runtime).arena is not None

    def _check_together(self, family: Sequence[Architecture], smallest: Sequence[Costs]) -> None:
        """Descend from the closest small network, morphism by morphism, towards one that meets all bounds at once."""
        rng = np.random.default_rng(0)
        excess, best = min(((_excess(self.budget, c), i) for i, c in enumerate(smallest)))
        architecture, costs = family[best], smallest[best]
        while excess > 1:
            neighbours = [(n, self.costs(n)) for n in self.space.neighbours(architecture, rng)]
            nearest = min(neighbours, key=lambda pair: _excess(self.budget, pair[1]))
            if _excess(self.budget, nearest[1]) >= excess:
                over = "; ".join(str(v) for v in self.budget.violations(costs))
                raise BudgetError(
                    f"No network of the {self.space.name} space was found that meets all bounds at once; "
                    f"the closest: {over}; each bound alone can be met, the smallest being {self._least(smallest)}."
                )
            (architecture, costs), excess = nearest, _excess(self.budget, nearest[1])

    def _least(self, smallest: Sequence[Costs]) -> str:
        """The least of each bounded resource that a network needs, in words."""
        bounded = {r.key: min(v for c in smallest if (v := getattr(c, r.key)) is not None) for r in self.budget.bounded}
        least = Budget(**bounded)
        return str(least)

    def _unreachable(self, resource: Resource, smallest: Sequence[Costs]) -> str:
        """In words that no network needs so little of a resource, and what the smallest needs; empty where one does.

        Raises:
            BudgetError: what networks need of it cannot be estimated.
        """
        allowed = getattr(self.budget, resource.key)
        if allowed is None:
            return ""
        known = [v for c in smallest if (v := getattr(c, resource.key)) is not None]
        if not known:
            raise BudgetError(
                f"{resource.option}: {resource.word} cannot be estimated here ({self._reason(resource)}); leave that "
                "budget out, or choose another board or runtime."
            )
        if min(known) <= allowed:
            return ""
        return f"{resource.show(allowed)} of {resource.word}; the smallest needs {resource.show(min(known))}"

    def _reason(self, resource: Resource) -> str:
        if self.board is None:
            return "no board is chosen"
        missing = resource.known(self.report(self.space.smallest()[0]))
        return str(getattr(missing, "reason", resource.unknown)).rstrip(".")


def left_out_words(asked: Budget, kept: RunSettings) -> str:
    """In words which bounds by default of the budget that was asked for a run goes without; empty where none."""
    return " ".join(
        f"The {r.word} is not bounded: no network of the {kept.space} space was found within the default of "
        f"{r.show(bound)}."
        for r, bound in asked.defaults.items()
        if kept.budget.limit(r) is None
    )


def _task(settings: RunSettings) -> Task:
    """Input shape and number of classes."""
    info = data.describe(settings.dataset, data_dir=settings.data_dir)
    if not info.available:
        raise SettingsError(f"The data set {info.name} is not available: {info.reason}.")
    return info.input_shape, info.num_classes


def _excess(budget: Budget, costs: Costs) -> float:
    """By what factor, over all resources, `costs` are over the budget; 1 when they are within it."""
    return float(np.prod([v.factor for v in budget.violations(costs)]))
