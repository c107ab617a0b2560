"""How fast Bayesian optimisation proposes, and what a distance costs by Dragonfly's own route and by ours."""

import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from search.algorithms.bayesian.distance import STRUCTURAL, Otmann
from search.algorithms.bayesian.network import LayeredNetwork
from search.algorithms.bayesian.process import ProposerProcess
from search.algorithms.bayesian.proposer import Options, Setup
from search.budget import Budget
from search.spaces import space
from search.testing import synthetic_observation
from search.trial import Trial
from tests.support.dragonfly_networks import dragonfly_distance

SPACE = space("cnn", (28, 28, 1), 10)
BUDGET = Budget.parse(ram="64 KiB", flash="128 KiB")
OPTIONS = {
    "bayesian": Options(local=False, candidates=120, exact=6, population=100, tournament=25),
    "local_bayesian": Options(local=True, candidates=150, exact=6, population=25, tournament=25),
}
ASKS = 6


def observed(count: int) -> list[dict]:
    """So many trained networks: nine in ten are neighbours of others, as in a search."""
    rng = np.random.default_rng(0)
    networks, events = [], []
    while len(events) < count:
        if not networks or rng.random() < 0.1:
            network = SPACE.sample(rng)
        else:
            neighbours = SPACE.neighbours(networks[int(rng.integers(len(networks)))], rng)
            network = neighbours[int(rng.integers(len(neighbours)))]
        seen = synthetic_observation(Trial(9 * len(events), network, 3), SPACE, BUDGET)
        if seen.status == "trained":
            networks.append(network)
            known = {"trial": seen.trial_id, "error": seen.val_error, "costs": asdict(seen.costs)}
            events.append({"architecture": SPACE.to_json(network), **known})
    return events


@pytest.mark.bench
@pytest.mark.parametrize("name", list(OPTIONS))
def test_seconds_per_proposal(name: str) -> None:
    process = ProposerProcess(Setup(SPACE, BUDGET, 0, None, OPTIONS[name]))
    events = observed(300)
    number = 0
    print()
    for first, last in ((0, 100), (100, 300)):
        for event in events[first:last]:
            process.learn(event)
        before, began = process.cpu_seconds(), time.perf_counter()
        process.propose(number)
        whole, cpu = time.perf_counter() - began, process.cpu_seconds() - before
        print(f"{name:15} {last} observations: {whole:6.2f} s ({cpu:.2f} s of processor) with {last - first} to learn")
        taken = []
        for _ in range(ASKS):
            number += 1
            before, began = process.cpu_seconds(), time.perf_counter()
            process.propose(number)
            taken.append((time.perf_counter() - began, process.cpu_seconds() - before))
        walls, cpus = zip(*taken, strict=True)
        print(f"{name:15} {last} observations: {np.median(walls):6.2f} s an ask (at most {max(walls):.2f} s; ", end="")
        print(f"{np.median(cpus):.2f} s of processor)")
    process.close()


@pytest.mark.bench
def test_microseconds_per_pair() -> None:
    rng = np.random.default_rng(1)
    graphs = [SPACE.lower(SPACE.sample(rng)) for _ in range(120)]
    ours, ours_ready = timed(lambda: [LayeredNetwork.of(graph) for graph in graphs])
    (theirs, distance), theirs_ready = timed(lambda: dragonfly_distance(ours))
    otmann = Otmann()
    for network in ours[:100]:
        otmann.add(network)
    exact, exact_s = timed(lambda: np.stack([otmann.exact(network) for network in ours[100:]]))
    bound, bound_s = timed(lambda: np.stack([otmann.bound(network) for network in ours[100:]]))
    pairs = [(int(rng.integers(20)), int(rng.integers(100))) for _ in range(200)]
    expected, own_s = timed(lambda: [distance(theirs[100 + i], theirs[j]) for i, j in pairs])
    table = np.array(expected).reshape(len(pairs), len(STRUCTURAL), 2)
    found = np.stack([exact[i, :, :, j].T for i, j in pairs])
    layers = np.mean([len(network.labels) for network in ours])
    print(f"\n{layers:.1f} layers a network, {len(STRUCTURAL)} transport problems a pair; processor time")
    print(
        f"preparing a network      Dragonfly {1e3 * theirs_ready / 120:6.2f} ms   ours {1e3 * ours_ready / 120:6.2f} ms"
    )
    print(f"a pair, exact            Dragonfly {1e6 * own_s / 200:6.0f} µs   ours {1e6 * exact_s / 2000:6.0f} µs")
    print(f"a pair, bound                                 ours {1e6 * bound_s / 2000:6.0f} µs")
    print(f"largest deviation        {np.abs(found - table).max():.1e} absolute, ", end="")
    print(f"{np.abs(found / table - 1).max():.1e} relative, on 200 random pairs")
    print(f"bound over exact         {(bound / exact).mean():.3f} on average, at most {(bound / exact).max():.6f}")


def timed(work: Callable):
    """What `work` gives, and its processor seconds."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began
