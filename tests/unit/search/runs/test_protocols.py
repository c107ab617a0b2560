"""What can be done with which kind of run: nothing is offered that would be refused."""

from pathlib import Path

import pytest

from search import Replay, Run
from search.runs import protocols
from search.runs.handmade import OwnNetworks
from tests.support.recorded_run import recorded_run


def members(protocol: type) -> set[str]:
    """What the protocol asks for, without what those below it do."""
    asked = {*vars(protocol), *vars(protocol).get("__annotations__", {})}
    return {name for name in asked if not name.startswith("_")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    run = recorded_run(tmp_path_factory.mktemp("protocols") / "run")
    return {"run": run, "replay": Replay.open(run.folder), "own": OwnNetworks.beside(run)}


@pytest.mark.parametrize("name", ["run", "replay", "own"])
def test_every_run_can_be_looked_at(runs: dict[str, object], name: str) -> None:
    lacking = {member for member in members(protocols.Readable) if not hasattr(runs[name], member)}
    assert lacking == set()


def test_each_offers_what_it_can_do_and_nothing_else(runs: dict[str, object]) -> None:
    can = {
        "run": {protocols.Startable, protocols.Finalisable, protocols.Exportable},
        "own": {protocols.Exportable},
        "replay": set(),
    }
    for name, run in runs.items():
        for protocol in (protocols.Startable, protocols.Finalisable, protocols.Exportable):
            offered = {member for member in members(protocol) if hasattr(run, member)}
            wanted = members(protocol) if protocol in can[name] else {"stop"} & members(protocol) & {*dir(run)}
            assert offered == wanted, (name, protocol)
    assert not isinstance(runs["replay"], Run)
    assert not hasattr(runs["replay"], "stop")


def test_own_networks_are_begun_without_a_search(tmp_path: Path) -> None:
    run = recorded_run(tmp_path / "run")
    own = OwnNetworks.beside(run)
    assert own.networks() == ()
    assert OwnNetworks.exists(own.folder)
    assert str(own.state) == str(Replay.open(run.folder).state) == "ready"
