"""Design your own: the list of layers is the network, edits show what they cost, impossible ones change nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from search import RESOURCES, Budget, RunSettings
from search.runs.handmade import OwnNetworks
from search.spaces import space
from search.spaces.cnn import LayerType
from tests.support.own_space import NAME as TINY
from tests.support.own_space import SameWords, Tiny
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.editor.editor_view import POOLINGS, architecture_of, first_network, needs_of, rows_of, units_of
from unas_widgets.errors import WidgetError

CNN = space("cnn", (8, 8, 1), 10)
SETTINGS = RunSettings(dataset="digits", budget=Budget.parse(ram="16 KiB", flash="10 KiB"), epochs=2)


@pytest.fixture
def own(tmp_path: Path) -> OwnNetworks:
    return OwnNetworks.at(SETTINGS, tmp_path / "own")


@pytest.fixture
def editor(own: OwnNetworks) -> NetworkEditor:
    return NetworkEditor(own)


def test_every_network_of_the_space_survives_the_list() -> None:
    for seed in range(60):
        network = CNN.sample(np.random.default_rng(seed))
        assert architecture_of(rows_of(network), network.pooling, network.dense) == network


def test_every_network_of_the_space_survives_the_fields(editor: NetworkEditor) -> None:
    for seed in range(6):
        network = CNN.sample(np.random.default_rng(seed))
        editor.architecture = network
        assert tuple(row.row() for row in editor._rows.children) == rows_of(network)
        assert editor.architecture == network


def test_an_edit_says_what_it_costs(editor: NetworkEditor) -> None:
    row = editor._rows.children[0]
    row._filters.value = 32
    assert editor.architecture.blocks[0].layers[0].filters == 32
    assert "+" in editor._needs.html
    assert "✓ fits" in editor._needs.html
    row._filters.value = 128
    assert "▲ over by" in editor._needs.html


def test_layers_are_added_moved_and_removed_and_all_is_taken_back(editor: NetworkEditor) -> None:
    first = editor.architecture
    editor.add_layer()
    assert len(rows_of(editor.architecture)) == len(editor._rows.children) == 3
    editor._rows.children[2]._kind.value = "depthwise"
    assert editor.architecture.blocks[2].layers[0].type is LayerType.DEPTHWISE
    editor.move_layer(2, -1)
    assert editor.architecture.blocks[1].layers[0].type is LayerType.DEPTHWISE
    editor.move_layer(0, -1)  # there is nothing before it
    editor.remove_layer(1)
    assert editor.architecture == first
    for _ in range(4):
        editor.undo()
    assert editor.architecture == first
    assert editor._buttons["undo"].disabled


@pytest.mark.parametrize("text", ["", "9", "300", "10, 10, 10, 10", "many"])
def test_impossible_dense_layers_change_nothing(editor: NetworkEditor, text: str) -> None:
    before = editor.architecture
    editor._dense.value = text
    assert editor.architecture == before
    assert editor._dense.value == "16"
    assert "ense layers" in editor.message
    editor._dense.value = "20; 30"
    assert editor.architecture.dense == (20, 30)
    assert editor.message == ""


def test_too_many_blocks_are_refused_in_words(editor: NetworkEditor) -> None:
    for _ in range(9):
        editor.add_layer()
    assert "At most 10 blocks" in editor.message
    assert len(editor.architecture.blocks) == 10


def test_the_last_layer_stays(editor: NetworkEditor) -> None:
    editor.remove_layer(1)
    editor.remove_layer(0)
    assert "needs at least one convolution" in editor.message
    assert len(editor._rows.children) == 1


def test_a_button_that_is_pressed_again_when_its_layer_is_gone_does_nothing(editor: NetworkEditor) -> None:
    editor.remove_layer(1)
    left = editor.architecture
    editor._pressed("remove", 1)
    editor._pressed("up", 1)
    editor._pressed("down", 1)
    assert editor.architecture == left


def test_layers_stand_beside_and_in_the_same_block(editor: NetworkEditor) -> None:
    editor._rows.children[1]._place.value = "beside"
    assert editor.architecture.blocks[1].branch
    editor._rows.children[1]._place.value = "same block"
    assert [len(block.layers) for block in editor.architecture.blocks] == [2]


def test_without_data_nothing_is_trained() -> None:
    editor = NetworkEditor()
    assert editor._buttons["train"].disabled
    with pytest.raises(WidgetError, match="no data set"):
        editor.train()
    assert "no data set" in editor.static_text() + editor._said.html


def own_of(space_name: str, tmp_path: Path) -> OwnNetworks:
    return OwnNetworks.at(replace(SETTINGS, space=space_name), tmp_path / space_name.replace(":", "-"))


@pytest.mark.parametrize("name", ["mlp", "cnn-extended", TINY])
def test_networks_of_any_space_are_edited_by_the_changes_that_it_lists(name: str, tmp_path: Path) -> None:
    own = own_of(name, tmp_path)
    editor = NetworkEditor(own)
    assert [part.layout.display for part in (editor._rows, editor._dense, editor._changes)] == ["none", "none", None]
    first = editor.architecture
    assert own.space.contains(first)
    assert SETTINGS.budget.allows(own._problem.costs(first))
    changes = editor._changes
    assert len(changes.choice.values()) == len(own.space.neighbours(first, np.random.default_rng(0)))
    changes.choice.value = changes.choice.values()[-1]
    changes.apply.click()
    assert editor.architecture != first
    assert own.space.contains(editor.architecture)
    assert "budget" in editor._needs.html
    editor.undo()
    assert editor.architecture == first
    assert editor._buttons["undo"].disabled


def test_what_changes_leave_open_is_drawn_anew(tmp_path: Path) -> None:
    editor = NetworkEditor(own_of("mlp", tmp_path))
    drawn = {editor._changes.choice.values()}
    for _ in range(4):
        editor._changes.redraw.click()
        drawn.add(editor._changes.choice.values())
    assert len(drawn) > 2


def test_changes_of_one_name_are_told_from_each_other(tmp_path: Path) -> None:
    editor = NetworkEditor(own_of(f"{SameWords.__module__}:{SameWords.__name__}", tmp_path))
    editor.change(Tiny(3, 8))
    assert editor._changes.choice.values() == ("a change", "a change (2)", "a change (3)", "a change (4)")
    editor._changes.choice.value = "a change (3)"
    editor._changes.apply.click()
    assert editor.architecture == Tiny(3, 7)


def test_a_space_that_is_not_loaded_is_named_and_nothing_is_imported_for_it(tmp_path: Path) -> None:
    settings = replace(SETTINGS, space="strangers_space:Space")
    editor = NetworkEditor(OwnNetworks.at(settings, tmp_path / "own", trust=False))
    assert "The networks of the space strangers_space:Space are built by code that is not loaded" in editor._said.html
    assert all(button.disabled for button in editor._buttons.values())
    assert [part.layout.display for part in (editor._rows, editor._changes)] == ["none", "none"]


def test_another_space_begins_with_a_network_of_its_own(tmp_path: Path, own: OwnNetworks) -> None:
    editor = NetworkEditor(own)
    editor.add_layer()
    mlp = own_of("mlp", tmp_path)
    editor.show(mlp)
    assert mlp.space.contains(editor.architecture)
    assert editor._buttons["undo"].disabled
    with pytest.raises(TraitError, match="not a network of the space mlp"):
        editor.architecture = first_network()
    editor.show(own)
    assert editor.architecture == first_network()
    assert editor._rows.layout.display is None


def test_needs_without_a_bound_have_no_verdict(own: OwnNetworks) -> None:
    report = own.report_of(first_network())
    assert [need.verdict for need in needs_of(report, None, Budget())] == [""] * len(RESOURCES)
    assert [need.change for need in needs_of(report, report, Budget())] == [""] * len(RESOURCES)


def test_units_are_read() -> None:
    assert units_of(" 64,32 ;10") == (64, 32, 10)
    assert POOLINGS["none"] is None


@pytest.mark.slow
@pytest.mark.tf
def test_it_is_trained_and_kept(own: OwnNetworks) -> None:
    found = []
    editor = NetworkEditor(own, on_trained=found.append)
    observation = editor.train().result(120)
    assert observation.status == "trained"
    assert observation.epochs == 2
    assert found == [observation]
    assert "Own network 0: validation error" in editor._said.html
    assert own.validation_size == 359
    again = OwnNetworks.open(own.folder)
    assert again.networks() == (observation,)
    assert again.architecture(0) == editor.architecture
    own.stop()
