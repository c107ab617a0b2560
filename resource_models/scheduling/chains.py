"""Chains of operators, and the few places in a chain at which a schedule may want to pause.

In a chain o₁ … o_L each operator but the first reads only what the one before it wrote, and nobody else
reads that. Let v_j be the size of o_j's output and h_j = v_(j−1) + v_j what o_j needs. Once o₁ has run,
what the rest of the network holds is added to either, so the chain can be judged on its own. Let p be the
place of the smallest v, of v_1 … v_L.

After p: let m be the operator of the largest h, q the place of the smallest v from m on. A pause between p
and q gains nothing: before m, the operators since p can run later, just before m, where they need no more
than m itself, and until then v_p is held instead of more; after m, those up to q can run at once, where
they need no more than m did, and v_q is held instead of more. Then the same again from q. Before p the
argument holds with time reversed.

This is Liu's argument for trees ("An application of generalized tree pebbling to sparse matrix
factorization", 1987), on both sides of the smallest cut as in Kayaaslan et al., "Scheduling series-parallel
task graphs to minimize peak memory", 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.scheduling.memory_problem import MemoryProblem


@dataclass(frozen=True, slots=True)
class Run:
    """Operators of one chain that run without a pause.

    After the first of them, the others raise memory by at most `rest_peak` and finally by `rest_change`
    bytes. `continues` says whether the run before it in the list is the same chain's.
    """

    operators: tuple[int, ...]
    rest_peak: int
    rest_change: int
    continues: bool


def runs_of(problem: MemoryProblem, first: int, last: int) -> list[Run]:
    """The operators `first` to `last` (exclusive) of the file's order as runs, each after what it reads from."""
    follower = {index: _follower(problem, index, last) for index in range(first, last)}
    followers = set(follower.values())
    runs = []
    for start in range(first, last):
        if start in followers:
            continue
        chain = [start]
        while (following := follower[chain[-1]]) is not None:
            chain.append(following)
        sizes = [problem.sizes[problem.writes[index][0]] for index in chain] if len(chain) > 1 else []
        begin = 0
        for end in [*pauses(sizes), len(chain)]:
            runs.append(_run(chain, sizes, begin, end))
            begin = end
    return runs


def _follower(problem: MemoryProblem, index: int, last: int) -> int | None:
    writes = problem.writes[index]
    if len(writes) != 1 or writes[0] in problem.kept:
        return None
    readers = problem.consumers[writes[0]]
    if len(readers) != 1 or readers[0] >= last:
        return None
    reader = readers[0]
    alone = len(problem.reads[reader]) == 1 and len(problem.writes[reader]) == 1
    lasting = problem.writes[reader][0] in problem.kept or bool(problem.consumers[problem.writes[reader][0]])
    return reader if alone and lasting and not problem.overwrites[reader] else None


def _run(chain: list[int], sizes: list[int], begin: int, end: int) -> Run:
    operators = tuple(chain[begin:end])
    if len(operators) == 1:
        return Run(operators, 0, 0, begin > 0)
    start = sizes[begin]
    peak = max(sizes[place] + sizes[place - 1] for place in range(begin + 1, end)) - start
    return Run(operators, peak, sizes[end - 1] - start, begin > 0)


def pauses(sizes: list[int]) -> list[int]:
    """How many operators of a chain have run at each useful pause, for the sizes of its operators' outputs.

    A pause before the first and after the last operator is always possible and not listed.
    """
    last = len(sizes) - 1
    if last < 1:
        return []
    needs = [0, *(sizes[place - 1] + sizes[place] for place in range(1, len(sizes)))]
    lowest = min(range(len(sizes)), key=sizes.__getitem__)
    places = {lowest, last}
    place = lowest
    while place > 0:
        top = max(range(1, place + 1), key=needs.__getitem__)
        place = min(range(top), key=sizes.__getitem__)
        places.add(place)
    place = lowest
    while place < last:
        top = max(range(last, place, -1), key=needs.__getitem__)
        place = min(range(last, top - 1, -1), key=sizes.__getitem__)
        places.add(place)
    return [place + 1 for place in sorted(places) if place < last]
