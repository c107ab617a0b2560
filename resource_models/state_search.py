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

The smallest bound. When no order within a bound exists, every order makes one of the moves that were too
dear in some visited state, so the cheapest of those is a bound from below; an order that is found is one
from above. The lower bound is tried first. If it
has no order, one byte less than the best order is asked for until there is none: searches that find something are
short, so all but the last are.

Searches from the start and from the end take turns with a growing allowance, as one is often far smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

from resource_models.memory_problem import MemoryProblem
from resource_models.segment import Backward, Forward, Move, Segment
from resource_models.smallest_cut import SmallestCuts

_FIRST_ALLOWANCE = 100


@dataclass(frozen=True, slots=True)
class SegmentOrder:
    """An order of a segment: its operators, their peak, whether no order has a lower one, and the states visited."""

    order: tuple[int, ...]
    peak_bytes: int
    proven: bool
    states: int


@dataclass(frozen=True, slots=True)
class _Search:
    """Outcome of a search: the runs of a path, or the next bound to try, or neither when the allowance is used up."""

    path: list[int] | None
    next_bound: int | None
    states: int

    @property
    def undecided(self) -> bool:
        return self.path is None and self.next_bound is None


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
    states = 0
    probe = bound
    while bound < peak:
        search = _within(segment, probe, max_states - states)
        states += search.states
        if search.path is not None:
            order, peak = segment.operators(search.path), segment.peak_bytes(search.path)
        elif search.next_bound is not None:
            bound = search.next_bound
        else:
            return SegmentOrder(order, peak, False, states)
        probe = peak - 1
    return SegmentOrder(order, peak, True, states)


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


def _within(segment: Segment, bound: int, allowance: int) -> _Search:
    """An order of the whole segment within `bound`."""
    low, low_live, head = _commit(0, segment.start_bytes, bound, Forward(segment, segment.all_runs))
    high, high_live, tail = _commit(segment.all_runs, segment.end_bytes, bound, Backward(segment, low))
    forward, backward = Forward(segment, high), Backward(segment, low)
    states, limit = 0, _FIRST_ALLOWANCE
    while True:
        search = _explore(low, low_live, high, bound, min(limit, allowance - states), forward)
        states += search.states
        if search.undecided and states < allowance:
            search = _explore(high, high_live, low, bound, min(limit, allowance - states), backward)
            states += search.states
            if search.path is not None:
                search.path.reverse()
        if search.path is not None:
            return _Search([*head, *search.path, *reversed(tail)], None, states)
        if not search.undecided or states >= allowance:
            return _Search(None, search.next_bound, states)
        limit *= 8


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


def _explore(start: int, live: int, goal: int, bound: int, limit: int, way: Forward | Backward) -> _Search:
    """Depth-first search from `start` to `goal` by moves within `bound`."""
    came_from: dict[int, tuple[int, list[int]]] = {start: (start, [])}
    stack = [(start, live)]
    too_dear: int | None = None
    while stack:
        state, live = stack.pop()
        if state == goal:
            return _Search(_path(came_from, start, goal), None, len(came_from))
        if len(came_from) > limit:
            return _Search(None, None, len(came_from))
        moves = way.moves(state, live)
        moves.sort(key=itemgetter(1), reverse=True)
        for peak, after, reached, run in moves:
            if peak > bound:
                too_dear = peak if too_dear is None else min(peak, too_dear)
            elif reached not in came_from:
                came_from[reached] = state, [run]
                following, following_live, runs = _commit(reached, after, bound, way)
                if following not in came_from:
                    came_from[following] = reached, runs
                elif runs:
                    continue
                stack.append((following, following_live))
    return _Search(None, too_dear, len(came_from))


def _path(came_from: dict[int, tuple[int, list[int]]], start: int, goal: int) -> list[int]:
    parts = []
    state = goal
    while state != start:
        state, runs = came_from[state]
        parts.append(runs)
    return [run for runs in reversed(parts) for run in runs]
