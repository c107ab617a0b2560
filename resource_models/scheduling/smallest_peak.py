"""The order of operators with the smallest peak, exactly.

1. The file's order is compared with a lower bound; for plain networks that settles it. 2. An operator that
every other one must precede or follow has a fixed place. It cuts the problem into segments which do not
influence each other, since what is in memory at a cut does not depend on the order before it. 3. In a
segment the bound is raised from the lower bound until an order within it exists (`state_search`).
"""

from __future__ import annotations

from itertools import pairwise

from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.state_search import segment_order


def minimum_peak_order(problem: MemoryProblem, *, max_states: int) -> tuple[tuple[int, ...], int, bool]:
    """The best order found, its peak in bytes, and whether no order has a lower one.

    Operators that read or write nothing keep and restore state: beside one of them the order of the file stays.
    `max_states` bounds the number of states that the search of all segments together may visit.
    """
    order = list(range(len(problem.reads)))
    steps = problem.step_bytes(order)
    peak = max(steps, default=problem.start_bytes)
    bound = problem.lower_bound()
    if peak <= bound or not (all(problem.reads) and all(problem.writes)):
        return tuple(order), peak, True
    fixed = _fixed_places(problem)
    bound = max([bound, *(steps[place] for place in fixed)])
    proven = True
    for first, last in _gaps(fixed, len(order)):
        if max(steps[first:last]) <= bound:
            continue
        found = segment_order(problem, first, last, bound, max_states)
        max_states -= found.states
        proven = proven and found.proven
        bound = max(bound, found.peak_bytes)
        order[first:last] = found.order
    return tuple(order), bound, proven


def _gaps(fixed: list[int], count: int) -> list[tuple[int, int]]:
    """Ranges of at least two places between those that are fixed."""
    edges = [-1, *fixed, count]
    return [(left + 1, right) for left, right in pairwise(edges) if right - left > 2]


def _fixed_places(problem: MemoryProblem) -> list[int]:
    """Places in the file's order whose operator follows all earlier and precedes all later operators."""
    count = len(problem.reads)
    producer: dict[int, int] = {t: index for index, writes in enumerate(problem.writes) for t in writes}
    before = [0] * count
    after = [0] * count
    for index, reads in enumerate(problem.reads):
        for tensor in reads:
            source = producer.get(tensor)
            if source is not None:
                before[index] |= before[source] | 1 << source
    for index in range(count - 1, -1, -1):
        for tensor in problem.writes[index]:
            for reader in problem.consumers[tensor]:
                after[index] |= after[reader] | 1 << reader
    full = (1 << count) - 1
    return [index for index in range(count) if before[index] | after[index] | 1 << index == full]
