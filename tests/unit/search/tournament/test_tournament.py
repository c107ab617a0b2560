"""Tournaments in a table with made-up learning curves; live ones are in tests/runs."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
from scipy import stats

from search.algorithms import create
from search.algorithms.random import RandomSearch
from search.budget import Budget
from search.errors import JournalError, SettingsError
from search.tabular.simulate import best_error_over, hypervolume_over, simulate
from search.tabular.table import TableError
from search.tournament import TableRules, compare, conduct, curves, entrants, finals
from search.tournament.__main__ import main
from search.tournament.results_file import FILE_NAME, read
from search.tournament.statistics import holm, signed_rank
from tests.support.running import alive, workers_of
from tests.support.tables import EPOCHS, made_up_table

BUDGET = Budget.parse(ram="4 KiB", flash="8 KiB")
BOUNDS = ["--ram", "4KiB", "--flash", "8KiB"]
PAIR = ["random", "successive_halving"]
OPTION = ["successive_halving.min_epochs=1"]
LIMIT = 6.0


class FirstTheSmallest(RandomSearch):
    """Somebody's own algorithm."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "made-up.npz"
    made_up_table().save(path)
    return path


@pytest.fixture(scope="module")
def rules(file: Path) -> TableRules:
    return TableRules(table=str(file), budget=BUDGET, equivalents=LIMIT)


@pytest.fixture(scope="module")
def results(rules: TableRules):
    return conduct(rules, entrants(PAIR, OPTION), seeds=6)


def command(file: Path, to: Path, *more: str) -> list[str]:
    return ["table", str(file), "--algorithm", "random", "--to", str(to), "--equivalents", "6", *BOUNDS, *more]


# -------------------------------------------------------------------------------------------------------- entrants


def test_entrants_have_names_and_options():
    small, own = entrants(["small=aging_evolution", "my.package:Mine"], ["small.population=20", "Mine.way=left"])
    assert (small.name, small.algorithm, small.options) == ("small", "aging_evolution", {"population": 20})
    assert (own.name, own.algorithm, own.options) == ("Mine", "my.package:Mine", {"way": "left"})


@pytest.mark.parametrize(
    ("algorithms", "options", "said"),
    [
        ([], [], "at least one"),
        (["random", "random"], [], "'random' is there twice"),
        (["a b=random"], [], "'a b' is no name"),
        (["random"], ["randm.k=1"], "did you mean 'random'"),
        (["random"], ["other.k=1"], "there is random"),
        (["random"], ["k=1"], "not of the form NAME.key=value"),
        (["random"], ["random.k"], "not of the form NAME.key=value"),
    ],
)
def test_bad_entrants_are_refused_in_a_sentence(algorithms, options, said):
    with pytest.raises(SettingsError, match=said):
        entrants(algorithms, options)


# --------------------------------------------------------------------------------------------------------- results


def test_results_are_those_of_the_searches(rules, results):
    assert [(r.entrant.name, r.seed) for r in results] == [(name, seed) for name in PAIR for seed in range(6)]
    table = rules.load()
    at = np.linspace(0, LIMIT, 25)
    for result in results[::5]:
        steps = simulate(_make(result), table, BUDGET, equivalents=LIMIT, seed=result.seed)
        volumes = hypervolume_over(steps, BUDGET, at, resources=("ram_bytes", "model_bytes"))
        assert result.reached("hypervolume", "equivalents", at) == pytest.approx(volumes)
        errors = best_error_over(steps, BUDGET, at)
        assert result.reached("accuracy", "equivalents", at) == pytest.approx(1 - errors)
        assert result.spent("epochs") <= LIMIT * EPOCHS
        assert result.final("hypervolume") == pytest.approx(volumes[-1])


def _make(result):
    return partial(create, result.entrant.algorithm, options=result.entrant.options)


def test_the_frame_is_in_long_form(results):
    frame = curves(results, points=13)
    assert list(frame.columns) == ["entrant", "algorithm", "seed", "axis", "spent", "measure", "value"]
    assert set(frame["axis"]) == {"equivalents", "epochs"}
    counts = frame.groupby(["entrant", "seed", "axis", "measure"]).size()
    assert (counts == 13).all()
    assert len(counts) == 2 * 6 * 2 * 2
    assert (frame.groupby(["entrant", "seed", "axis", "measure"])["value"].diff().dropna() >= 0).all()
    assert (frame[frame["spent"] == 0]["value"] == 0).all()
    assert frame.groupby("axis")["spent"].max().to_dict() == {"equivalents": LIMIT, "epochs": LIMIT * EPOCHS}
    last = frame[(frame["axis"] == "epochs") & (frame["measure"] == "accuracy")].groupby(["entrant", "seed"])["value"]
    assert last.last().to_dict() == pytest.approx(finals(results).set_index(["entrant", "seed"])["accuracy"].to_dict())


def test_without_a_bound_only_the_accuracy_is_compared(file):
    unbounded = TableRules(table=str(file), budget=Budget(), equivalents=2)
    results = conduct(unbounded, entrants(["random"]), seeds=2)
    assert set(curves(results)["measure"]) == {"accuracy"}
    assert finals(results)["hypervolume"].isna().all()
    assert {c.measure for c in compare(results)} == {"accuracy"}


def test_a_tournament_goes_on_where_it_was_cut_off(rules, results, tmp_path):
    told: list[tuple[int, int]] = []
    conduct(rules, entrants(PAIR, OPTION), seeds=2, folder=tmp_path)
    content = (tmp_path / FILE_NAME).read_text()
    (tmp_path / FILE_NAME).write_text(content[:-40])  # the last line is torn
    again = conduct(
        rules, entrants(PAIR, OPTION), seeds=3, folder=tmp_path, tell=lambda done, total, _: told.append((done, total))
    )
    assert told == [(3, 6), (4, 6), (5, 6), (6, 6)]
    assert again == tuple(r for r in results if r.seed < 3)
    kept = {(r.entrant.name, r.seed): r for r in read(tmp_path)[1]}
    assert kept == {(r.entrant.name, r.seed): r for r in again}


def test_several_processes_find_the_same(rules, results, tmp_path):
    found = conduct(rules, entrants(PAIR, OPTION), seeds=2, folder=tmp_path, workers=2)
    assert found == tuple(r for r in results if r.seed < 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"equivalents": 7.0}, "equivalents 6.0, not equivalents 7.0"),
        ({"accounting": "unas"}, "accounting tflm, not accounting unas"),
        ({"budget": Budget.parse(ram="4 KiB", flash="8 KiB", bounds="soft")}, "flash 8 KiB .hard., not the budget"),
    ],
)
def test_other_settings_in_the_same_folder_are_refused(file, tmp_path, change, said):
    same = {"table": str(file), "budget": BUDGET, "equivalents": LIMIT}
    conduct(TableRules(**same), entrants(["random"]), seeds=1, folder=tmp_path)
    with pytest.raises(SettingsError, match=said):
        conduct(TableRules(**{**same, **change}), entrants(["random"]), seeds=1, folder=tmp_path)


def test_a_name_keeps_its_options(rules, tmp_path):
    conduct(rules, entrants(["h=successive_halving"]), seeds=1, folder=tmp_path)
    with pytest.raises(SettingsError, match=r"h is successive_halving \(no options\), not .*eta=4"):
        conduct(rules, entrants(["h=successive_halving"], ["h.eta=4"]), seeds=1, folder=tmp_path)


def test_another_file_is_no_tournament(tmp_path):
    with pytest.raises(JournalError, match="There is no tournament"):
        read(tmp_path)
    (tmp_path / FILE_NAME).write_text('{"record":"header","schema":1}\n{"record":"result"}\n')
    with pytest.raises(JournalError, match="cannot be read"):
        read(tmp_path)


def test_an_impossible_budget_is_refused(file):
    with pytest.raises(TableError, match="No network of the table made-up meets the budget: RAM 9 B"):
        conduct(TableRules(table=str(file), budget=Budget(ram_bytes=9), equivalents=1), entrants(["random"]), seeds=1)


# ------------------------------------------------------------------------------------------------------ statistics


def test_holm_corrects_as_by_hand():
    # Sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1; what would fall stays at the highest so far.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_signed_rank_test_is_exact_for_few_pairs():
    assert signed_rank(np.array([1.0, 2, 3, 4, 5, 6])) == pytest.approx(2 / 2**6)
    assert signed_rank(np.array([0.0, 0.0])) == 1.0
    apart = np.random.default_rng(0).normal(0.3, 1, 30)
    assert signed_rank(apart) == pytest.approx(stats.wilcoxon(apart, method="exact").pvalue)


def test_comparisons_name_the_baseline_and_count_wins(results):
    found = compare(results, against="random")
    assert [(c.entrant, c.measure) for c in found] == [(n, m) for m in ("hypervolume", "accuracy") for n in PAIR]
    base, other = found[:2]
    values = finals(results).pivot_table(index="seed", columns="entrant", values="hypervolume")
    apart = values["successive_halving"] - values["random"]
    assert base.p_value is None
    assert (other.wins, other.losses) == ((apart > 1e-12).sum(), (apart < -1e-12).sum())
    assert other.p_value == pytest.approx(signed_rank(apart.to_numpy()))
    assert (other.lower, other.median, other.upper) == pytest.approx(
        tuple(values["successive_halving"].quantile([0.25, 0.5, 0.75]))
    )
    best = compare(results)[0].against
    assert values[best].median() == max(values[name].median() for name in PAIR)
    with pytest.raises(SettingsError, match="no entrant is called 'none'"):
        compare(results, against="none")


# ---------------------------------------------------------------------------------------------------- command line


def test_the_command_answers_in_json_and_goes_on(file, tmp_path, capsys):
    own = ["--algorithm", f"{__name__}:FirstTheSmallest", "--seeds", "2", "--json"]
    assert main(command(file, tmp_path, *own)) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(s["entrant"]["name"], s["seed"]) for s in answer["searches"]] == [
        ("random", 0), ("random", 1), ("FirstTheSmallest", 0), ("FirstTheSmallest", 1),
    ]  # fmt: skip
    assert {c["entrant"]: c["p_value"] for c in answer["comparisons"]}["FirstTheSmallest"] == 1.0
    assert main(command(file, tmp_path, "--seeds", "3")) == 0
    said = capsys.readouterr()
    assert "2 of 3 searches done\n3 of 3" in said.err
    assert said.out.split()[:4] == ["measure", "entrant", "seeds", "median"]


def test_show_prints_what_there_is(file, tmp_path, capsys):
    main(command(file, tmp_path, "--seeds", "1"))
    capsys.readouterr()
    assert main(["show", str(tmp_path), "--csv"]) == 0
    assert capsys.readouterr().out.startswith("entrant,algorithm,seed,axis,spent,measure,value\nrandom,random,0,")
    assert main(["show", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "hypervolume  random" in said
    assert "So few" not in said  # there is nothing to compare


def test_too_few_seeds_are_told(file, tmp_path, capsys):
    pair = ["--algorithm", "again=random"]
    main(command(file, tmp_path, *pair, "--seeds", "5"))
    assert "So few seeds allow no p-value below 0.062" in capsys.readouterr().out
    main(command(file, tmp_path, *pair, "--seeds", "6"))
    assert "So few seeds" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--against", "best"], "--against: no entrant is called 'best'"),
        (["--option", "random.k=1"], "random has no option 'k'"),
        (["--algorithm", "aging"], "There is no algorithm 'aging'"),
        (["--equivalents", "0"], "--equivalents must be above zero"),
        (["--ram", "much"], "--ram"),
        (["--seeds", "0"], "--seeds"),
    ],
)
def test_bad_input_ends_with_one_sentence(file, tmp_path, capsys, more, said):
    assert main(command(file, tmp_path, *more)) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_without_bounds_those_of_the_table_hold(file: Path) -> None:
    assert (
        TableRules(table=str(file), budget=Budget(), equivalents=2).with_own_bounds().budget == made_up_table().budget()
    )
    other = TableRules(table=str(file), budget=Budget(macs=9_000), equivalents=2)
    assert other.with_own_bounds() == other


def test_an_unknown_table_is_named(tmp_path, capsys):
    assert main(["table", "nowhere", "--algorithm", "random", "--to", str(tmp_path)]) == 2
    assert "There is no table 'nowhere'" in capsys.readouterr().err


def test_a_live_tournament_needs_a_limit(tmp_path, capsys):
    assert main(["live", "digits", "--algorithm", "random", "--to", str(tmp_path)]) == 2
    assert "--cpu-seconds, --equivalents or --trials" in capsys.readouterr().err


def test_workers_end_at_once_when_a_tournament_breaks_off(rules: TableRules, tmp_path: Path):
    def interrupted(done: int, _total: int, _newest: object) -> None:
        if done:
            raise KeyboardInterrupt

    others = workers_of(psutil.Process())
    with pytest.raises(KeyboardInterrupt) as interruption:
        conduct(rules, entrants(["random"], []), seeds=3, folder=tmp_path, workers=2, tell=interrupted)
    assert interruption.tb  # which holds every frame on its way, so that nothing is ended by being forgotten
    assert alive([worker for worker in workers_of(psutil.Process()) if worker not in others]) == []
    assert len(read(tmp_path)[1]) == 1
