"""The settings take what any run has, also what their lists and fields do not offer; the lists say it, marked."""

import json
from dataclasses import replace

import pytest

from search import Run
from search.journal import FILE_NAME
from search.settings import RunSettings
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import ParetoPlot, ReplayControl, Workbench
from unas_widgets.quantities.axis import ENERGY, LATENCY
from unas_widgets.runs.settings_panel import SettingsPanel
from unas_widgets.widgets.in_turn import Choice

OWN = "somebodys.package:Search"


def run_with(folder, **changes):
    """The folder of a run that was begun with these settings, elsewhere: nothing of them need be here."""
    run = recorded_run(folder, trained=3)
    file = run.folder / FILE_NAME
    header, *records = file.read_text(encoding="utf-8").splitlines()
    values = json.loads(header)
    values["settings"] |= changes
    file.write_text("\n".join([json.dumps(values), *records, ""]), encoding="utf-8")
    return run.folder


@pytest.mark.parametrize("algorithm", ["optuna_tpe", "optuna_nsga2", OWN, "aging_evolution"])
def test_a_run_of_any_algorithm_is_opened_and_its_settings_go_on(tmp_path, algorithm):
    folder = run_with(tmp_path / "runs" / "other", algorithm=algorithm)
    bench = Workbench(folder, base=tmp_path)
    field = bench.settings_panel._fields["algorithm"]
    assert bench.algorithm == bench.settings_panel.algorithm == field.value == algorithm
    assert ("(own)" in field.label) == (algorithm != "aging_evolution")
    assert bench.run_settings().algorithm == algorithm
    assert bench.message == ""
    bench.show_replay()
    bench.end_replay()
    assert bench.algorithm == algorithm
    field.value = "random"
    assert bench.algorithm == "random"
    bench.close()


def test_networks_are_made_by_hand_beside_a_run_whose_algorithm_is_not_here(tmp_path):
    bench = Workbench(run_with(tmp_path / "runs" / "other", algorithm=OWN), base=tmp_path)
    bench._editor_fold.opened = True
    assert bench.message == ""
    assert not bench.editor._buttons["train"].disabled
    assert bench._own_networks.networks.networks() == ()
    bench.close()


def test_a_data_folder_of_ones_own_is_shown(tmp_path, image_folder):
    settings = replace(SETTINGS, dataset=f"folder:{image_folder}", board=None)
    run = Run.create(settings, tmp_path / "runs" / "own")
    bench = Workbench(run.folder, base=tmp_path)
    field = bench.settings_panel._fields["dataset"]
    assert (bench.dataset, field.value) == (settings.dataset, settings.dataset)
    assert field.label.endswith("(own)")
    assert (bench.board, bench.settings_panel._fields["board"].label) == ("", "no board")
    bench.close()


@pytest.fixture
def image_folder(tmp_path):
    """Two classes of grey pictures, each with one pixel of another grey."""
    from PIL import Image

    for name, grey in (("dark", 20), ("light", 220)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(12):
            picture = Image.new("L", (12, 12), grey + number)
            picture.putpixel((number, number), 0)
            picture.save(tmp_path / "pictures" / name / f"{number}.png")
    return tmp_path / "pictures"


@pytest.mark.parametrize(
    ("name", "value"), [("trials", 3_000_000), ("minutes", 200_000), ("workers", 400), ("seed", 2**40)]
)
def test_a_number_beyond_what_the_field_takes_is_shown_as_it_is(name, value):
    panel = SettingsPanel()
    setattr(panel, name, value)
    assert getattr(panel, name) == panel._fields[name].value == value


def test_what_is_known_but_not_here_says_so(monkeypatch):
    from search import algorithms

    found = tuple(replace(a, available=a.name != "bayesian", reason="x") for a in algorithms.algorithms())
    monkeypatch.setattr("unas_widgets.runs.settings_panel.algorithms", lambda: found)
    panel = SettingsPanel()
    panel.algorithm = "bayesian"
    assert panel._fields["algorithm"].label.endswith("(not available here)")


def test_nobody_hears_of_another_choice_while_a_list_is_replaced(tmp_path):
    bench, heard = Workbench(base=tmp_path), []
    for name in ("algorithm", "board"):
        bench.observe(lambda change: heard.append((change["name"], change["new"])), name)
    bench.algorithm = OWN
    bench.settings_panel.take_board("own.toml")
    assert heard == [("algorithm", OWN), ("board", "own.toml")]
    bench.close()


def test_every_list_takes_what_it_does_not_have(tmp_path):
    plot, control = ParetoPlot(), ReplayControl()
    for axis in (ENERGY, LATENCY):
        plot.x = axis.word
        assert plot._pickers["x"].value == axis.word
    heard = []
    control.observe(lambda change: heard.append(change["new"]), "speed")
    control.speed = 7.25
    assert (heard, control._pace.value) == ([7.25], 7.25)


def test_entries_that_are_offered_leave_the_choice_alone():
    choice = Choice(options=[("One", 1), ("Two", 2)], value=2)
    choice.offer([("Three", 3), ("Two", 2)], 2)
    assert (choice.value, choice.values(), choice.offering) == (2, (3, 2), False)


def test_settings_of_a_run_are_those_of_the_next(tmp_path):
    folder = run_with(tmp_path / "runs" / "other", algorithm=OWN)
    bench = Workbench(folder, base=tmp_path)
    assert isinstance(bench.run_settings(), RunSettings)
    assert OWN in bench.code_of_run()
    bench.close()
