"""Search spaces of one's own: found by their dotted path, searched in, and never imported by looking at a run."""

import json
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from search.algorithms import create
from search.budget import Budget
from search.errors import SearchError
from search.own_code import is_own
from search.problem import Problem
from search.settings import RunSettings
from search.spaces import SpaceError, UnloadedSpace, morphisms_of, space, spaces
from search.testing import check_search_algorithm
from tests.support.own_space import NAME, LabelledSpace, Tiny, TinySpace

SHAPE = (8, 8, 1)


def test_it_is_made_by_its_dotted_path() -> None:
    made = space(NAME, SHAPE, 10)
    assert isinstance(made, TinySpace)
    assert (made.input_shape, made.num_classes) == (SHAPE, 10)


@pytest.mark.parametrize("name", ["random", "aging_evolution", "successive_halving"])
def test_algorithms_search_in_it(name: str) -> None:
    options = {"population": 8, "tournament": 3} if name == "aging_evolution" else {}
    budget = Budget.parse(ram="16 KiB", flash="100 KiB")
    check_search_algorithm(partial(create, name, options=options), space(NAME, SHAPE, 10), budget=budget, proposals=20)


def test_a_run_is_posed_in_it_by_its_settings() -> None:
    settings = RunSettings(dataset="digits", space=NAME, budget=Budget.parse(ram="16 KiB"))
    assert RunSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    problem = Problem.of(settings)
    assert problem.costs(Tiny(1, 4)).ram_bytes < problem.costs(Tiny(8, 4)).ram_bytes


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere:Space", "The search space 'nowhere:Space' cannot be loaded: there is no module 'nowhere'."),
        ("tests.support.own_space:Vast", "tests.support.own_space has no 'Vast'"),
        ("tests.support.own_space:Tiny", "Tiny of tests.support.own_space has no method sample and no method"),
        ("tests.support.own_space:Refuses", "cannot be made for inputs of .* 10 classes: RuntimeError: no such inputs"),
        (":Space", "The search space ':Space' cannot be loaded"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(path: str, words: str) -> None:
    with pytest.raises(SpaceError, match=words):
        space(path, SHAPE, 10)


def test_a_module_that_cannot_be_imported_is_said_with_its_error(tmp_path, monkeypatch) -> None:
    (tmp_path / "broken_space.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SpaceError, match="importing broken_space ends in ZeroDivisionError: division by zero"):
        space("broken_space:Space", SHAPE, 10)


def test_looking_imports_nothing_and_keeps_every_document(tmp_path) -> None:
    """In a process of its own: the module would leave a file behind."""
    (tmp_path / "strangers_space.py").write_text("open('imported', 'w').close()\nclass Space: pass\n")
    code = (
        "import sys; from search.spaces import space\n"
        "found = space('strangers_space:Space', (8, 8, 1), 10, load=False)\n"
        "network = found.from_json({'b': [1, {'c': None}], 'a': 2.5})\n"
        "assert found.to_json(network) == {'a': 2.5, 'b': [1, {'c': None}]}\n"
        "assert found.contains(network) and len({network, found.from_json({'a': 2.5, 'b': [1, {'c': None}]})}) == 1\n"
        "assert 'strangers_space' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert not (tmp_path / "imported").exists()


def test_what_needs_the_code_of_a_space_that_is_not_loaded_says_so() -> None:
    unloaded = space(NAME, SHAPE, 10, load=False)
    assert isinstance(unloaded, UnloadedSpace)
    network = unloaded.from_json({"filters": 3, "units": 5})
    for call in (
        unloaded.smallest,
        lambda: unloaded.lower(network),
        lambda: unloaded.sample(np.random.default_rng(0)),
        lambda: morphisms_of(unloaded, network, np.random.default_rng(0)),
    ):
        with pytest.raises(SearchError, match="start or resume the search, or open it"):
            call()
    for document in ({}, [], None, 3):
        with pytest.raises(SpaceError, match="not an architecture of"):
            unloaded.from_json(document)


def test_morphisms_are_named_by_what_differs_or_in_the_words_of_the_space() -> None:
    rng = np.random.default_rng(0)
    assert morphisms_of(space(NAME, SHAPE, 10), Tiny(1, 5), rng) == (
        ("filters 1 → 2", Tiny(2, 5)),
        ("units 5 → 4", Tiny(1, 4)),
        ("units 5 → 6", Tiny(1, 6)),
    )
    labels = [label for label, _ in morphisms_of(LabelledSpace(SHAPE, 10), Tiny(2, 5), rng)]
    assert labels == ["fewer filters", "more filters", "fewer units", "more units"]


@pytest.mark.parametrize("name", [info.name for info in spaces()])
def test_names_of_the_spaces_here_are_no_paths(name: str) -> None:
    assert not is_own(name)
    assert is_own(NAME)
