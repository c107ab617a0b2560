"""Ready-made configurations: the table of the specification, pruning variants, and what overrides what."""

import json
from pathlib import Path

import pytest

import data
from search import Run
from search.budget import Budget
from search.cli.app import main
from search.errors import SettingsError
from search.presets import adjusted, augmentation_for, preset, presets
from search.recipe import Augmentation, Distillation, Pruning, Recipe

TABLE = {  # error, RAM, model size, MACs, epochs, batch, learning rate, weight decay
    "unas-mnist": (0.035, 2_500, 4_500, 30_000_000, 30, 128, 0.005, 4e-5),
    "unas-fashion-mnist": (0.10, 64_000, 64_000, 30_000_000, 45, 128, 0.01, 1e-5),
    "unas-cifar10": (0.18, 75_000, 75_000, 30_000_000, 130, 128, 0.01, 1e-5),
    "unas-cifar10-pruning": (0.10, 50_000, 50_000, 60_000_000, 130, 128, 0.01, 1e-5),
    "unas-cifar10-binary": (0.30, 3_000, 2_000, 1_000_000, 80, 128, 0.01, 1e-5),
    "unas-chars74k": (0.30, 10_000, 20_000, 1_000_000, 60, 80, 0.01, 1e-4),
    "unas-chars74k-binary": (0.26, 1_500, 1_000, 1_000_000, 60, 128, 0.01, 4e-5),
    "unas-speech-commands": (0.085, 60_000, 40_000, 20_000_000, 45, 50, 5e-4, 1e-2),
    "unas-visual-wake-words": (0.10, 250_000, 250_000, 30_000_000, 30, 64, 0.001, 5e-5),
}
WINDOWS = {
    "unas-mnist-pruning": (3, 18, 0.05, 0.8),
    "unas-fashion-mnist-pruning": (3, 38, 0.05, 0.9),
    "unas-cifar10-pruning": (90, 120, 0.1, 0.9),
    "unas-cifar10-binary-pruning": (30, 60, 0.1, 0.6),
    "unas-chars74k-pruning": (20, 53, 0.1, 0.85),
    "unas-chars74k-binary-pruning": (20, 53, 0.1, 0.85),
    "unas-speech-commands-pruning": (20, 40, 0.1, 0.9),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_table(name: str) -> None:
    found = preset(name)
    budget, recipe = found.budget, found.recipe()
    row = (budget.error, budget.ram_bytes, budget.model_bytes, budget.macs, found.epochs, recipe.batch_size)
    assert (*row, recipe.learning_rate, recipe.weight_decay) == TABLE[name]
    assert found.accounting == "unas"
    assert found.dataset.partition("?")[0] in {info.name for info in data.datasets()}


def test_windows_of_pruning() -> None:
    found = {p.name: p for p in presets() if p.full_recipe.pruning is not None}
    assert found.keys() == WINDOWS.keys()
    for name, (first, last, lowest, highest) in WINDOWS.items():
        pruning, epochs = found[name].full_recipe.pruning, found[name].epochs
        assert (pruning.begin * epochs, pruning.end * epochs) == pytest.approx((first, last))
        assert (pruning.lowest, pruning.highest, pruning.interval) == (lowest, highest, 16)


def test_what_is_bound_to_epochs_moves_with_them() -> None:
    assert preset("unas-cifar10").recipe().drops == ((90, 2.0), (105, 5.0))
    assert preset("unas-cifar10").recipe(13).drops == ((9, 2.0), (10, 5.0))


def test_augmentation_is_that_of_the_specification() -> None:
    assert augmentation_for("mnist") == Augmentation(shift=2, rotation=0.2, rotation_share=0.3)
    assert augmentation_for("cifar10") == Augmentation(shift=4, flip=True)
    assert augmentation_for("speech-commands") == Augmentation(time_shift=5)
    assert augmentation_for("digits") is None


def test_every_recipe_survives_its_json_form() -> None:
    recipes = [p.full_recipe for p in presets()]
    recipes.append(Recipe(distillation=Distillation(temperature=4.0), pruning=Pruning(kind="unstructured"), patience=3))
    for recipe in recipes:
        assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    assert Recipe.from_json({"batch_size": 64}) == Recipe(batch_size=64, warmup=0)


def test_parts_are_switched_by_name() -> None:
    recipe = preset("unas-mnist-pruning").recipe()
    assert adjusted(recipe, dataset="mnist") == recipe
    changed = adjusted(recipe, dataset="mnist", augmentation="none", pruning="unstructured", teacher="cnn")
    assert changed.augmentation is None
    assert (changed.pruning.kind, changed.pruning.begin) == ("unstructured", recipe.pruning.begin)
    assert changed.distillation == Distillation()
    assert adjusted(changed, dataset="mnist", pruning="none", teacher="none").pruning is None


@pytest.mark.parametrize(
    ("part", "values"),
    [
        (Pruning, {"kind": "soft"}),
        (Pruning, {"begin": 0.7, "end": 0.6}),
        (Pruning, {"highest": 1.0}),
        (Pruning, {"interval": 0}),
        (Augmentation, {"shift": -1}),
        (Augmentation, {"rotation_share": 1.5}),
        (Distillation, {"temperature": 0.0}),
    ],
)
def test_impossible_parts_are_refused(part: type, values: dict) -> None:
    with pytest.raises(SettingsError):
        part(**values)


def test_explicit_options_override_a_preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.cli.commands.run.conduct", lambda *_, **__: 0)
    options = ["--dataset", "digits", "--ram", "8KiB", "--error", "none", "--epochs", "5", "--pruning", "none"]
    assert main(["run", "--preset", "unas-mnist-pruning", "--out", str(tmp_path / "run"), *options]) == 0
    settings = Run.open(tmp_path / "run").settings
    assert (settings.dataset, settings.accounting, settings.epochs) == ("digits", "unas", 5)
    assert settings.budget == Budget(ram_bytes=8192, model_bytes=4500, macs=30_000_000)
    assert settings.recipe == preset("unas-mnist").recipe()
