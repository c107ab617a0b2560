"""Recipes by name: what "thorough" makes of a run's own, what words choose them, and how long they take."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from data import Kind
from search import Budget, Recipe, RunSettings
from search.errors import SettingsError
from search.limits import MOST_EPOCHS
from search.recipe import Augmentation, Distillation, Pruning
from search.recipes.catalogue import NAMES, RECIPES, named_recipe
from search.recipes.forecast import AVERAGED, TAUGHT_AFRESH, TEACHER_EPOCH, forecast
from search.recipes.named import SEARCHED, Plan, Situation
from search.recipes.thorough import TAUGHT, THOROUGH, TIMES_LONGER
from search.trial import Observation, Trial
from tests.support.observations import observation

SHAPE = (28, 28, 1)
PLAIN = Situation(Recipe(), 30, "image", SHAPE)


def test_as_searched_changes_nothing() -> None:
    recipe = Recipe(schedule="constant", drops=((3, 2.0),), patience=4)
    plan = SEARCHED.plan(replace(PLAIN, recipe=recipe))
    assert (plan.recipe, plan.epochs) == (recipe, 30)
    assert not SEARCHED.keeps


def test_thorough_trains_longer_with_a_falling_rate_and_to_the_end() -> None:
    plan = THOROUGH.plan(replace(PLAIN, recipe=Recipe(schedule="constant", drops=((3, 2.0),), patience=4)))
    assert plan.epochs == TIMES_LONGER * 30
    assert (plan.recipe.schedule, plan.recipe.drops, plan.recipe.patience) == ("cosine", (), None)
    assert THOROUGH.plan(replace(PLAIN, epochs=MOST_EPOCHS)).epochs == MOST_EPOCHS


def test_examples_are_changed_as_their_kind_allows() -> None:
    def changes(kind, shape=SHAPE) -> Augmentation | None:
        return THOROUGH.plan(Situation(Recipe(), 10, kind, shape)).recipe.augmentation

    assert changes("image") == Augmentation(shift=2)
    assert changes("image", (8, 8, 1)) == Augmentation(shift=1)
    assert changes("photo", (32, 32, 3)) == Augmentation(shift=2, flip=True)
    assert changes("spectrogram", (49, 40, 1)) == Augmentation(time_shift=3)
    assert changes("window", (64, 1, 6)) is None
    assert changes("unknown") is None


def test_a_teacher_is_there_for_the_kinds_that_it_helps() -> None:
    taught = {kind for kind in get_args(Kind) if THOROUGH.plan(replace(PLAIN, kind=kind)).recipe.distillation}
    assert taught == set(TAUGHT) == {"spectrogram"}


def test_what_the_run_has_of_its_own_stays() -> None:
    own = Recipe(
        batch_size=50,
        average=0.9,
        augmentation=Augmentation(rotation=0.1),
        pruning=Pruning(),
        distillation=Distillation(teacher="own.keras"),
    )
    recipe = THOROUGH.plan(replace(PLAIN, recipe=own)).recipe
    assert replace(recipe, schedule=own.schedule) == own


@pytest.mark.parametrize("word", ["as searched", "as-searched", "Thorough", " thorough "])
def test_a_recipe_is_found_by_its_name(word: str) -> None:
    assert named_recipe(word).name in NAMES


def test_another_word_is_refused_with_what_there_is() -> None:
    with pytest.raises(SettingsError, match=r"no recipe 'thorugh'; did you mean 'thorough'\?"):
        named_recipe("thorugh")
    with pytest.raises(SettingsError, match="choose one of 'as searched', 'thorough'"):
        named_recipe("quick")


def test_every_recipe_can_be_written_down_and_read() -> None:
    for recipe in RECIPES:
        planned = recipe.plan(PLAIN).recipe
        assert Recipe.from_json(planned.to_json()) == planned
        assert recipe.says


def test_a_recipe_of_an_earlier_version_averages_nothing() -> None:
    written = Recipe(distillation=Distillation()).to_json()
    del written["average"]
    assert Recipe.from_json(written) == Recipe(distillation=Distillation())
    settings = RunSettings(dataset="digits", budget=Budget()).to_json()
    del settings["recipe"]["average"]
    assert RunSettings.from_json(settings).recipe.average is None


@pytest.mark.parametrize("decay", [0.0, 1.0, -0.5, 2.0])
def test_a_decay_is_between_0_and_1(decay: float) -> None:
    with pytest.raises(SettingsError, match="decay between 0 and 1"):
        Recipe(average=decay)


def network(number: int, *, seconds: float, epochs: int) -> Observation:
    return replace(observation(number), trial=Trial(number, None, epochs), seconds=seconds, epochs_spent=epochs)


def planned(epochs: int, **recipe: Any) -> Plan:
    return Plan(Recipe(**recipe), epochs)


class TestForecast:
    """How long it will take, by hand."""

    def test_it_is_the_sum_over_trainings_shared_by_the_workers(self) -> None:
        quick, slow = network(0, seconds=10.0, epochs=10), network(1, seconds=30.0, epochs=10)
        found = forecast([quick, quick, slow, slow], planned(120), Recipe(), workers=2)
        assert found.seconds == pytest.approx((2 * 120 + 2 * 360) / 2)
        assert found.words == "About 8 min for 4 trainings of 120 epochs."
        assert found.method.endswith("in the search, its start included, times 120 epochs, on 2 workers.")

    def test_it_is_no_shorter_than_the_longest_training(self) -> None:
        both = [network(0, seconds=1.0, epochs=10), network(1, seconds=60.0, epochs=10)]
        assert forecast(both, planned(20), Recipe(), workers=4).seconds == pytest.approx(120)

    def test_what_the_recipe_adds_takes_longer_unless_the_search_had_it_too(self) -> None:
        trained = [network(0, seconds=10.0, epochs=10)]
        added = {"average": 0.99, "augmentation": Augmentation(shift=1), "distillation": Distillation(epochs=4)}
        plain = forecast(trained, planned(20), Recipe(), workers=1)
        more = forecast(trained, planned(20, **added), Recipe(), workers=1)
        assert more.seconds == pytest.approx(20 * AVERAGED * TAUGHT_AFRESH)
        assert "for what the recipe adds" in more.method
        assert forecast(trained, planned(20, **added), Recipe(**added), workers=1) == plain
        taught = forecast(trained, planned(20, **added), Recipe(**added), workers=1, teacher=True)
        assert taught.seconds == pytest.approx(20 + 4 * TEACHER_EPOCH)
        assert "the teacher is trained once" in taught.method

    def test_nothing_measured_gives_no_number(self) -> None:
        found = forecast([network(0, seconds=0.0, epochs=10)], planned(20), Recipe(), workers=1)
        assert found.seconds is None
        assert found.words == "1 training of 20 epochs; how long one takes is not known yet."

    def test_nothing_left_to_do_says_so(self) -> None:
        assert forecast([], planned(20), Recipe(), workers=1).words == "All of it is trained already."

    @pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (44, "40 s"), (100, "2 min"), (7000, "1.9 h")])
    def test_no_more_figures_than_it_is_good_for(self, seconds: float, words: str) -> None:
        found = forecast([network(0, seconds=seconds, epochs=10)], planned(10), Recipe(), workers=1)
        assert found.words == f"About {words} for 1 training of 10 epochs."
