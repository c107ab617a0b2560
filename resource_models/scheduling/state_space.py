"""A segment of a network as a space of states: which runs are finished, and what the next or the last one costs."""

from __future__ import annotations

from collections.abc import Sequence

from resource_models.scheduling.branches import start_order
from resource_models.scheduling.chains import runs_of
from resource_models.scheduling.memory_problem import MemoryProblem

Move = tuple[int, int, int, int]
"""Bytes while a run is made (or taken back), bytes in memory then, the state then, and the run."""


class Segment:
    """The operators `first` to `last` (exclusive) of the file's order. A state is a bit mask of finished runs."""

    def __init__(self, problem: MemoryProblem, first: int, last: int) -> None:
        self._runs = runs_of(problem, first, last)
        self.all_runs = (1 << len(self._runs)) - 1
        self.start_bytes = problem.live_bytes(range(first))
        self.end_bytes = problem.live_bytes(range(last))
        run_of = {operator: index for index, run in enumerate(self._runs) for operator in run.operators}
        self.needs, self.blocks = self._precedence(problem, run_of)
        self.followers = [self._follower(index) for index in range(len(self._runs))]
        self.leaders = [self._leader(index) for index in range(len(self._runs))]
        self.effects = self._effects_of(problem, run_of)

    def _precedence(self, problem: MemoryProblem, run_of: dict[int, int]) -> tuple[list[int], list[int]]:
        """Per run the mask of the runs that must be finished before it, and of those that it must come before."""
        needs, blocks = [0] * len(self._runs), [0] * len(self._runs)
        for index, run in enumerate(self._runs):
            for tensor in problem.writes[run.operators[-1]]:
                for reader in problem.consumers[tensor]:
                    other = run_of.get(reader)
                    if other is not None:
                        blocks[index] |= 1 << other
                        needs[other] |= 1 << index
        for earlier, later in start_order(problem, self._runs):
            blocks[earlier] |= 1 << later
            needs[later] |= 1 << earlier
        return needs, blocks

    def _follower(self, index: int) -> int | None:
        """The next run of the same chain, which waits for nothing else."""
        following = index + 1
        return following if following < len(self._runs) and self._runs[following].continues else None

    def _leader(self, index: int) -> int | None:
        """The run before it in the same chain."""
        return index - 1 if self._runs[index].continues else None

    def _effects_of(
        self, problem: MemoryProblem, run_of: dict[int, int]
    ) -> list[tuple[int, int, list[tuple[int, int]], list[int], int, int]]:
        """What a run does to memory.

        Bytes written by its head; those of them that somebody reads; (other readers, bytes) of what it reads;
        other readers of what it may overwrite; peak and change of its remaining operators.
        """
        effects = []
        for index, run in enumerate(self._runs):
            head = run.operators[0]
            others = {t: self._readers(problem, t, run_of) & ~(1 << index) for t in problem.reads[head]}
            sizes, writes = problem.sizes, problem.writes[head]
            used = [t for t in writes if problem.consumers[t] or t in problem.kept]
            effects.append(
                (
                    sum(sizes[t] for t in writes),
                    sum(sizes[t] for t in used),
                    [(mask, sizes[t]) for t, mask in others.items()],
                    [others[t] for t in problem.overwrites[head]],
                    run.rest_peak,
                    run.rest_change,
                )
            )
        return effects

    def _readers(self, problem: MemoryProblem, tensor: int, run_of: dict[int, int]) -> int:
        """Mask of the runs that read a tensor, with a bit that no run has where it outlives the segment."""
        outlives = tensor in problem.kept
        mask = 0
        for reader in problem.consumers[tensor]:
            if reader in run_of:
                mask |= 1 << run_of[reader]
            elif reader > max(run_of):
                outlives = True
        return mask | (self.all_runs + 1 if outlives else 0)

    def effect(self, state: int, run: int) -> tuple[int, int]:
        """How far memory rises while `run` runs in `state`, and how it has changed afterwards."""
        return _rise_and_change(~state, *self.effects[run])

    def peak_bytes(self, runs: Sequence[int]) -> int:
        """The most bytes in memory while the given runs follow each other from the start."""
        state, live, peak = 0, self.start_bytes, self.start_bytes
        for run in runs:
            rise, change = self.effect(state, run)
            peak = max(peak, live + rise)
            live += change
            state |= 1 << run
        return peak

    def operators(self, runs: Sequence[int]) -> tuple[int, ...]:
        """The operators of the given runs, in order."""
        return tuple(operator for run in runs for operator in self._runs[run].operators)


def _rise_and_change(
    missing: int,
    written: int,
    change: int,
    reads: list[tuple[int, int]],
    overwrites: list[int],
    rest_peak: int,
    rest_change: int,
) -> tuple[int, int]:
    """What a run does to memory when the runs of the set `missing` are not finished."""
    for others, size in reads:
        if not others & missing:
            change -= size
    for others in overwrites:
        if not others & missing:
            written = 0
            break
    if rest_peak or rest_change:
        return max(written, change + rest_peak), change + rest_change
    return written, change


class Forward:
    """Moves that make one more run, as long as it is in the set `within`."""

    def __init__(self, segment: Segment, within: int) -> None:
        self._segment = segment
        self._within = within
        self._runs = [
            (run, 1 << run, needs, segment.effects[run]) for run, needs in enumerate(segment.needs) if within >> run & 1
        ]
        self.chains = {run for run, following in enumerate(segment.followers) if following is not None}

    def moves(self, state: int, live: int) -> list[Move]:
        """Every move from `state`, in which `live` bytes are in memory."""
        missing = ~state
        found = []
        for run, bit, needs, effect in self._runs:
            if bit & missing and not needs & missing:
                rise, change = _rise_and_change(missing, *effect)
                found.append((live + rise, live + change, state | bit, run))
        return found

    def move(self, state: int, live: int, run: int) -> Move:
        """The move that makes `run`."""
        rise, change = self._segment.effect(state, run)
        return live + rise, live + change, state | 1 << run, run

    def next_in_chain(self, state: int, run: int) -> int | None:
        """The run after `run` in its chain, if it is ready and within reach."""
        following = self._segment.followers[run]
        if following is None or not self._within >> following & 1 or self._segment.needs[following] & ~state:
            return None
        return following


class Backward:
    """Moves that take back one run, as long as it is not in the set `without`."""

    def __init__(self, segment: Segment, without: int) -> None:
        self._segment = segment
        self._without = without
        self._runs = [
            (run, 1 << run, blocks, segment.effects[run])
            for run, blocks in enumerate(segment.blocks)
            if not without >> run & 1
        ]
        self.chains = {run for run, leading in enumerate(segment.leaders) if leading is not None}

    def moves(self, state: int, live: int) -> list[Move]:
        """Every move from `state`, in which `live` bytes are in memory."""
        found = []
        for run, bit, blocks, effect in self._runs:
            if bit & state and not blocks & state:
                before = state ^ bit
                rise, change = _rise_and_change(~before, *effect)
                found.append((live - change + rise, live - change, before, run))
        return found

    def move(self, state: int, live: int, run: int) -> Move:
        """The move that takes `run` back."""
        before = state ^ 1 << run
        rise, change = self._segment.effect(before, run)
        return live - change + rise, live - change, before, run

    def next_in_chain(self, state: int, run: int) -> int | None:
        """The run before `run` in its chain, if it can be taken back and is within reach."""
        leading = self._segment.leaders[run]
        if leading is None or self._without >> leading & 1 or self._segment.blocks[leading] & state:
            return None
        return leading
