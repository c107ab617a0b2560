"""Boards: which take a network, which take a front, and the smallest for an accuracy."""

from dataclasses import replace

import pytest

from resource_models import board, boards, profile
from resource_models.boards_that_fit import boards_that_fit
from tests.support.evolved_run import evolved_run
from tests.support.observations import observation
from unas_widgets import BoardsMatrix, WidgetError
from unas_widgets.boards.boards_html import boards_html, matrix_html
from unas_widgets.boards.boards_view import Verdict, boards_view
from unas_widgets.boards.networks_by_board import (
    Candidate,
    Need,
    accuracy_of,
    board_front,
    cell_of,
    matrix_view,
    needs_of,
    smallest_board_words,
)

KIB = 1024
SMALL = replace(board("seeeduino-xiao"), id="small", name="Small")
UNKNOWN = board("alif-ensemble-e8")
RUNTIME = SMALL.default_runtime


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return evolved_run(tmp_path_factory.mktemp("evolved") / "run")


def candidate(number, error, ram, flash):
    return Candidate(number, error, {RUNTIME: Need(ram, flash)})


def test_every_board_has_a_verdict_margins_and_a_latency_or_a_reason(run):
    graph = run.graph(0)
    view = boards_view(graph, own="arduino-nano-33-ble")
    assert {row.board_id for row in view.rows} == {b.id for b in boards()}
    fits = {fit.board.id: fit for fit in boards_that_fit(graph)}
    for row in view.rows:
        fit = fits[row.board_id]
        assert (row.ram_left.value, row.flash_left.value) == (fit.ram_left_bytes, fit.flash_left_bytes)
        assert (row.verdict is Verdict.TAKES) == (fit.fits is True)
        assert bool(row.band) == (row.latency.value is not None)
        assert row.latency.hover
    html = boards_html(view)
    assert html.count("<tr data-board=") == len(view.rows)
    assert html.count("this run’s board") == 1
    assert "no data" in html
    assert "the smallest is Seeeduino XIAO with 24 KiB RAM and 248 KiB flash" in view.sentence


def test_a_board_that_is_too_small_says_what_it_lacks(run):
    tight = replace(SMALL, ram_bytes=2 * KIB, usable_ram_bytes=KIB)
    view = boards_view(run.graph(0), candidates=[tight])
    (row,) = view.of(Verdict.TOO_SMALL)
    assert row.ram_left.text.startswith("−")
    assert "lacking" in row.ram_left.hover
    assert view.sentence == "None of 1 boards takes it."
    assert "✗" in boards_html(view)


def test_cells_agree_with_the_cost_model_on_every_board(run):
    graph = run.graph(0)
    one = Candidate(0, 0.1, needs_of(graph, boards()))
    words = {True: Verdict.TAKES, None: Verdict.UNKNOWN, False: Verdict.TOO_SMALL}
    for fit in boards_that_fit(graph):
        assert cell_of(one, fit.board).verdict is words[fit.fits]
    report = profile(graph, runtime=RUNTIME)
    assert one.needs[RUNTIME] == Need(report.arena_bytes, int(report.flash.value))


def test_the_front_of_boards_is_over_error_ram_and_flash():
    seen = [
        observation(i, e / 10, ram=r, flash=f)
        for i, (e, r, f) in enumerate([(1, 3, 3), (2, 2, 3), (3, 3, 1), (4, 4, 4)])
    ]
    assert [o.trial_id for o in board_front(seen)] == [0, 1, 2]


def test_boards_of_equal_verdicts_share_a_column_and_the_most_restricted_comes_first():
    roomy = replace(SMALL, id="roomy", name="Roomy", ram_bytes=512 * KIB, usable_ram_bytes=500 * KIB)
    twin = replace(roomy, id="twin", name="Twin")
    found = [candidate(1, 0.02, 100 * KIB, 10 * KIB), candidate(2, 0.2, 10 * KIB, 900 * KIB), candidate(3, 0.3, 10, 10)]
    view = matrix_view(found, [roomy, UNKNOWN, SMALL, twin])
    assert [[b.name for b in group.boards] for group in view.groups] == [["Small"], ["Roomy", "Twin"], [UNKNOWN.name]]
    assert [group.letter for group in view.groups] == ["A", "B", "C"]
    cells = {
        (row.trial_id, group.letter): cell
        for row in view.rows
        for group, cell in zip(view.groups, row.cells, strict=True)
    }
    assert (cells[1, "A"].verdict, cells[1, "A"].lacks) == (Verdict.TOO_SMALL, "RAM")
    assert (cells[2, "B"].verdict, cells[2, "B"].lacks) == (Verdict.TOO_SMALL, "flash")
    assert cells[3, "A"].verdict is Verdict.TAKES
    assert cells[3, "C"].verdict is Verdict.UNKNOWN
    html = matrix_html(view)
    for part in ("✓", "✗<small>R</small>", "✗<small>F</small>", "?", "R lacks RAM", "Twin"):
        assert part in html


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("95", 0.95),
        ("95 %", 0.95),
        ("0.95", 0.95),
        (" 97,5% ", 0.975),
        ("97,5", 0.975),
        ("1", 1.0),
        ("0.5 %", 0.005),
    ],
)
def test_an_accuracy_as_people_type_it(text, value):
    assert accuracy_of(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("text", ["high", "0", "-3", "120", "101 %", "nan"])
def test_what_is_no_accuracy_is_refused_with_the_offending_text(text):
    with pytest.raises(WidgetError, match=text):
        accuracy_of(text)


def test_the_smallest_board_for_an_accuracy():
    roomy = replace(SMALL, id="roomy", name="Roomy", ram_bytes=512 * KIB, usable_ram_bytes=500 * KIB)
    found = [candidate(1, 0.02, 100 * KIB, 10 * KIB), candidate(2, 0.2, 10 * KIB, 90 * KIB)]
    assert smallest_board_words(found, [SMALL, roomy], None).startswith("Roomy, with 500 KiB RAM")
    assert "trial 2 at 80 %" in smallest_board_words(found, [SMALL, roomy], 0.8)
    assert smallest_board_words(found, [SMALL, roomy], 0.8).startswith("Small, with 24 KiB RAM")
    assert "reaches 99 %; the best is trial 1 with 98 %" in smallest_board_words(found, [SMALL, roomy], 0.99)
    assert "No board" in smallest_board_words(found, [SMALL, UNKNOWN], 0.9)
    assert smallest_board_words((), [SMALL], None) == ""


def test_the_panel_alone_on_a_graph(run):
    panel = BoardsMatrix(run.graph(0))
    assert "the smallest is" in panel.static_html()
    assert "Seeeduino XIAO" in panel.static_text()
    assert panel._front.layout.display == "none"


def test_another_run_is_not_taken_for_the_one_before(run, tmp_path):
    panel, other = BoardsMatrix(), evolved_run(tmp_path / "other", seed=5)
    panel.show_front(run)
    panel.show_front(other)
    fresh = BoardsMatrix()
    fresh.show_front(other)
    assert panel._candidates == fresh._candidates
    assert panel._candidates


def test_the_panel_alone_on_a_run(run):
    panel = BoardsMatrix(run, accuracy="50 %")
    try:
        frame = panel.frame()
        assert list(frame.index) == [o.trial_id for o in board_front(run.networks())]
        assert list(frame.columns) == [b.id for b in boards()]
        assert set(frame.to_numpy().ravel()) <= set(map(str, Verdict))
        assert "the catalogue has no prices" in panel.static_html()
        assert panel.answer() in panel.static_html()
        panel.accuracy = "very"
        assert "'very' is not an accuracy" in panel.message
        assert "'very' is not an accuracy" in panel.static_html().unescape()
        panel.accuracy = "100"
        assert panel.message == ""
        assert "No trained network reaches 100 %" in panel.answer()
        panel.selected = int(frame.index[0])
        assert panel.view() is not None
        assert panel._matrix.selected == panel.selected
    finally:
        panel._unfollow()
