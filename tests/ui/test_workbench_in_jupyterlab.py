"""The whole way in a real JupyterLab: from a typed budget to a file that LiteRT loads."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.browser import (
    click_point,
    open_run,
    open_workbench,
    plotted,
    press,
    set_theme,
    sideways,
    slide_ram,
    type_budget,
    wait_for_count,
    wait_for_state,
    wait_until_plot_fills_its_box,
)
from unas_widgets.budgets.budget_scale import scale

pytestmark = [pytest.mark.ui, pytest.mark.timeout(1200)]


@pytest.mark.tf
def test_from_a_budget_to_a_file_for_the_board(page, lab):
    bench = open_workbench(page, lab)
    type_budget(page, "RAM", "12 KiB")
    expect(page.get_by_label("RAM budget")).to_have_value("12 KiB")
    page.get_by_label("Trials").fill("200")
    press(page, "Start")
    wait_for_state(page, "starting", "running")
    wait_for_count(page, "trained", 10)

    before = plotted(page, least=10)
    trained = sorted(before["front"] + before["dominated"])
    assert before["over budget"] == []
    wait_for_state(page, "running")
    just_enough = next(value for value in scale("ram_bytes").values if value >= 1024 * trained[0])
    took_ms = slide_ram(page, just_enough)  # something stays on the front, to be clicked on
    print(f"slider moved while running: points in their new colours after {took_ms:.0f} ms")
    assert page.get_by_label("RAM budget").input_value() != "12 KiB"
    expect(bench.locator(".unas-budget-note").first).to_contain_text("This search keeps 12 KiB")

    press(page, "Pause")
    wait_for_state(page, "paused")
    at_pause = page.locator('[data-count="trained"]').inner_text()
    press(page, "Resume")
    wait_for_state(page, "running")
    wait_for_count(page, "trained", int(at_pause.split()[0]) + 1)

    trial = click_point(page, "front")
    shown = bench.locator(".unas-trial-head")
    expect(shown).to_have_attribute("data-shown", str(trial))
    expect(bench.locator(f'tr[data-trial="{trial}"]')).to_have_attribute("aria-selected", "true")
    assert bench.locator("tr[data-layer]").count() >= 2
    expect(bench.locator('.unas-step[data-peak="true"]')).to_contain_text("peak")
    expect(bench).to_contain_text("sets the peak of")

    press(page, "Export int8 .tflite")
    outcome = bench.locator(".unas-export")
    expect(outcome).to_contain_text("int8 validation accuracy")
    sentence = outcome.inner_text()
    print(sentence)
    press(page, "Stop")
    wait_for_state(page, "stopped")
    check_file(lab.folder / re.search(r"written to (\S+\.tflite)", sentence)[1])


def check_file(path):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    assert (tuple(taken["shape"]), taken["dtype"]) == ((1, 8, 8, 1), np.int8)
    interpreter.set_tensor(taken["index"], np.zeros((1, 8, 8, 1), np.int8))
    interpreter.invoke()
    assert interpreter.get_tensor(given["index"]).shape == (1, 10)


def test_bad_input_is_said_beside_the_field_and_changes_nothing(page, lab):
    bench = open_workbench(page, lab)
    type_budget(page, "RAM", "24k")
    field = page.get_by_label("RAM budget")
    expect(field).to_have_value("24 KiB")
    type_budget(page, "RAM", "12 parsecs")
    error = bench.locator('[data-resource="RAM"] .unas-budget-error')
    expect(error).to_contain_text("'12 parsecs' is not a number of bytes")
    expect(field).to_have_value("24 KiB")
    expect(field).to_have_attribute("aria-invalid", "true")
    type_budget(page, "RAM", "600 B")
    expect(error).to_be_empty()
    press(page, "Start")
    expect(bench.locator(".unas-sentence")).to_contain_text("the smallest needs")
    wait_for_state(page, "ready")


def test_a_row_is_selected_by_keyboard_and_survives_a_reload(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    expect(bench.locator(".unas-state")).to_have_text("opened")
    rows = bench.locator("tr[data-trial]")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    second = rows.nth(1).get_attribute("data-trial")
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", second)
    expect(rows.nth(1)).to_be_focused()
    drawn = plotted(page)
    type_budget(page, "RAM", "none")
    expect(page.get_by_label("RAM budget")).to_have_value("none")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    bench.locator(".js-plotly-plot .main-svg").first.wait_for()
    expect(page.get_by_label("RAM budget")).to_have_value("none")
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", second)
    assert plotted(page, least=sum(map(len, drawn.values())), of=tuple(drawn))["front"] == drawn["front"]


@pytest.mark.parametrize(
    ("theme", "width"),
    [
        ("JupyterLab Light", 1280),
        pytest.param("JupyterLab Dark", 900, marks=pytest.mark.slow),
        pytest.param("JupyterLab Light", 900, marks=pytest.mark.slow),
        pytest.param("JupyterLab Dark", 1280, marks=pytest.mark.slow),
    ],
)
def test_nothing_is_scrolled_sideways_and_text_follows_the_theme(page, lab, width, theme):
    page.set_viewport_size({"width": width, "height": 800})
    bench = open_workbench(page, lab, simple=False)
    set_theme(page, theme)
    wait_until_plot_fills_its_box(page)
    assert sideways(page) == []
    title = bench.locator(".xtitle")
    colours = [
        e.evaluate("e => getComputedStyle(e)[e instanceof SVGElement ? 'fill' : 'color']") for e in (title, bench)
    ]
    assert colours[0] == colours[1]
    zones = [zone.bounding_box() for zone in bench.locator(".unas-zones > *").all()]
    stacked = zones[0]["y"] + zones[0]["height"] <= zones[1]["y"] + 1
    assert stacked == (bench.bounding_box()["width"] < 1000)
