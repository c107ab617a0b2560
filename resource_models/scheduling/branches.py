"""Parallel branches of a segment: which of two may be started first without loss.

A and B are chains whose first operators read the same tensors, and nothing depends on B's result that does
not depend on A's. Let a_j and b_j be the sizes of their operators' outputs, H_A(p) the most that A's first
p operators need beside what is there before. Let p be a place with a_p ≤ a_1 … a_p. Then A may be required
to reach p before B starts, if

    H_A(p) − a_1 ≤ b_j        and        H_B(j) − b_j ≤ a_1 − a_p        for every place j of B.

For take an order in which B is at place j when A starts, with M bytes in memory. Leave B where it was until
then, run A up to p at once, then B up to j, and go on as before. Until A starts, less is held. A needs at
most M − b_j + H_A(p) ≤ M + a_1, B then at most M − b_j + a_p + H_B(j) ≤ M + a_1, and M + a_1 is what A's
first operator needed. Afterwards A holds a_p where it held as much or more. What the two read was in memory
all the while.

The requirements hold together: A before B means a_1 − a_p ≥ b_1 − b_q for B's own place q, so taking, for
an A, the offending branches one by one, the last first, ends. Branches that are alike in everything are
kept in the file's order.
"""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.scheduling.chains import Run
from resource_models.scheduling.memory_problem import MemoryProblem


@dataclass(frozen=True, slots=True)
class _Branch:
    """A chain by its runs: their indices, after each the size that it holds and the most it has needed; all sizes."""

    runs: tuple[int, ...]
    held: tuple[int, ...]
    needed: tuple[int, ...]
    sizes: tuple[int, ...]
    reads: tuple[int, ...]
    result_readers: tuple[int, ...]


def start_order(problem: MemoryProblem, runs: list[Run]) -> list[tuple[int, int]]:
    """Pairs of runs (earlier, later) that may be required in addition to what the later run reads from."""
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[_Branch]] = {}
    for branch in _branches(problem, runs):
        groups.setdefault((branch.reads, branch.result_readers), []).append(branch)
    pairs = []
    for group in groups.values():
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                pairs += _pair(one, other) or _pair(other, one)
    return pairs


def _pair(one: _Branch, other: _Branch) -> list[tuple[int, int]]:
    if one.sizes == other.sizes:
        return list(zip(one.runs, other.runs, strict=True))
    first, least = one.sizes[0], min(other.held)
    excess = max(need - held for need, held in zip(other.needed, other.held, strict=True))
    for place in range(len(one.runs) - 1, -1, -1):
        held = one.held[place]
        falls = held <= first and held <= min(one.held[: place + 1])
        if falls and one.needed[place] - first <= least and excess <= first - held:
            return [(one.runs[place], other.runs[0])]
    return []


def _branches(problem: MemoryProblem, runs: list[Run]) -> list[_Branch]:
    branches = []
    start = 0
    for end in range(1, len(runs) + 1):
        if end == len(runs) or not runs[end].continues:
            branch = _branch(problem, runs, range(start, end))
            if branch is not None:
                branches.append(branch)
            start = end
    return branches


def _branch(problem: MemoryProblem, runs: list[Run], indices: range) -> _Branch | None:
    operators = [operator for index in indices for operator in runs[index].operators]
    head, tail = operators[0], operators[-1]
    if problem.overwrites[head] or len(problem.writes[tail]) != 1 or problem.writes[tail][0] in problem.kept:
        return None
    sizes = [problem.sizes[problem.writes[operator][0]] for operator in operators]
    needs = [sizes[0], *(sizes[place - 1] + sizes[place] for place in range(1, len(sizes)))]
    held, needed = [], []
    done = 0
    for index in indices:
        done += len(runs[index].operators)
        held.append(sizes[done - 1])
        needed.append(max(needs[:done]))
    readers = problem.consumers[problem.writes[tail][0]]
    return _Branch(
        tuple(indices), tuple(held), tuple(needed), tuple(sizes), tuple(sorted(problem.reads[head])), readers
    )
