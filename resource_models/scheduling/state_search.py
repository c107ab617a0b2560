"""The smallest bound within which a segment has an order, over sets of finished runs.

Notation: S is a set of finished runs, live(S) the bytes in memory then.

Committing. When a run r is ready in S, needs no more than the bound, and live(S ∪ r) ≤ live(S), it can run
at once: if some order from S stays within the bound, moving r to its front gives another. Each state S ∪ A
of that order becomes S ∪ A ∪ r, which holds r's output instead of the inputs that only r still needs; as A
grows these are more and more, so live does not rise, and what may be overwritten in S ∪ A may be
overwritten in S ∪ A ∪ r. The same holds with time reversed: if r can come last in R, needs no more than the
bound, and live(R − r) ≤ live(R), it may be put last at once. There a sum may lose an input to overwrite, as
fewer readers are finished; but what it needed with overwriting was live(S), and it now needs live(S ∪ sum −
r) and its other inputs, which is no more.

The smallest bound. The search keeps to moves within a bound that no order can beat. When it has nothing left
to visit, every order makes one of the moves that were too dear so far, so the cheapest of those is the next
bound, and the search goes on from there: no state is visited twice. What was committed within a lower bound
stays right within a higher one.

Two searches, from the start and from the end, take turns, as one is often far smaller; they share the bound.
As soon as one reaches a state that the other has visited, their paths together are an order within the bound,
which is the best. The best order is also known when no move is left that is cheaper than what a greedy order
needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from operator import itemgetter

from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.smallest_cut import SmallestCuts
from resource_models.scheduling.state_space import Backward, Forward, Move, Segment

_TURN = 25
"""States that a search visits before it is the other's turn."""


@dataclass(frozen=True, slots=True)
class SegmentOrder:
    """An order of a segment: its operators, their peak, whether no order has a lower one, and the states visited."""

    order: tuple[int, ...]
    peak_bytes: int
    proven: bool
    states: int


def segment_order(problem: MemoryProblem, first: int, last: int, bound: int, max_states: int) -> SegmentOrder:
    """The best order of the operators `first` to `last` (exclusive) of the file, at least `bound` bytes high."""
    segment = Segment(problem, first, last)
    order, peak = _greedy(segment)
    file_order = tuple(range(first, last))
    steps = problem.step_bytes((*range(first), *order))[first:]
    if max(problem.step_bytes(range(last))[first:]) <= peak:
        order = file_order
        steps = problem.step_bytes(range(last))[first:]
        peak = max(steps)
    cuts = SmallestCuts(problem, first, last)
    for operator, size in zip(order, steps, strict=True):
        if size > bound:
            bound = max(bound, cuts.least_bytes(operator))
    if bound >= peak:
        return SegmentOrder(order, peak, True, 0)
    found = _search(segment, bound, peak, max_states)
    if found.runs is None:
        return SegmentOrder(order, peak, found.proven, found.states)
    return SegmentOrder(segment.operators(found.runs), segment.peak_bytes(found.runs), True, found.states)


def _greedy(segment: Segment) -> tuple[tuple[int, ...], int]:
    """The order that always takes the run with the lowest peak, then the lowest memory after it; and its peak."""
    state, live, highest = 0, segment.start_bytes, 0
    forward = Forward(segment, segment.all_runs)
    path: list[int] = []
    while state != segment.all_runs:
        moves = [(max(peak, highest), *rest) for peak, *rest in forward.moves(state, live)]
        highest, live, state, run = min(moves)
        path.append(run)
    return segment.operators(path), highest


@dataclass(frozen=True, slots=True)
class _Found:
    """The runs of the best order, or None where none beats the known one; whether that is proven; states visited."""

    runs: list[int] | None
    proven: bool
    states: int


class _Side:
    """A search from one end of the segment.

    Attributes:
        came_from: per state visited, the state before it and the runs between the two.
        dear: moves over the bound and below the known peak, as a heap: peak, live and state after, run, state before.
    """

    def __init__(self, way: Forward | Backward, state: int, live: int) -> None:
        self._way = way
        self._stack = [(state, live)]
        self._start = state
        self.came_from: dict[int, tuple[int, list[int]]] = {state: (state, [])}
        self.dear: list[tuple[int, int, int, int, int]] = []

    @property
    def exhausted(self) -> bool:
        """Whether every state within the bound was visited."""
        return not self._stack

    def visit(self, bound: int, peak: int, turn: int, other: dict[int, tuple[int, list[int]]]) -> int | None:
        """Go on within `bound` for about `turn` states; the first state that is in `other` too, if one was reached."""
        came_from, stack, way = self.came_from, self._stack, self._way
        while self.dear and self.dear[0][0] <= bound:
            _, live, state, run, before = heappop(self.dear)
            if state not in came_from and (met := self._reach(state, live, before, run, bound, other)) is not None:
                return met
        until = len(came_from) + turn
        while stack and len(came_from) < until:
            state, live = stack.pop()
            moves = way.moves(state, live)
            moves.sort(key=itemgetter(1), reverse=True)
            for needed, after, reached, run in moves:
                if needed > bound:
                    if needed < peak:
                        heappush(self.dear, (needed, after, reached, run, state))
                elif (
                    reached not in came_from
                    and (met := self._reach(reached, after, state, run, bound, other)) is not None
                ):
                    return met
        return None

    def _reach(
        self, state: int, live: int, before: int, run: int, bound: int, other: dict[int, tuple[int, list[int]]]
    ) -> int | None:
        """Commit from a new state, and have the state reached visited if it is new too; see `visit`."""
        self.came_from[state] = before, [run]
        reached, live, runs = _commit(state, live, bound, self._way)
        if not runs:
            self._stack.append((state, live))
        elif reached not in self.came_from:
            self.came_from[reached] = state, runs
            self._stack.append((reached, live))
        return state if state in other else reached if reached in other else None

    def path(self, state: int) -> list[list[int]]:
        """Groups of runs from `state` back to this side's end."""
        parts = []
        while state != self._start:
            state, runs = self.came_from[state]
            parts.append(runs)
        return parts


def _search(segment: Segment, bound: int, peak: int, max_states: int) -> _Found:
    """The best order of the whole segment, if it needs less than `peak`; none needs less than `bound`."""
    low, low_live, head = _commit(0, segment.start_bytes, bound, Forward(segment, segment.all_runs))
    high, high_live, tail = _commit(segment.all_runs, segment.end_bytes, bound, Backward(segment, low))
    first, last = _Side(Forward(segment, high), low, low_live), _Side(Backward(segment, low), high, high_live)
    here, there = first, last
    while True:
        met = low if low == high else here.visit(bound, peak, _TURN, there.came_from)
        states = len(first.came_from) + len(last.came_from)
        if met is not None:
            middle = [*reversed(first.path(met)), *(runs[::-1] for runs in last.path(met))]
            return _Found([*head, *(run for runs in middle for run in runs), *reversed(tail)], True, states)
        if here.exhausted:
            if not here.dear:
                return _Found(None, True, states)
            bound = here.dear[0][0]
        elif states > max_states:
            return _Found(None, False, states)
        here, there = there, here


def _commit(state: int, live: int, bound: int, way: Forward | Backward) -> tuple[int, int, list[int]]:
    """Make every move that is right whatever comes later; the state reached, its memory, and the moves' runs."""
    path: list[int] = []
    while True:
        for move in way.moves(state, live):
            if move[0] > bound or (move[1] > live and move[3] not in way.chains):
                continue
            reached = _descend(move, live, bound, way)
            if reached is not None:
                state, live, runs = reached
                path += runs
                break
        else:
            return state, live, path


def _descend(move: Move, level: int, bound: int, way: Forward | Backward) -> tuple[int, int, list[int]] | None:
    """Follow the chain of `move` within `bound` until no more than `level` bytes are in memory; None if it cannot."""
    peak, live, state, run = move
    runs = [run]
    while live > level and peak <= bound:
        following = way.next_in_chain(state, run)
        if following is None:
            return None
        peak, live, state, run = way.move(state, live, following)
        runs.append(run)
    return (state, live, runs) if peak <= bound else None
