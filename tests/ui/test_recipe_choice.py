"""The recipe below Finalise and the weights beside Export, chosen by keyboard and mouse in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from search import Run
from search.journal import FILE_NAME, Journal
from search.journal.history import FINAL_FIGURES
from tests.support.browser import look, open_run

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]


def trained_thoroughly(run: Run) -> int:
    """Have the journal and the folder say that a network of the front was trained thoroughly; returns its number."""
    trial = run.front()[0].trial_id
    (run.folder / "weights").mkdir(exist_ok=True)
    (run.folder / "weights" / f"{trial}.thorough-0.npz").touch()
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        for seed in range(2):
            errors = dict.fromkeys(FINAL_FIGURES, 0.0512 + seed / 100)
            journal.append({"record": "final", "id": trial, "seed": seed, **errors})
            errors = dict.fromkeys(FINAL_FIGURES, 0.0212 + seed / 100)
            journal.append({"record": "final", "id": trial, "seed": seed, "recipe": "thorough", **errors})
    return trial


def test_recipe_and_weights_are_chosen(page, lab, recorded):
    trial = trained_thoroughly(Run.open(recorded))
    bench = open_run(page, lab, recorded)
    recipe, forecast = bench.get_by_label("recipe", exact=True), bench.locator(".unas-forecast")
    expect(recipe).to_have_value("as searched")
    expect(forecast).to_contain_text("trainings of 30 epochs")
    recipe.select_option("thorough")
    expect(forecast).to_contain_text("trainings of 120 epochs")
    assert forecast.locator("span").get_attribute("title").startswith("An estimate: the seconds that an epoch")
    expect(bench.locator(".unas-table")).to_contain_text("trained again, thorough")
    bench.locator(f'tr[data-trial="{trial}"]').click()
    weights = bench.get_by_label("weights", exact=True)
    expect(weights).to_have_value("thorough")
    look(page, bench.locator(".unas-buttons"), "recipe")
    look(page, bench, "recipe-and-weights")
    weights.select_option("as searched")
    others = [row.get_attribute("data-trial") for row in bench.locator("tr[data-trial]").all()]
    bench.locator(f'tr[data-trial="{next(other for other in others if other != str(trial))}"]').click()
    expect(weights).to_be_hidden()
    page.set_viewport_size({"width": 700, "height": 900})
    expect(bench.locator("th").filter(has_text="test error, thorough")).to_be_visible()
    expect(bench.locator("th").filter(has_text=re.compile("^test error$"))).to_be_hidden()
