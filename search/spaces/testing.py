"""The conformance kit of search spaces: what every space must do, whoever wrote it.

>>> from search.spaces import space
>>> check_search_space(space("cnn", (8, 8, 1), 10))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from resource_models import Accounting, costs
from search.spaces.base import Architecture, Encoded, SearchSpace, SpaceError, Varied, logit_count, morphisms_of

RESOURCES = ("ram_bytes", "model_bytes", "macs")
ACCOUNTINGS: tuple[Accounting, ...] = ("tflm", "unas")
MAX_SMALLEST = 1000
CHAIN_LENGTH = 20
ONE_BY_ONE = 8
WAYS_BACK = 5
SEEDS_BACK = 64


def check_search_space(space: SearchSpace, *, seed: int = 0, samples: int = 30) -> None:
    """Check that a space keeps the promises of `SearchSpace`, on that many random architectures.

    Raises:
        AssertionError: on the first broken promise, with the architecture that broke it.
    """
    drawn = [space.sample(np.random.default_rng((seed, i))) for i in range(samples)]
    check_sampling(space, drawn, seed)
    for architecture in drawn:
        check_member(space, architecture)
    check_documents(space)
    for i, architecture in enumerate(drawn):
        check_neighbours(space, architecture, seed + i)
        check_one_neighbour(space, architecture, seed + i)
        check_morphisms(space, architecture, seed + i)
        check_ways_back(space, architecture, seed + i)
    check_morphism_chain(space, drawn[0], seed)
    check_encoding(space, drawn, seed)
    check_smallest(space, drawn, seed)


def check_sampling(space: SearchSpace, drawn: list[Architecture], seed: int) -> None:
    """The same seed gives the same architecture, and seeds differ in what they give."""
    again = [space.sample(np.random.default_rng((seed, i))) for i in range(len(drawn))]
    _require(again == drawn, "sample() gives another architecture for the same seed")
    _require(len(set(drawn)) > 1, "sample() gives the same architecture for every seed")


def check_member(space: SearchSpace, architecture: Architecture) -> None:
    """A member is contained, survives JSON, and lowers to a valid graph without being changed."""
    _require(space.contains(architecture), f"contains() denies {architecture}")
    before = hash(architecture), json.dumps(space.to_json(architecture), sort_keys=True)
    copy = space.from_json(json.loads(before[1]))
    _require(copy == architecture, f"from_json() gives {copy} for the document of {architecture}")
    graph = space.lower(architecture).verify()
    _require(graph == space.lower(architecture), f"lower() gives two different graphs for {architecture}")
    inputs = tuple(graph.tensors[index].shape for index in graph.inputs)
    outputs = tuple(graph.tensors[index].shape for index in graph.outputs)
    _require(inputs == ((1, *space.input_shape),), f"the graph of {architecture} has inputs of shape {inputs}")
    logits = (1, logit_count(space.num_classes))
    _require(outputs == (logits,), f"the graph of {architecture} has outputs of shape {outputs}, not {logits}")
    after = hash(architecture), json.dumps(space.to_json(architecture), sort_keys=True)
    _require(after == before, f"lower() changed {architecture}")


def check_documents(space: SearchSpace) -> None:
    """Values of other kinds are not contained, and malformed documents are refused."""
    _require(not space.contains(object()), "contains() accepts any object")
    try:
        space.from_json({})
    except SpaceError:
        return
    raise AssertionError("from_json() accepts an empty document")


def check_neighbours(space: SearchSpace, architecture: Architecture, seed: int) -> None:
    """There are neighbours, the same for the same seed, all of the space and none the architecture itself."""
    neighbours = space.neighbours(architecture, np.random.default_rng(seed))
    again = space.neighbours(architecture, np.random.default_rng(seed))
    _require(neighbours == again, f"neighbours() of {architecture} differ for the same seed")
    _require(len(neighbours) > 0, f"neighbours() is empty for {architecture}")
    _require(architecture not in neighbours, f"{architecture} is among its own neighbours")
    for neighbour in neighbours:
        _require(space.contains(neighbour), f"{neighbour}, a neighbour of {architecture}, is not in the space")
        space.lower(neighbour)


def check_morphisms(space: SearchSpace, architecture: Architecture, seed: int) -> None:
    """What morphisms are called leaves none out: the neighbours themselves, each with a word on what changes."""
    named = morphisms_of(space, architecture, np.random.default_rng(seed))
    neighbours = space.neighbours(architecture, np.random.default_rng(seed))
    found = tuple(other for _, other in named)
    _require(found == neighbours, f"morphisms() of {architecture} are not its neighbours() for the same seed")
    words = all(str(label).strip() for label, _ in named)
    _require(words, f"morphisms() of {architecture} has a morphism without a word on what changes")


def check_one_neighbour(space: SearchSpace, architecture: Architecture, seed: int) -> None:
    """Where a space gives one neighbour without the others: it is one of them, and the same for the same seed.

    Whether it is one of them is checked where one value differs, since other changes draw new parts.
    """
    if not isinstance(space, Varied):
        return
    document = space.to_json(architecture)
    neighbours = set(space.neighbours(architecture, np.random.default_rng(seed)))
    for i in range(ONE_BY_ONE):
        drawn, again = (space.neighbour(architecture, np.random.default_rng((seed, i))) for _ in range(2))
        _require(drawn == again, f"neighbour() of {architecture} differs for the same seed")
        _require(drawn != architecture, f"{architecture} is given as its own neighbour()")
        _require(space.contains(drawn), f"{drawn}, given as neighbour() of {architecture}, is not in the space")
        known = drawn in neighbours or not _one_value_differs(document, space.to_json(drawn))
        _require(known, f"neighbour() of {architecture} gives {drawn}, which is none of its neighbours()")


def check_ways_back(space: SearchSpace, architecture: Architecture, seed: int) -> None:
    """A change of one number or truth value can be taken back by one morphism, under some of many seeds.

    Other changes draw new parts, which only chance gives back, so they are not checked.
    """
    rng = np.random.default_rng(seed)
    document = space.to_json(architecture)
    changed = [n for n in space.neighbours(architecture, rng) if _one_value_differs(document, space.to_json(n))]
    for place in rng.permutation(len(changed))[:WAYS_BACK]:
        neighbour = changed[place]
        back = any(architecture in space.neighbours(neighbour, np.random.default_rng(i)) for i in range(SEEDS_BACK))
        _require(back, f"no morphism leads back to {architecture} from its neighbour {neighbour}")


def check_morphism_chain(space: SearchSpace, architecture: Architecture, seed: int) -> None:
    """A random walk of morphisms stays among members."""
    rng = np.random.default_rng(seed)
    for _ in range(CHAIN_LENGTH):
        neighbours = space.neighbours(architecture, rng)
        architecture = neighbours[int(rng.integers(len(neighbours)))]
        check_member(space, architecture)


def check_encoding(space: SearchSpace, drawn: list[Architecture], seed: int) -> None:
    """Where networks are vectors too: each comes back from its vector, and every vector is a network of the space."""
    if not isinstance(space, Encoded):
        return
    choices = space.choices
    _require(len({choice.name for choice in choices}) == len(choices), "two of the space's choices have one name")
    for architecture in drawn:
        vector = space.encode(architecture)
        fits = len(vector) == len(choices) and all(0 <= v < c.size for v, c in zip(vector, choices, strict=True))
        _require(fits, f"encode() gives {vector} for {architecture}, which is outside the choices")
        _require(space.decode(vector) == architecture, f"decode() does not give {architecture} back from its vector")
    rng = np.random.default_rng(seed)
    for _ in drawn:
        vector = tuple(int(rng.integers(choice.size)) for choice in choices)
        _require(space.contains(space.decode(vector)), f"decode() gives a network outside the space for {vector}")


def check_smallest(space: SearchSpace, others: Iterable[Architecture], seed: int) -> None:
    """The small family is small and of the space.

    Nothing is cheaper in a resource than its cheapest member: none of `others`, and no neighbour of that member.
    """
    family = space.smallest()
    _require(0 < len(family) <= MAX_SMALLEST, f"smallest() has {len(family)} members")
    for architecture in family:
        _require(space.contains(architecture), f"{architecture} of smallest() is not in the space")
    figures = [_figures(space, architecture) for architecture in family]
    least = {key: min(each[key] for each in figures) for key in figures[0]}
    cheapest = {family[min(range(len(family)), key=lambda i: figures[i][key])] for key in least}
    rng = np.random.default_rng(seed)
    around = [neighbour for member in cheapest for neighbour in space.neighbours(member, rng)]
    for architecture in [*others, *around]:
        for key, value in _figures(space, architecture).items():
            _require(
                value >= least[key],
                f"{architecture} needs {value} {key}, but smallest() has nothing below {least[key]}",
            )


def _one_value_differs(first: Any, second: Any) -> bool:
    """Whether two documents are alike but for one number or truth value."""
    ones, others = dict(_leaves(first)), dict(_leaves(second))
    if ones.keys() != others.keys():
        return False
    differing = [key for key in ones if ones[key] != others[key]]
    return len(differing) == 1 and all(isinstance(each[differing[0]], bool | int | float) for each in (ones, others))


def _leaves(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(document, dict | list):
        yield place, (type(document), len(document))
        for key, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield from _leaves(value, (*place, key))
    else:
        yield place, document


def _figures(space: SearchSpace, architecture: Architecture) -> dict[str, int]:
    graph = space.lower(architecture)
    figures: dict[str, int] = {}
    for accounting in ACCOUNTINGS:
        needed = costs(graph, accounting=accounting)
        figures |= {f"{resource} ({accounting})": getattr(needed, resource) for resource in RESOURCES}
    return figures


def _require(holds: bool, broken: str) -> None:
    if not holds:
        raise AssertionError(broken)
