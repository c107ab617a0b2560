"""What our converter makes of a graph: the operators and tensors that end up in the `.tflite` file.

The TensorFlow Lite converter has no sum of three or more tensors: Keras adds them pair by pair from the left. A
`Flatten` becomes a RESHAPE, a global mean a MEAN without kept dimensions. Everything else stays one to one.
"""

from __future__ import annotations

from resource_models import operators as op
from resource_models.graph import Graph, Operator, TensorSpec


def as_converted(graph: Graph) -> Graph:
    """The graph of the file: `graph` itself when nothing in it changes."""
    if not any(_changes(operator) for operator in graph.operators):
        return graph
    tensors = list(graph.tensors)
    operators: list[Operator] = []
    for operator in graph.operators:
        if not _changes(operator):
            operators.append(operator)
        elif isinstance(operator.spec, op.Add):
            operators += _pairwise(operator, operator.spec, tensors)
        else:
            shape = tensors[operator.outputs[0]].shape
            operators.append(Operator(operator.name, op.Reshape(shape), operator.inputs, operator.outputs))
    return Graph(graph.name, tuple(tensors), tuple(operators), graph.inputs, graph.outputs)


def _changes(operator: Operator) -> bool:
    spec = type(operator.spec)
    return spec is op.Flatten or (spec is op.Add and len(operator.inputs) > 2)


def _pairwise(operator: Operator, spec: op.Add, tensors: list[TensorSpec]) -> list[Operator]:
    total, *others = operator.inputs
    chain: list[Operator] = []
    for index, term in enumerate(others, start=1):
        last = index == len(others)
        if last:
            output = operator.outputs[0]
        else:
            output = len(tensors)
            result = tensors[operator.outputs[0]]
            tensors.append(TensorSpec(f"{operator.name}/{index}", result.shape, result.dtype))
        step = spec if last else op.Add()
        name = operator.name if last else f"{operator.name}/{index}"
        chain.append(Operator(name, step, (total, term), (output,)))
        total = output
    return chain
