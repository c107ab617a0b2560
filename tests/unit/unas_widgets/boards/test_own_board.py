"""A board of one's own: what is typed, the file that it becomes, and the Workbench that searches for it."""

import json
from dataclasses import replace

import pytest

from resource_models import board, boards
from search import Run
from tests.support.recorded_run import recorded_run
from unas_widgets import Workbench
from unas_widgets.boards.board_entry import BoardEntry, board_of, doubt, entry_of
from unas_widgets.boards.board_files import board_files, write_board
from unas_widgets.boards.board_form import BoardForm
from unas_widgets.boards.boards_panel import BoardsMatrix
from unas_widgets.errors import WidgetError
from unas_widgets.runs.settings_panel import SettingsPanel

MINE = BoardEntry(name="My board", core="cortex-m4f", clock="80 MHz", ram="20 KiB", flash="256k")


@pytest.mark.parametrize("known", [b for b in boards() if None not in (b.ram_bytes, b.flash_bytes)], ids=lambda b: b.id)
def test_every_board_of_the_catalogue_can_be_typed(known):
    typed = board_of(replace(entry_of(known), name="mine"))
    for field in ("core", "clock_hz", "ram_bytes", "flash_bytes", "usable_ram_bytes", "usable_flash_bytes"):
        assert getattr(typed, field) == getattr(known, field)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Name is empty; type e.g. My board."),
        ({"name": "!?"}, "Name is '!?'; it needs a letter or a digit."),
        ({"name": "ESP32 S3"}, "has a board called ESP32 S3 already; choose another name."),
        ({"core": ""}, "Core is empty; type e.g. Cortex-M4F."),
        ({"clock": "12 parsecs"}, "Clock: '12 parsecs' is not a frequency; write e.g. '80 MHz'."),
        ({"clock": "0"}, "Clock is 0; it must be more than 0."),
        ({"ram": "much"}, "RAM: 'much' is not a number of bytes"),
        ({"flash": ""}, "Flash is empty; type e.g. 512 KiB."),
        ({"usable_ram": "21k"}, "RAM for a network is 21k; the board has only 20 KiB."),
        ({"usable_flash": "0 B"}, "Flash for a program is 0 B; it must be more than 0."),
    ],
)
def test_what_is_no_board_is_said_by_its_field(change, words):
    with pytest.raises(WidgetError) as raised:
        board_of(replace(MINE, **change))
    assert words in str(raised.value)


def test_a_file_is_written_read_and_keeps_what_was_added_by_hand(tmp_path):
    path = write_board(board_of(MINE), tmp_path / "boards")
    assert path.name == "my-board.json"
    assert board(path) == board_of(MINE)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"active_power_w": 0.02}), encoding="utf-8")
    write_board(board_of(replace(MINE, ram="64k")), tmp_path / "boards")
    assert board(path).active_power_w == 0.02
    assert board(path).ram_bytes == 64 * 1024
    assert board_files(tmp_path / "boards") == (path,)


@pytest.mark.parametrize("text", ["[1, 2]", "{"])
def test_a_file_that_is_no_board_is_not_overwritten(tmp_path, text):
    (tmp_path / "my-board.json").write_text(text, encoding="utf-8")
    with pytest.raises(WidgetError, match="is no board's; choose another name"):
        write_board(board_of(MINE), tmp_path)
    assert (tmp_path / "my-board.json").read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_said_and_the_form_stays(tmp_path):
    (tmp_path / "boards").write_text("a file", encoding="utf-8")
    form = BoardForm(tmp_path / "boards", entry=MINE, opened=True)
    with pytest.raises(WidgetError, match="cannot be written"):
        form.save()
    assert form.opened
    assert "cannot be written" in form.static_html()
    form.entry = replace(MINE, ram="1k")
    assert form.message == ""


def test_the_form_alone_says_what_is_typed(tmp_path):
    saved = []
    form = BoardForm(tmp_path, on_saved=saved.append, opened=True)
    for name, field in form._fields.items():
        field.value = getattr(MINE, name)
    assert form.entry == MINE
    assert form.save() == tmp_path / "my-board.json"
    assert saved == [tmp_path / "my-board.json"]
    assert not form.opened


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("clock", "80", "80 MHz"),
        ("ram", "20", "20 KiB"),
        ("ram", "12,5", "12,5 KiB"),
        ("flash", "1.024", "1.024 KiB"),
        ("usable_ram", "12", "12 KiB"),
        ("ram", "20480 B", "20480 B"),
        ("ram", "much", "much"),
        ("name", "80", "80"),
    ],
)
def test_a_number_alone_has_the_unit_beside_its_field_and_is_shown_with_it(tmp_path, field, typed, shown):
    form = BoardForm(tmp_path)
    form._fields[field].value = typed
    assert getattr(form.entry, field) == form._fields[field].value == shown


def test_numbers_alone_make_the_same_board(tmp_path):
    bare = replace(MINE, clock="80", ram="20", flash="256")
    assert board_of(bare) == board_of(MINE)
    form = BoardForm(tmp_path)
    for name, field in form._fields.items():
        field.value = getattr(bare, name)
    assert form.board() == board_of(MINE)


@pytest.mark.parametrize(
    ("change", "question"),
    [
        (
            {"clock": "240 Hz", "ram": "512 B"},
            (
                "512 B of RAM and a clock of 240 Hz: is that meant? Boards have 2 KiB to 64 MiB of RAM and a clock of "
                "1 MHz to 2 GHz."
            ),
        ),
        ({"flash": "256 B"}, "256 B of flash: is that meant? Boards have 16 KiB to 256 MiB of flash."),
        ({"clock": "80 GHz"}, "A clock of 80 GHz: is that meant? Boards have a clock of 1 MHz to 2 GHz."),
        ({"usable_ram": "12 B"}, "12 B of RAM for a network: is that meant?"),
    ],
)
def test_unlikely_figures_are_asked_about_once(tmp_path, change, question):
    form = BoardForm(tmp_path, entry=replace(MINE, **change), opened=True)
    with pytest.raises(WidgetError) as raised:
        form.save()
    assert question in str(raised.value)
    assert str(raised.value).endswith("Press “Yes, use it” if it is, or correct the fields.")
    assert form.message == str(raised.value)
    assert form._save.description == "Yes, use it"
    assert form.opened
    assert list(tmp_path.iterdir()) == []
    form._save.click()
    assert [file.name for file in tmp_path.iterdir()] == ["my-board.json"]
    assert not form.opened
    assert form._save.description == "Use this board"


def test_a_correction_is_asked_about_anew(tmp_path):
    form = BoardForm(tmp_path, entry=replace(MINE, ram="512 B"), opened=True)
    form._save.click()
    assert "512 B of RAM: is that meant?" in form.message
    form._fields["ram"].value = "256 B"
    assert form.message == ""
    assert form._save.description == "Use this board"
    form._save.click()
    assert "256 B of RAM: is that meant?" in form.message
    form._fields["ram"].value = "20"
    form._save.click()
    assert board(tmp_path / "my-board.json").ram_bytes == 20480


@pytest.mark.parametrize("known", boards(), ids=lambda b: b.id)
def test_no_board_of_the_catalogue_is_asked_about(known):
    assert doubt(known) == ""


def test_board_files_are_in_the_list_also_those_that_cannot_be_read(tmp_path):
    write_board(board_of(MINE), tmp_path)
    (tmp_path / "broken.toml").write_text("{", encoding="utf-8")
    options = dict(SettingsPanel(own_boards=tmp_path)._fields["board"].options)
    assert options["My board"] == (tmp_path / "my-board.json").as_posix()
    assert options["broken.toml"] == (tmp_path / "broken.toml").as_posix()


def test_a_workbench_takes_the_board_again_when_it_was_changed(tmp_path):
    bench = Workbench(base=tmp_path)
    bench.settings_panel._own.click()
    assert bench.board_form.opened
    for ram, left in (("20k", 12), ("40k", 32)):
        bench.board_form.entry = replace(MINE, ram=ram)
        bench.board_form.save()
        assert bench.budget.ram_bytes == left * 1024
        assert bench.settings_panel._fields["board"].label == "My board"
    bench.settings_panel._own.click()
    assert bench.board_form.entry.ram == "40 KiB"
    (tmp_path / "boards" / "my-board.json").unlink()
    bench.board = ""
    bench.board = (tmp_path / "boards" / "my-board.json").as_posix()
    assert "cannot be read" in bench.message


def test_a_run_for_a_board_that_is_gone_opens_and_its_board_is_looked_at(tmp_path):
    file = write_board(board_of(MINE), tmp_path / "boards")
    bench = Workbench(base=tmp_path, board=str(file))
    run = Run.create(bench.run_settings(), tmp_path / "runs" / "mine")
    file.unlink()
    opened = Workbench(run.folder, base=tmp_path)
    assert opened.message == ""
    assert opened.settings_panel._fields["board"].label == "My board (own)"
    assert "My board" in opened.static_html()
    assert opened.budget == run.settings.budget
    matrix = BoardsMatrix()
    matrix.show_front(run)
    assert matrix.boards == (*boards(), run.board)


def test_ones_own_boards_are_looked_at_whichever_was_searched_for(tmp_path):
    mine = board_of(MINE)
    write_board(mine, tmp_path / "boards")
    (tmp_path / "boards" / "broken.json").write_text("{", encoding="utf-8")
    bench = Workbench(recorded_run(tmp_path / "runs" / "one", trained=3).folder, base=tmp_path)
    assert bench.trial_panel.boards.boards == (*boards(), mine)
    bench.trial_panel.tab = "boards"
    bench.selected = bench.run.front()[0].trial_id
    assert "My board" in bench.trial_panel.boards.static_html()
    bench.board_form.entry = replace(MINE, name="Another", ram="9k")
    bench.board_form.save()
    assert [b.name for b in bench.trial_panel.boards.boards[len(boards()) :]] == ["Another", "My board"]
    assert "another" in bench.trial_panel.boards.frame().columns
    assert "Another" in bench.trial_panel.boards.static_html()
