"""What our converter makes of a graph: the operators and tensors of the `.tflite` file, in the file's order.

Observed on the files that `search.training.quantise` writes with TensorFlow 2.21, and checked by a test on
random networks:

- A sum of several tensors becomes sums of two, from the left. Where its maps are 1×1, the second term is
  first reshaped to a vector, as the sum then passes for a bias.
- `Flatten` becomes RESHAPE; before a dense layer it is left out when the map is 1×1.
- Operators without weights that do the same to the same tensor become one.
- Padding, reshaping and means read their numbers from constants; equal constants are stored once.
- The order is depth first from the input: a branch is finished before the next one begins. Operators that
  read one tensor come in the order of their names, since TensorFlow sorts them so when it reads a graph.
"""

from __future__ import annotations

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator, TensorSpec

_Constants = tuple[TensorSpec, ...]


def as_converted(graph: Graph) -> Graph:
    """The graph of the file: `graph` itself where it was read from one."""
    if graph.file_bytes is not None:
        return graph
    rewriter = _Rewriter(graph)
    for operator in graph.operators:
        rewriter.rewrite(operator)
    return rewriter.finished()


class _Rewriter:
    """Collects the operators of the file; `_now` maps the graph's tensors to the file's."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._tensors = [graph.tensors[tensor] for tensor in graph.inputs]
        self._now = {tensor: index for index, tensor in enumerate(graph.inputs)}
        self._operators: list[Operator] = []

    def rewrite(self, operator: Operator) -> None:
        """Take over one operator of the graph."""
        spec = operator.spec
        kind = type(spec)
        if kind is op.Conv2D or kind is op.DepthwiseConv2D or kind is op.Dense or len(operator.outputs) > 1:
            self._keep(operator)
            return
        if isinstance(spec, op.Add) and len(operator.inputs) > 1 and not operator.constants:
            result = self._sum(operator, spec)
        elif kind is op.Flatten:
            result = self._flatten(operator)
        else:
            result = self._plain(operator)
        self._now[operator.outputs[0]] = result

    def finished(self) -> Graph:
        """The graph of the file."""
        graph = self._graph
        inputs = tuple(range(len(graph.inputs)))
        outputs = tuple([self._now[tensor] for tensor in graph.outputs])
        operators = _in_file_order(self._operators, inputs)
        converted = Graph(graph.name, tuple(self._tensors), tuple(operators), inputs, outputs)
        in_order = operators is self._operators
        operators, same = _without_twins(operators)
        return converted if in_order and not same else _renumbered(converted, operators, same)

    def _keep(self, operator: Operator) -> None:
        inputs = tuple([self._now[tensor] for tensor in operator.inputs])
        first = len(self._tensors)
        for tensor in operator.outputs:
            self._now[tensor] = len(self._tensors)
            self._tensors.append(self._graph.tensors[tensor])
        outputs = tuple(range(first, len(self._tensors)))
        self._operators.append(
            Operator(operator.name, operator.spec, inputs, outputs, operator.constants, operator.states)
        )

    def _plain(self, operator: Operator) -> int:
        inputs = tuple([self._now[tensor] for tensor in operator.inputs])
        constants = operator.constants or _numbers_of(operator.spec, self._graph.tensors[operator.inputs[0]])
        return self._append(operator.name, operator.spec, inputs, self._graph.tensors[operator.outputs[0]], constants)

    def _flatten(self, operator: Operator) -> int:
        source = self._now[operator.inputs[0]]
        before, after = self._tensors[source].shape, self._graph.tensors[operator.outputs[0]]
        readers = self._graph.consumers_of(operator.outputs[0])
        into_dense = bool(readers) and all(type(reader.spec) is op.Dense for reader in readers)
        if into_dense and before[-1] == after.shape[-1]:
            return source
        return self._reshape(operator.name, source, after)

    def _sum(self, operator: Operator, spec: op.Add) -> int:
        total, *terms = (self._now[tensor] for tensor in operator.inputs)
        shape = self._graph.tensors[operator.outputs[0]].shape
        as_bias = len(shape) == 4 and shape[1] == shape[2] == 1 < shape[3]
        for place, term in enumerate(terms, start=1):
            last = place == len(terms)
            name = operator.name if last else f"{operator.name}/{place}"
            if as_bias:
                vector = TensorSpec(f"{name}/vector", shape[-1:], self._tensors[term].dtype)
                term = self._reshape(f"{name}/vector", term, vector)  # noqa: PLW2901
            result = TensorSpec(name, shape, self._tensors[total].dtype)
            total = self._append(name, spec if last else op.Add(), (total, term), result, ())
        return total

    def _reshape(self, name: str, source: int, result: TensorSpec) -> int:
        numbers = _numbers(result.shape, (len(result.shape),))
        return self._append(name, op.Reshape(result.shape), (source,), result, (numbers,))

    def _append(
        self, name: str, spec: op.OperatorSpec, inputs: tuple[int, ...], result: TensorSpec, constants: _Constants
    ) -> int:
        self._tensors.append(result)
        output = len(self._tensors) - 1
        self._operators.append(Operator(name, spec, inputs, (output,), constants))
        return output


def _numbers_of(spec: op.OperatorSpec, source: TensorSpec) -> _Constants:
    """Constants that an operator reads its numbers from."""
    if isinstance(spec, op.Pad):
        return (_numbers(spec.paddings, (len(source.shape), 2)),)
    if isinstance(spec, op.PadAxes):
        return (_numbers(spec.paddings, (len(spec.paddings), 2)),)
    if isinstance(spec, op.Reduce):
        return (_numbers(spec.axes, (len(spec.axes),)),)
    if isinstance(spec, op.Reshape):
        return (_numbers(spec.shape, (len(spec.shape),)),)
    if isinstance(spec, op.Transpose):
        return (_numbers(spec.permutation, (len(spec.permutation),)),)
    if isinstance(spec, op.Resize):
        return (_numbers(spec.size, (2,)),)
    return ()


def _numbers(value: object, shape: tuple[int, ...]) -> TensorSpec:
    """A constant of int32; constants of one value have one name, so that they count once."""
    return TensorSpec(f"numbers {value}", shape, "int32")


def _in_file_order(operators: list[Operator], inputs: tuple[int, ...]) -> list[Operator]:
    """The operators in reverse postorder of a depth-first walk that takes the readers of a tensor by falling names."""
    readers: dict[int, list[int]] = {}
    branches = False
    for index, operator in enumerate(operators):
        for tensor in operator.inputs:
            known = readers.setdefault(tensor, [])
            branches = branches or bool(known)
            known.append(index)
    if not branches and len(inputs) == 1:
        return operators
    left: list[int] = []
    visited: set[int] = set()
    stack = [(index, False) for tensor in inputs for index in _by_name(readers.get(tensor, []), operators)]
    while stack:
        index, done = stack.pop()
        if done:
            left.append(index)
        elif index not in visited:
            visited.add(index)
            stack.append((index, True))
            for tensor in operators[index].outputs:
                if tensor in readers:
                    stack += [(reader, False) for reader in _by_name(readers[tensor], operators)]
    return [operators[index] for index in reversed(left)]


def _by_name(indices: list[int], operators: list[Operator]) -> list[int]:
    if len(indices) == 1:
        return indices
    return sorted(indices, key=lambda index: operators[index].name + "_")


def _without_twins(operators: list[Operator]) -> tuple[list[Operator], dict[int, int]]:
    """One operator for all that do the same, without weights, to the same tensors; and which tensor replaces which."""
    seen: dict[tuple[op.OperatorSpec, tuple[int, ...]], tuple[int, ...]] = {}
    same: dict[int, int] = {}
    left = []
    for operator in operators:
        kind = type(operator.spec)
        if kind is not op.Conv2D and kind is not op.DepthwiseConv2D and kind is not op.Dense:
            inputs = tuple([same.get(tensor, tensor) for tensor in operator.inputs])
            twin = seen.setdefault((operator.spec, inputs), operator.outputs)
            if twin is not operator.outputs and not operator.states:
                same.update(zip(operator.outputs, twin, strict=True))
                continue
        left.append(operator)
    return left, same


def _renumbered(graph: Graph, operators: list[Operator], same: dict[int, int]) -> Graph:
    """The graph with these operators, its tensors in the order in which they are written, without those replaced."""
    kept = [*graph.inputs, *(tensor for operator in operators for tensor in operator.outputs)]
    number = {tensor: index for index, tensor in enumerate(kept)}
    for tensor, twin in same.items():
        number[tensor] = number[twin]

    def renumber(tensors: tuple[int, ...]) -> tuple[int, ...]:
        return tuple([number[tensor] for tensor in tensors])

    return Graph(
        graph.name,
        tuple([graph.tensors[tensor] for tensor in kept]),
        tuple(
            [
                Operator(o.name, o.spec, renumber(o.inputs), renumber(o.outputs), o.constants, o.states)
                for o in operators
            ]
        ),
        renumber(graph.inputs),
        renumber(graph.outputs),
    )
