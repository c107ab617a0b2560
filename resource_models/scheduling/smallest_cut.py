"""What an operator needs at the very least, whatever the order: the smallest memory in any state in which it can run.

A state is a set of finished operators that holds, with each, all that it reads from. The memory in a state
is the size of a cut: every tensor that was written inside and is still read outside counts once. The
smallest over all states that hold what the operator reads from, and neither it nor what reads from it, is a
minimum cut, found as a maximum flow along shortest augmenting paths (Edmonds and Karp, 1972).
"""

from __future__ import annotations

from collections import deque

from resource_models.scheduling.memory_problem import MemoryProblem

_START, _END = -1, -2


class SmallestCuts:
    """Lower bounds for the operators `first` to `last` (exclusive) of the file's order."""

    def __init__(self, problem: MemoryProblem, first: int, last: int) -> None:
        self._problem = problem
        self._range = range(first, last)
        self._producers = {t: index for index in self._range for t in problem.writes[index]}
        self._sources = [
            {self._producers[t] for t in problem.reads[index] if t in self._producers} for index in self._range
        ]

    def least_bytes(self, operator: int) -> int:
        """Bytes in memory while `operator` runs, in the most favourable state."""
        problem = self._problem
        side = {
            **dict.fromkeys(self._earlier(operator), _START),
            **dict.fromkeys(self._later(operator), _END),
        }
        written = 0 if problem.overwrites[operator] else sum(problem.sizes[t] for t in problem.writes[operator])
        return written + _maximum_flow(self._network(side))

    def _earlier(self, operator: int) -> set[int]:
        found: set[int] = set()
        waiting = [operator]
        while waiting:
            new = self._sources[waiting.pop() - self._range.start] - found
            found |= new
            waiting += new
        return found

    def _later(self, operator: int) -> set[int]:
        found = {operator}
        for index in range(operator + 1, self._range.stop):
            if self._sources[index - self._range.start] & found:
                found.add(index)
        return found

    def _network(self, side: dict[int, int]) -> dict[int, dict[int, int]]:
        """Capacities between operators; those of a known side are one node. Tensors read twice have a node too."""
        problem = self._problem
        unbounded = sum(problem.sizes) + 1
        network: dict[int, dict[int, int]] = {_START: {}, _END: {}}

        def connect(tail: int, head: int, capacity: int) -> None:
            if tail != head:
                network.setdefault(tail, {}).setdefault(head, 0)
                network.setdefault(head, {}).setdefault(tail, 0)
                network[tail][head] += capacity

        for tensor, readers in enumerate(problem.consumers):
            producer = self._producers.get(tensor)
            tail = _START if producer is None else side.get(producer, producer)
            heads = {side.get(r, r) if r in self._range else _END for r in readers if r >= self._range.start}
            if tensor in problem.kept:
                heads.add(_END)
            if producer is None and not self._lives_at_start(tensor):
                continue
            for head in heads:
                connect(head, tail, unbounded)
            if _END in heads:
                heads = {_END}
            if len(heads) == 1:
                connect(tail, heads.pop(), problem.sizes[tensor])
            elif heads:
                node = -3 - tensor
                connect(tail, node, problem.sizes[tensor])
                for head in heads:
                    connect(node, head, unbounded)
        return network

    def _lives_at_start(self, tensor: int) -> bool:
        """Whether a tensor that the segment does not write is there when it begins."""
        first = self._range.start
        return tensor in self._problem.inputs or any(tensor in w for w in self._problem.writes[:first])


def _maximum_flow(capacities: dict[int, dict[int, int]]) -> int:
    total = 0
    while True:
        came_from = _shortest_path(capacities)
        if _END not in came_from:
            return total
        path = [_END]
        while path[-1] != _START:
            path.append(came_from[path[-1]])
        steps = list(zip(path[1:], path, strict=False))
        amount = min(capacities[tail][head] for tail, head in steps)
        for tail, head in steps:
            capacities[tail][head] -= amount
            capacities[head][tail] += amount
        total += amount


def _shortest_path(capacities: dict[int, dict[int, int]]) -> dict[int, int]:
    came_from = {_START: _START}
    waiting = deque([_START])
    while waiting and _END not in came_from:
        tail = waiting.popleft()
        for head, capacity in capacities[tail].items():
            if capacity and head not in came_from:
                came_from[head] = tail
                waiting.append(head)
    return came_from
