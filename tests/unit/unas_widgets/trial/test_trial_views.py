"""Arena, latency, learning, lineage and morphs as view models, and as HTML."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import Costs, GraphBuilder, board, plan_arena, profile
from search.deploy.integer.rounding import PROFILE
from search.runs.export_result import ExportResult
from search.trial import Observation, Trial
from tests.support.evolved_run import evolved_run
from tests.support.observations import observation
from unas_widgets.network.arena_html import arena_html
from unas_widgets.network.arena_view import arena_view
from unas_widgets.network.latency_html import latency_html
from unas_widgets.network.latency_view import latency_view
from unas_widgets.network.morphs_html import morphs_html
from unas_widgets.network.morphs_view import Morph, lowering, morphs
from unas_widgets.trial.learning_html import learning_html, nice_top
from unas_widgets.trial.learning_view import learning_view
from unas_widgets.trial.lineage_html import lineage_html
from unas_widgets.trial.lineage_view import lineage_view
from unas_widgets.trial.run_problem import problem_of
from unas_widgets.trial.trial_words import export_sentence


@pytest.fixture(scope="module")
def graph():
    b = GraphBuilder("two branches")
    x = b.conv2d(b.input((16, 16, 1)), 12, (3, 3), strides=(2, 2), activation="relu")
    y = b.add([b.conv2d(x, 4, (1, 1)), b.depthwise_conv2d(b.conv2d(x, 4, (1, 1)), (3, 3), padding="same")])
    return b.build(b.dense(b.flatten(b.max_pool2d(y, (2, 2))), 10))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return evolved_run(tmp_path_factory.mktemp("evolved") / "run", genes=True)


# ------------------------------------------------------------------------------------------------------ arena


def test_the_picture_of_the_arena_has_every_buffer_of_the_plan_and_none_overlap(graph):
    view, plan = arena_view(graph, runtime="tflm-cmsis-nn"), plan_arena(graph, runtime="tflm-cmsis-nn")
    assert [(b.offset, b.size, b.first, b.last) for b in view.blocks] == [
        (b.offset, b.size, b.first_step, b.last_step) for b in plan.buffers
    ]
    for i, one in enumerate(view.blocks):
        for other in view.blocks[i + 1 :]:
            apart = one.offset + one.size <= other.offset or other.offset + other.size <= one.offset
            assert apart or one.last < other.first or other.last < one.first
    assert view.head.value + view.persistent.value == view.arena.value == plan.arena_bytes
    assert any(block.scratch for block in view.blocks)
    assert arena_html(view).count("<g class=") == len(plan.buffers)


def test_the_fullest_step_is_named_with_what_fills_it(graph):
    view = arena_view(graph)
    used = [sum(b.size for b in view.blocks if b.first <= s <= b.last) for s in range(len(view.steps))]
    assert used[view.peak] == max(used)
    assert f"step {view.peak + 1}, {view.steps[view.peak]}" in view.sentence


def test_every_block_names_a_layer_of_the_network_or_the_input(graph):
    names = {operator.name for operator in graph.operators}
    layers = {block.layer for block in arena_view(graph).blocks}
    assert layers - names == {""}
    assert {name for block in arena_view(graph).blocks for name in block.alive} <= names


# ------------------------------------------------------------------------------------------------------ latency


def test_times_of_the_layers_add_up_to_the_whole(graph):
    report = profile(graph, board=board("nucleo-f446re"))
    view = latency_view(graph, report)
    assert sum(row.time.value for row in view.rows) == pytest.approx(report.latency.value)
    assert max(row.share for row in view.rows) == 1
    assert next(row for row in view.rows if row.name == view.slowest).share == 1
    assert view.method.startswith("From measurements on boards: tflm-cmsis-nn")
    assert "between" in view.band
    assert "◀ slowest" in latency_html(view)


def test_without_data_there_is_a_reason_and_no_number(graph):
    view = latency_view(graph, profile(graph, board=board("ek-ra8d1")))
    assert view.rows == ()
    assert view.total.value is None
    html = latency_html(view)
    assert "No estimate." in html
    assert "no latency measurements" in html.lower()
    assert "<table" not in html


# ------------------------------------------------------------------------------------------------------ learning


def test_a_curve_says_where_it_began_ended_and_was_lowest():
    falling = replace(observation(1), history=(0.9, 0.4, 0.25), epochs=3)
    view = learning_view(falling)
    assert view.epochs == (1, 2, 3)
    assert view.lowest == 2
    assert "90 % after epoch 1, 25 % after epoch 3: the lowest is the last" in view.sentence
    risen = learning_view(replace(falling, history=(0.9, 0.2, 0.25)))
    assert risen.sentence.endswith("the lowest was 20 % after epoch 2.")
    level = learning_view(replace(falling, history=(0.9, 0.25, 0.25)))
    assert level.sentence.endswith("as low as after epoch 2 already.")


def test_a_history_of_the_last_epochs_only_is_numbered_from_the_end():
    assert learning_view(replace(observation(1), history=(0.4, 0.3), epochs=7)).epochs == (6, 7)


@pytest.mark.parametrize(
    ("status", "words"), [("trained", "No error per epoch was kept"), ("failed", "The training failed: out of memory")]
)
def test_no_curve_says_why(status, words):
    seen = replace(observation(1), history=(), status=status, message="out of memory")
    html = learning_html(learning_view(seen))
    assert words in html
    assert "<svg" not in html


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_every_curve_stays_in_its_picture(errors):
    view = learning_view(replace(observation(1), history=tuple(errors), epochs=len(errors)))
    html = learning_html(view)
    assert nice_top(max(errors)) >= max(errors)
    points = html.split('points="')[1].split('"')[0].split()
    assert len(points) == len(errors)
    assert all(0 <= float(x) <= 346 and 0 <= float(y) <= 200 for x, y in (p.split(",") for p in points))


# ------------------------------------------------------------------------------------------------------ lineage


def line_of(run, trial):
    where = problem_of(run, run.graph(trial)).space
    return lineage_view(trial, (*run.infeasible(), *run.networks()), where.to_json)


def test_a_line_runs_back_to_the_first_and_says_what_changed(run):
    last = run.networks()[-1].trial_id
    view = line_of(run, last)
    assert view.rows[0].trial_id == last
    assert view.rows[-1].trial_id == 0
    assert view.rows[-1].change == "first of its line"
    parents = [run.observation(row.trial_id).trial.parent for row in view.rows]
    assert parents == [*(row.trial_id for row in view.rows[1:]), None]
    assert all(row.change and row.change != "first of its line" for row in view.rows[:-1])
    assert view.rows[0].genes.startswith("sparsity ")
    assert lineage_html(view).count("<tr data-trial=") == len(view.rows)


def test_children_are_those_that_were_made_from_it(run):
    children = line_of(run, 0).children
    assert children == tuple(o.trial_id for o in run.networks() if o.trial.parent == 0)
    assert all(f'data-trial="{child}"' in lineage_html(line_of(run, 0)) for child in children)


def test_a_trial_that_was_drawn_afresh_and_one_whose_parent_is_gone():
    alone, orphan = observation(1), observation(2)
    orphan = replace(orphan, trial=replace(orphan.trial, parent=77))
    assert "drew it afresh" in lineage_view(1, [alone, orphan], str).sentence
    assert lineage_view(2, [alone, orphan], str).rows[0].change == "made from trial 77, which is no longer kept"
    assert lineage_view(9, [alone], str).sentence == "Nothing is known of this trial."


# ------------------------------------------------------------------------------------------------------ morphs


def test_morphs_save_what_the_cost_model_says(run):
    seen = run.networks()[0]
    problem = problem_of(run, run.graph(seen.trial_id))
    found = list(morphs(problem, seen.trial))
    assert len(found) > 10
    assert found == list(morphs(problem, seen.trial))
    assert all(morph.before == seen.costs for morph in found)
    best = lowering(found)
    saved = [morph.saved_bytes for morph in best]
    assert saved == sorted(saved, reverse=True)
    assert saved[0] == max(morph.saved_bytes for morph in found) > 0
    assert len({morph.places for morph in best}) == len(best)


def test_of_morphs_that_differ_in_degree_the_one_that_saves_most_is_kept():
    before = Costs(1000, 2000, 300)
    place = (("dense", 0),)
    kept = lowering(
        [
            Morph("30 → 29", place, before, Costs(990, 1990, 290)),
            Morph("30 → 25", place, before, Costs(950, 1950, 250)),
            Morph("other", (("pooling",),), before, Costs(1010, 1000, 200)),
        ]
    )
    assert [morph.text for morph in kept] == ["30 → 25"]
    assert kept[0].others == "flash −50 B, MACs −50"
    html = morphs_html(kept, looked_at=3)
    assert "RAM −50 B" in html
    assert "None of the networks one morphism away" in morphs_html((), looked_at=3)


def test_pruned_trials_are_compared_with_pruned_neighbours(run):
    sparse = Observation(
        Trial(1, run.networks()[0].trial.architecture, 3, genes={"sparsity": 0.5}), "trained", Costs(1, 1, 1)
    )
    problem = problem_of(run, run.graph(0))
    assert next(morphs(problem, sparse.trial)).before == problem.expected_costs(sparse.trial)


def test_an_export_says_in_which_arithmetic_it_was_measured():
    both = ExportResult(Path("m.tflite"), 2000, 0.05, 0.04, 500, 0.06, PROFILE)
    assert "95 % (error 5 % in the board's arithmetic, 6 % by LiteRT; float" in export_sentence(3, both, Path())
    old = ExportResult(Path("m.tflite"), 2000, 0.05, 0.04, 500)
    assert "95 % (error 5 % by LiteRT; float" in export_sentence(3, old, Path())
