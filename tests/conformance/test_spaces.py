"""Every search space passes the conformance kit; a space that breaks a promise does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.spaces import space, spaces
from search.spaces.cnn import CnnSpace
from search.spaces.mlp import MlpSpace
from search.spaces.testing import check_search_space
from tests.support.own_space import LabelledSpace, TinySpace

SHAPES = [((8, 8, 1), 10), ((28, 28, 1), 10), ((49, 40, 1), 12), ((32, 32, 3), 2), ((128, 1, 3), 6)]


@pytest.mark.parametrize("name", [info.name for info in spaces()])
@pytest.mark.parametrize(("shape", "classes"), SHAPES)
def test_space_keeps_its_promises(name, shape, classes):
    check_search_space(space(name, shape, classes), seed=1, samples=8)


@pytest.mark.parametrize("own", [TinySpace, LabelledSpace])
def test_a_space_of_ones_own_keeps_its_promises(own):
    check_search_space(own((8, 8, 1), 10), seed=1, samples=8)


class LeavesOneOut(LabelledSpace):
    def morphisms(self, architecture, rng):
        return super().morphisms(architecture, rng)[1:]


class Speechless(LabelledSpace):
    def morphisms(self, architecture, rng):
        return [("", other) for _, other in super().morphisms(architecture, rng)]


class AlwaysTheSame(CnnSpace):
    def sample(self, rng):  # noqa: ARG002  # that is what is wrong with it
        return self.smallest()[0]


class Forgetful(CnnSpace):
    def from_json(self, document):  # noqa: ARG002
        return self.smallest()[0]


class OwnNeighbour(CnnSpace):
    def neighbours(self, architecture, rng):
        return (*super().neighbours(architecture, rng), architecture)


class FarNeighbour(CnnSpace):
    def neighbour(self, architecture, rng):  # noqa: ARG002
        *others, last = architecture.dense
        return replace(architecture, dense=(*others, 256 if last < 200 else 10))


class NoNeighbour(CnnSpace):
    def neighbour(self, architecture, rng):  # noqa: ARG002
        return architecture


class Unsteady(CnnSpace):
    calls = 0

    def neighbours(self, architecture, rng):
        self.calls += 1
        return super().neighbours(architecture, rng)[self.calls % 2 :]


class OtherHead(CnnSpace):
    def lower(self, architecture):
        return CnnSpace(self.input_shape, self.num_classes + 1).lower(architecture)


class Boastful(CnnSpace):
    def smallest(self):
        return super().smallest()[-1:]


class OneWay(MlpSpace):
    def neighbours(self, architecture, rng):
        found = super().neighbours(architecture, rng)
        return tuple(n for n in found if sum(n.units) > sum(architecture.units))


class Narrow(CnnSpace):
    def contains(self, architecture):
        return super().contains(architecture) and len(architecture.blocks) < 5


class Forgets(CnnSpace):
    def decode(self, vector):
        return super().decode((0, *vector[1:]))


class TooLong(CnnSpace):
    def encode(self, architecture):
        return (*super().encode(architecture), 0)


class Leaky(MlpSpace):
    def decode(self, vector):
        unused = any(vector[2 + vector[0] :])
        return replace(super().decode(vector), units=(5,)) if unused else super().decode(vector)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (AlwaysTheSame, "same architecture for every seed"),
        (Forgetful, r"from_json\(\) gives"),
        (OwnNeighbour, "among its own neighbours"),
        (FarNeighbour, r"which is none of its neighbours\(\)"),
        (NoNeighbour, r"as its own neighbour\(\)"),
        (Unsteady, "differ for the same seed"),
        (OtherHead, "has outputs of shape"),
        (Boastful, r"smallest\(\) has nothing below"),
        (OneWay, "no morphism leads back"),
        (Narrow, r"contains\(\) denies"),
        (Forgets, r"decode\(\) does not give"),
        (TooLong, "outside the choices"),
        (Leaky, r"decode\(\) gives"),
        (LeavesOneOut, r"are not its neighbours\(\)"),
        (Speechless, "without a word on what changes"),
    ],
)
def test_the_kit_finds_a_broken_promise(broken, message):
    with pytest.raises(AssertionError, match=message):
        check_search_space(broken((28, 28, 1), 10), seed=0, samples=8)
