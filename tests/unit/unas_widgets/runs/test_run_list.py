"""One bad run below a folder is left out with a word about it, and everything else works."""

import json

import pytest

from search import JournalError
from search.journal import FILE_NAME
from tests.support.recorded_run import recorded_run
from unas_widgets import ComparisonPanel, Workbench
from unas_widgets.runs.run_list import left_out_words, runs_below
from unas_widgets.runs.unfinished_run import offer_below

BAD_HEADERS = {
    "no-json": b"\xff\xfe nothing\n",
    "no-header": b'{"record": "trial"}\n',
    "a-list": b"[1, 2]\n",
    "deep": b"[" * 200_000 + b"\n",
}


@pytest.fixture
def runs(tmp_path):
    """Two good runs."""
    return [recorded_run(tmp_path / "runs" / name, trained=3, seed=seed) for seed, name in enumerate(("one", "two"))]


def spoil(folder, content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_bytes(content)


def mutated(run, **changes):
    """The journal of a run whose records say something else."""
    header, *records = map(json.loads, (run.folder / FILE_NAME).read_text(encoding="utf-8").splitlines())
    return "".join(json.dumps(record) + "\n" for record in (header, *({**r, **changes} for r in records))).encode()


@pytest.mark.parametrize("name", list(BAD_HEADERS))
def test_what_does_not_begin_as_a_run_is_not_in_the_list(tmp_path, runs, name):
    spoil(tmp_path / "runs" / name, BAD_HEADERS[name])
    below = runs_below(tmp_path)
    assert [folder.name for folder in below.folders] == ["two", "one"]
    assert below.unreadable == (name,)
    bench = Workbench(base=tmp_path)
    assert f"Left out, since it cannot be read: {name}." in bench.control.status.html
    bench._comparison_fold.opened = True
    assert name not in [label for label, _ in bench.comparison._choice.options]
    assert f"Left out, since it cannot be read: {name}." in bench.comparison.static_html()
    bench.close()


def test_a_journal_that_is_a_folder_and_a_link_to_itself_are_left_out(tmp_path, runs):
    (tmp_path / "runs" / "folder" / FILE_NAME).mkdir(parents=True)
    (tmp_path / "runs" / "loop").symlink_to("loop")
    (tmp_path / "runs" / "file").write_text("not a run", encoding="utf-8")
    spoil(tmp_path / "runs" / "never-begun", b"")
    assert [folder.name for folder in runs_below(tmp_path).folders] == ["two", "one"]
    Workbench(base=tmp_path).close()


@pytest.mark.parametrize(
    "changes", [{"id": "<b>"}, {"record": "trial", "id": -7}, {"costs": None}, {"elapsed_s": "soon"}, {"epochs": [1]}]
)
def test_one_that_is_spoilt_inside_is_passed_over_and_the_next_one_is_offered(tmp_path, runs, changes):
    newest = recorded_run(tmp_path / "runs" / "newest", trained=3, seed=5)
    (newest.folder / FILE_NAME).write_bytes(mutated(newest, **changes))
    bench = Workbench(base=tmp_path)
    assert bench.state == "ready"
    offer = offer_below(tmp_path)
    assert offer.run is not None
    if offer.run.folder != newest.folder:  # where a mutation can be read after all, that is no fault
        assert offer.unreadable == ("newest",)
        assert "cannot be read: newest." in bench.control.status.html
    bench.close()


def test_a_run_that_is_spoilt_while_it_is_compared_leaves_the_others_compared(tmp_path, runs):
    panel = ComparisonPanel(base=tmp_path, run=runs[0])
    third = recorded_run(tmp_path / "runs" / "third", trained=3, seed=7)
    for run in (runs[1], third):
        panel.add(run.folder)
    spoil(third.folder, b'{"record": "header"}\n')
    panel._renew.click()
    assert panel.message == ""
    assert list(panel.frame()["run"]) == ["this run (one)", "two"]
    assert "cannot be read: third." in panel._said.html
    spoil(runs[1].folder, b"")
    spoil(runs[0].folder, b"")
    panel._renew.click()
    assert panel.message == ""
    assert panel._table.html == ""


def test_one_that_is_chosen_and_cannot_be_read_is_said(tmp_path, runs):
    bench = Workbench(base=tmp_path)
    bench._comparison_fold.opened = True
    spoil(runs[0].folder, b'{"record": "header"}\n')
    bench.comparison._choice.value = str(runs[0].folder)
    for button in (bench.comparison._add, bench.comparison._open):
        button.click()
        assert bench.comparison.message or bench.comparison.children[0].html
    assert bench.run is None
    with pytest.raises(JournalError):
        bench.compare(tmp_path / "runs" / "nowhere")
    bench.close()


def test_words():
    assert left_out_words(()) == ""
    assert left_out_words(["a", "a"]) == "Left out, since it cannot be read: a."
    assert left_out_words("abcde") == "Left out, since they cannot be read: a, b, c and 2 more."
