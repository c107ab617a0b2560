"""What a new run begins with of another one: its front, then the lowest errors, within the new budget; or why not."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resource_models import Costs
from search import Budget, Replay, Run, RunSettings
from search.__main__ import main
from search.errors import JournalError, SettingsError
from search.journal import FILE_NAME, Journal
from search.journal import file as journal
from search.journal.history import budget_record
from search.journal.inherited import inherited_of
from search.journal.warm_start import MOST, found_in, inheritance
from search.problem import Problem
from search.runs.handmade import OwnNetworks
from search.spaces import SpaceError
from tests.support.own_space import Tiny, TinySpace
from tests.support.recorded_run import SETTINGS, recorded_run

WIDE = Budget.parse(ram="16 KiB", flash="64 KiB")
TIGHT = Budget.parse(ram="6 KiB", flash="40 KiB")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of thirty networks with a few on its front: the more they need, the more they err."""
    settings = replace(SETTINGS, budget=WIDE)

    def rising(costs: Costs, rng: np.random.Generator) -> float:
        return float(np.clip(costs.macs / 200_000 + costs.model_bytes / 100_000 + rng.uniform(0, 0.1), 0, 1))

    return recorded_run(tmp_path_factory.mktemp("found") / "first", trained=30, settings=settings, error=rising)


def falling(costs: Costs, _rng: np.random.Generator) -> float:
    """The more a network needs, the less it errs."""
    return float(1 / (1 + costs.ram_bytes))


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of forty networks, nearly all of them on its front."""
    settings = replace(SETTINGS, budget=WIDE)
    return recorded_run(tmp_path_factory.mktemp("spread") / "first", trained=40, settings=settings, error=falling)


def settings_from(run: Run | Path, **changes: Any) -> RunSettings:
    folder = run if isinstance(run, Path) else run.folder
    return replace(SETTINGS, **{"budget": WIDE, "start_from": str(folder), **changes})


def documents(run: Run) -> list[dict[str, Any]]:
    header = journal.read_header(run.folder / FILE_NAME)
    return list(inherited_of(header, run.folder / FILE_NAME).networks)


def test_the_front_comes_first_and_then_the_lowest_errors(found: Run, tmp_path: Path) -> None:
    run = Run.create(settings_from(found, board="raspberry-pi-pico"), tmp_path / "run")
    space = Problem.of(found.settings).space
    front = [o.trial_id for o in found.front()]
    others = sorted((o for o in found.networks() if o.status == "trained"), key=lambda o: o.val_error)
    wanted = [*front, *(o.trial_id for o in others if o.trial_id not in front)][:MOST]
    assert len(front) < MOST
    assert documents(run) == [space.to_json(found.architecture(number)) for number in wanted]
    assert run.begun_from == f"{MOST} networks of the run first"
    assert run.settings.start_from == str(found.folder)


def test_of_a_long_front_both_ends_and_what_lies_between_are_taken(spread: Run, tmp_path: Path) -> None:
    front, space = spread.front(), Problem.of(spread.settings).space
    assert len(front) > MOST
    taken = documents(Run.create(settings_from(spread), tmp_path / "run"))
    architectures = [space.to_json(o.trial.architecture) for o in front]
    places = [architectures.index(document) for document in taken]
    assert len(set(places)) == MOST
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(front) - 1)


def test_what_is_over_the_budget_is_changed_until_it_fits(spread: Run, tmp_path: Path) -> None:
    run = Run.create(settings_from(spread, budget=TIGHT), tmp_path / "run")
    problem = Problem.of(run.settings)
    taken = [problem.space.from_json(document) for document in documents(run)]
    assert all(TIGHT.allows(problem.costs(architecture)) for architecture in taken)
    over = [o for o in spread.front() if not TIGHT.allows(o.costs)]
    header = journal.read_header(run.folder / FILE_NAME)["inherited"]
    assert 0 < header["repaired"] <= len(over)
    assert f"{header['repaired']} changed to fit the budget" in run.begun_from
    again = Run.create(settings_from(spread, budget=TIGHT), tmp_path / "again")
    assert documents(again) == documents(run)
    soft = replace(TIGHT, bounds="soft")
    assert "changed" not in Run.create(settings_from(spread, budget=soft), tmp_path / "soft").begun_from


def test_no_two_networks_compute_the_same(tmp_path: Path) -> None:
    first = recorded_run(tmp_path / "first", trained=5)
    lines = (first.folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    architecture = json.loads(next(line for line in lines if '"trial"' in line))["architecture"]
    same = [json.dumps({**r, "architecture": architecture} if "costs" in r else r) for r in map(json.loads, lines)]
    (first.folder / FILE_NAME).write_text("\n".join([*same, ""]), encoding="utf-8")
    assert documents(Run.create(settings_from(first), tmp_path / "run")) == [architecture]


def test_another_input_and_other_classes(found: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "blobs.npz", x=rng.normal(size=(60, 20, 6, 3)).astype("float32"), y=np.arange(60) % 2)
    run = Run.create(settings_from(found, dataset=f"npz:{tmp_path / 'blobs.npz'}"), tmp_path / "run")
    problem = Problem.of(run.settings)
    graphs = [problem.graph(problem.space.from_json(document)) for document in documents(run)]
    assert {graph.tensors[graph.inputs[0]].shape for graph in graphs} == {(1, 20, 6, 3)}
    assert {graph.tensors[graph.outputs[0]].shape[-1] for graph in graphs} == {1}


class OfThisWidth(TinySpace):
    """Takes no more filters than the input is wide."""

    def contains(self, architecture: Any) -> bool:
        return super().contains(architecture) and architecture.filters <= self.input_shape[1]

    def from_json(self, document: Any) -> Tiny:
        if document["filters"] > self.input_shape[1]:
            raise SpaceError("too many filters")
        return super().from_json(document)


def test_what_is_no_network_for_the_new_input_is_left_out_with_a_word(tmp_path: Path) -> None:
    own = f"{__name__}:OfThisWidth"
    settings = replace(SETTINGS, space=own, budget=WIDE)
    first = recorded_run(tmp_path / "first", trained=20, settings=settings, error=falling)
    np.savez(tmp_path / "narrow.npz", x=np.random.default_rng(0).random((40, 8, 4, 1), "float32"), y=np.arange(40) % 2)
    front, _others = found_in(str(first.folder), own)
    wide = [o for o in front[:MOST] if json.loads(o.trial.architecture.text)["filters"] > 4]
    assert wide
    settings = settings_from(first, space=own, dataset=f"npz:{tmp_path / 'narrow.npz'}", board=None)
    run = Run.create(settings, tmp_path / "run")
    assert all(document["filters"] <= 4 for document in documents(run))
    assert run.begun_from.endswith(f" of the run first ({len(wide)} of its front did not fit)")


def test_the_other_folder_is_read_once(found: Run, tmp_path: Path) -> None:
    first = tmp_path / "first"
    shutil.copytree(found.folder, first)
    run = Run.create(settings_from(first), tmp_path / "run")
    before = documents(run)
    shutil.rmtree(first)
    opened = Run.open(run.folder)
    assert documents(opened) == before
    assert opened.begun_from == run.begun_from
    assert Replay.open(run.folder).begun_from == run.begun_from
    opened.extend(replace(opened.settings, trials=99))
    with pytest.raises(SettingsError, match=r"begun with --start-from .*, not none; use the same settings"):
        opened.extend(replace(opened.settings, start_from=None))


def test_a_run_that_proposed_nothing_yet_is_gone_on_with_where_the_other_folder_is_gone(
    found: Run, tmp_path: Path
) -> None:
    from search.cli.commands.run import open_or_create

    first = tmp_path / "first"
    shutil.copytree(found.folder, first)
    settings = settings_from(first)
    before = documents(open_or_create(settings, tmp_path / "run", {}))
    assert documents(open_or_create(replace(settings, seed=7), tmp_path / "run", {})) == before  # begun anew
    shutil.rmtree(first)
    assert documents(open_or_create(replace(settings, seed=7), tmp_path / "run", {})) == before
    with pytest.raises(SettingsError, match="begun with --seed 7, not 8"):
        open_or_create(replace(settings, seed=8), tmp_path / "run", {})
    with pytest.raises(SettingsError, match="--start-from: There is no run in"):
        open_or_create(settings, tmp_path / "another", {})


def test_the_last_budget_of_the_other_run_tells_its_front(spread: Run, tmp_path: Path) -> None:
    first = tmp_path / "first"
    shutil.copytree(spread.folder, first)
    with Journal.reopen(first / FILE_NAME) as writer:
        writer.append(budget_record(TIGHT))
    run = Run.create(settings_from(first), tmp_path / "run")
    front = Run.open(first).front()
    assert all(TIGHT.allows(o.costs) for o in front)
    space = Problem.of(run.settings).space
    assert documents(run)[0] == space.to_json(front[0].trial.architecture)


def test_networks_made_by_hand_beside_it_begin_with_nothing(found: Run, tmp_path: Path) -> None:
    run = Run.create(settings_from(found), tmp_path / "run")
    own = OwnNetworks.beside(run)
    assert own.settings.start_from is None
    assert "inherited" not in journal.read_header(own.folder / FILE_NAME)


# ------------------------------------------------------------------------------------------------- what cannot be


def nothing_there(folder: Path) -> dict[str, Any]:
    return {"start_from": str(folder / "nowhere")}


def of_another_space(folder: Path) -> dict[str, Any]:
    return {"start_from": str(recorded_run(folder, trained=2).folder), "space": "mlp"}


def untrained(folder: Path) -> dict[str, Any]:
    return {"start_from": str(Run.create(SETTINGS, folder).folder)}


def torn(folder: Path) -> dict[str, Any]:
    run = recorded_run(folder, trained=2)
    with (run.folder / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write('{"record": "verdict"}\n')
    return {"start_from": str(run.folder)}


def far_too_large(folder: Path) -> dict[str, Any]:
    """Networks of a space of its own that none of its morphisms makes small enough."""
    own = f"{__name__}:Rigid"
    first = recorded_run(folder, trained=4, settings=replace(SETTINGS, space=own, budget=WIDE))
    smallest = min(o.costs.macs for o in first.networks())
    return {"start_from": str(folder), "space": own, "budget": Budget(macs=smallest - 1)}


class Rigid(TinySpace):
    """Only its smallest network can be changed, so that what is over a budget stays so."""

    def sample(self, rng: np.random.Generator) -> Tiny:
        return Tiny(int(rng.integers(6, 9)), 12)

    def neighbours(self, architecture: Tiny, rng: np.random.Generator) -> tuple[Tiny, ...]:
        larger = super().neighbours(architecture, rng)
        return tuple(n for n in larger if n.filters + n.units > architecture.filters + architecture.units)


@pytest.mark.parametrize(
    ("prepared", "said"),
    [
        (nothing_there, r"^--start-from: There is no run in .*nowhere: journal\.jsonl is missing\.$"),
        (of_another_space, r"^--start-from: the run in .* searched the space cnn, not mlp; .* --space cnn\.$"),
        (untrained, r"^--start-from: the run in .* has no trained network yet; begin from another run\.$"),
        (torn, r"^--start-from: Line \d+ of .* is damaged \(this version knows no such kind of record\)"),
        (far_too_large, r"^--start-from: none of the best networks of the run in .* fits these data and this budget"),
    ],
)
def test_why_it_cannot_be_is_one_sentence(prepared: Callable[[Path], dict], said: str, tmp_path: Path) -> None:
    settings = replace(SETTINGS, **{"budget": WIDE, **prepared(tmp_path / "first")})
    with pytest.raises(SettingsError, match=said):
        Run.create(settings, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_command_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["run", "--dataset", "digits", "--start-from", str(tmp_path / "first"), "--out", str(tmp_path / "run")]
    assert main(asked) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("--start-from: There is no run in")
    assert main(["run", "--help"]) == 0
    assert "--start-from" in capsys.readouterr().out


@dataclass(frozen=True)
class Fault:
    """What somebody made of a header, and what is said of it."""

    change: Callable[[dict[str, Any]], object]
    said: str


@pytest.mark.parametrize(
    "fault",
    [
        Fault(lambda h: h.update(inherited=7), "inherited: expected"),
        Fault(lambda h: h["inherited"].update(networks=[1]), r"inherited: networks\[0\]: expected object"),
        Fault(lambda h: h["inherited"].update(repaired=-1), "inherited: repaired: expected int >= 0"),
        Fault(lambda h: h["inherited"]["networks"][0].update(blocks=3), "inherited: .*'blocks'.* cannot be 3"),
    ],
    ids=lambda fault: fault.said[:30],
)
def test_a_header_that_was_spoilt_is_refused_before_anything_starts(found: Run, tmp_path: Path, fault: Fault) -> None:
    run = Run.create(settings_from(found), tmp_path / "run")
    header = json.loads((run.folder / FILE_NAME).read_text(encoding="utf-8"))
    fault.change(header)
    (run.folder / FILE_NAME).write_text(json.dumps(header) + "\n", encoding="utf-8")
    for kind in (Run, Replay):
        with pytest.raises(JournalError, match=rf"Line 1 .* is damaged \({fault.said}"):
            kind.open(run.folder)


def test_without_a_source_there_is_nothing_to_begin_with() -> None:
    assert inheritance(Problem.of(SETTINGS)).networks == ()
