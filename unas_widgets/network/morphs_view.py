"""What would lower the peak: the networks one morphism away that need less RAM, and what each costs elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from resource_models import Costs
from search.problem import Problem
from search.quantities import COLUMNS, RESOURCES, Resource
from search.spaces.difference import Place, difference_words, differences
from search.trial import Trial

SHOWN = 5
NONE_LOWER = "None of the networks one morphism away needs less RAM than this one."
REMARK = "By the cost model alone. What the error would be is known only after training."


@dataclass(frozen=True, slots=True)
class Morph:
    """A network one morphism away.

    Attributes:
        text: what changes, e.g. "block 1, layer 2: filters 12 → 9".
        places: where in the architecture; morphs of the same places differ in degree only.
        before, after: what the network needs without and with the change.
    """

    text: str
    places: tuple[Place, ...]
    before: Costs
    after: Costs

    @property
    def saved_bytes(self) -> int:
        """RAM that it saves; negative where it needs more."""
        return self.before.ram_bytes - self.after.ram_bytes

    @property
    def others(self) -> str:
        """What becomes of the other costs: "flash −0.3 KiB, MACs −1.2 k, latency +0.1 ms"."""
        pairs = ((q, getattr(self.before, q.key), getattr(self.after, q.key)) for q in COLUMNS if q in _OTHERS)
        return ", ".join(_changed(q, before, after) for q, before, after in pairs if None not in (before, after))


def morphs(problem: Problem, trial: Trial) -> Iterator[Morph]:
    """Every network one morphism away from a trial's, one after the other, each costed when it is asked for.

    What a morphism leaves open is drawn anew from the trial's number, so that the same trial gives the same morphs.
    """
    space, here = problem.space, trial.architecture
    before, document = problem.expected_costs(trial), space.to_json(here)
    for neighbour in space.neighbours(here, np.random.default_rng(trial.id)):
        found = differences(document, space.to_json(neighbour))
        after = problem.expected_costs(replace(trial, architecture=neighbour))
        yield Morph(difference_words(found), tuple(change.place for change in found), before, after)


def lowering(found: Iterable[Morph], *, most: int = SHOWN) -> tuple[Morph, ...]:
    """Those that save RAM, the most first; of those that differ in degree only the one that saves most."""
    best: dict[tuple[Place, ...], Morph] = {}
    for morph in found:
        rival = best.get(morph.places)
        if morph.saved_bytes > 0 and (rival is None or morph.saved_bytes > rival.saved_bytes):
            best[morph.places] = morph
    return tuple(sorted(best.values(), key=lambda m: (-m.saved_bytes, m.after.macs, m.text))[:most])


_OTHERS = tuple(r for r in RESOURCES if r.key != "ram_bytes")


def _changed(resource: Resource, before: float, after: float) -> str:
    if after == before:
        return f"{resource.word} as before"
    change = resource.show(abs(after - before)).removesuffix(f" {resource.word}")
    return f"{resource.word} {'+' if after > before else '−'}{change}"
