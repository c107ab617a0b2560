"""Networks as Dragonfly's own classes have them, and its own OTMANN distance: what ours is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from search.algorithms.bayesian.distance import STRUCTURAL
from search.algorithms.bayesian.dragonfly_compat import load
from search.algorithms.bayesian.network import GROUPS, LayeredNetwork

Distance = Callable[[Any, Any], Sequence[float]]


def dragonfly_distance(networks: Sequence[LayeredNetwork]) -> tuple[list[Any], Distance]:
    """The networks as Dragonfly's, and its distance: least cost and cost per mass for each structural weight in turn.

    Labels, masses and connections are handed to Dragonfly; path lengths, costs and plans are its own work.
    """
    load()
    from dragonfly.nn.neural_network import NeuralNetwork
    from dragonfly.nn.otmann import OTMANNDistanceComputer
    from scipy.sparse import dok_matrix

    labels = sorted({label for network in networks for label in network.labels}, key=str)
    kinds = {_name(label): label.kind for label in labels}

    class Network(NeuralNetwork):
        def __init__(self, network: LayeredNetwork) -> None:
            count = len(network.labels)
            edges = dok_matrix((count, count))
            for index, sources in enumerate(network.parents):
                for source in sources:
                    edges[source, index] = 1
            self._masses = network.masses
            super().__init__("net", [_name(label) for label in network.labels], edges, [None] * count, list(kinds))

        def _child_compute_layer_masses(self) -> None:
            self.layer_masses = self._masses

        def _child_attrs_topological_sort(self, top_order) -> None:
            self._masses = self._masses[top_order]

        def _child_check_if_valid_network(self) -> bool:
            return True

        @classmethod
        def _get_child_layer_groups(cls) -> list[str]:
            return list(GROUPS)

        @classmethod
        def _get_layer_group_for_layer_label(cls, layer_label) -> str | None:
            return kinds.get(layer_label)

    computer = OTMANNDistanceComputer(
        list(kinds),
        np.array([[a.mismatch(b) for b in labels] for a in labels]),
        1.0,
        ["all", *GROUPS],
        ["shortest", "longest", "rw"],
        dflt_mislabel_coeffs=[1.0] * len(STRUCTURAL),
        dflt_struct_coeffs=list(STRUCTURAL),
        dflt_dist_type="lp-emd",
    )
    return [Network(network) for network in networks], computer.evaluate_single


def _name(label) -> str:
    return {"input": "ip", "output": "op"}.get(label.kind, str(label))
