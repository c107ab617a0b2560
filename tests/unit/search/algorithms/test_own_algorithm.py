"""An algorithm of one's own that cannot work, and options of a wrong kind: one sentence, before anything starts."""

import pytest

from search.algorithms import create
from search.algorithms.random import RandomSearch
from search.budget import Budget
from search.errors import SettingsError
from search.spaces import space

SPACE = space("mlp", (8, 8, 1), 10)


class Choosy(RandomSearch):
    """Random search with an option of each kind."""

    def __init__(
        self, *, share: float = 0.5, count: int = 3, loud: bool = False, word: str = "a", extra: object = None, **given
    ) -> None:
        super().__init__(**given)
        self.options = (share, count, loud, word, extra)


class Silent:
    """Broken: proposes and learns nothing."""

    def __init__(self, *, space, budget, seed, epochs) -> None:
        pass


class Deaf(Silent):
    """Broken: proposes, and does not learn."""

    def ask(self, trial_id: int) -> None:
        pass


class Greedy(RandomSearch):
    """Broken: wants what no run gives."""

    def __init__(self, *, space, budget, seed, epochs, data) -> None:
        pass


def made(name: str, **options: object) -> RandomSearch:
    return create(f"{__name__}:{name}", space=SPACE, budget=Budget(), seed=0, epochs=1, options=options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"share": "half"}, "The option share of .*:Choosy is a number, not 'half'"),
        ({"share": True}, "is a number, not True"),
        ({"share": float("nan")}, "is a number, not nan"),
        ({"count": 2.5}, "is a whole number, not 2.5"),
        ({"count": True}, "is a whole number, not True"),
        ({"count": 10**9}, "is at most 100,000, not 1000000000"),
        ({"loud": 1}, "is true or false, not 1"),
        ({"word": 7}, "is a word, not 7"),
        ({"shares": 1}, "did you mean 'share'"),
    ],
)
def test_options_of_a_wrong_kind_are_named(options: dict, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        made("Choosy", **options)


def test_options_of_the_right_kind_are_taken() -> None:
    given = {"share": 1, "count": 4, "loud": True, "word": "b", "extra": [1]}
    assert made("Choosy", **given).options == tuple(given.values())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Silent", "Silent' cannot be used: Silent of .* has no method ask and no method tell"),
        ("Deaf", "Deaf of .* has no method tell"),
        ("SPACE", "SPACE of .* has no method ask"),
        ("Greedy", "Greedy cannot be made from budget, epochs, seed, space: missing a required"),
        ("Missing", "has no 'Missing'"),
    ],
)
def test_what_is_no_algorithm_is_refused(name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        made(name)


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="there is no module 'nowhere'"):
        create("nowhere:Search", space=SPACE, budget=Budget(), seed=0, epochs=1, options={})
