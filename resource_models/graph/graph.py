"""The operator graph: what a network computes, in the order of its operators, with the shape of every tensor.

A `Graph` is immutable. Tensors are named by their index; only activations are tensors of the graph, the
weights of an operator are its `constants`. Shapes have a leading batch dimension of 1: (1, height, width,
channels) or (1, units).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from resource_models.errors import GraphError
from resource_models.graph.operators import OperatorSpec
from resource_models.graph.shapes import Shape, output_shapes

BYTES_PER_ELEMENT: dict[str, float] = {
    "int8": 1, "uint8": 1, "bool": 1,
    "int16": 2, "uint16": 2, "float16": 2,
    "int32": 4, "uint32": 4, "float32": 4,
    "int64": 8, "uint64": 8, "float64": 8, "complex64": 8, "complex128": 16, "bfloat16": 2,
    "resource": 4,
    "int4": 0.5, "uint4": 0.5, "int2": 0.25,
    "string": 1, "variant": 4,
}  # fmt: skip
"""Strings and variants have no fixed size; nothing here runs them."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A tensor's name, shape and element type, one of `BYTES_PER_ELEMENT`."""

    name: str
    shape: Shape
    dtype: str = "int8"

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """Bytes of the elements, without any alignment."""
        size = math.prod(self.shape) * BYTES_PER_ELEMENT[self.dtype]
        return size if type(size) is int else math.ceil(size)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator at its place: `inputs` and `outputs` are indices into `Graph.tensors`.

    `constants` are its weights, then its bias, in the layout that `operators` states for its class, then
    other constant inputs. `states` is what a recurrent operator keeps from one inference to the next.
    """

    name: str
    spec: OperatorSpec
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    constants: tuple[TensorSpec, ...] = ()
    states: tuple[TensorSpec, ...] = ()


@dataclass(frozen=True)
class Graph:
    """A network.

    Attributes:
        name: Its name.
        tensors: Its activations.
        operators: In an order that can be executed.
        inputs: Indices of the tensors that it reads.
        outputs: Indices of the tensors that it gives.
        file_bytes: The size of the file that it was read from; None when it has never been written.
        file_tensors: How many tensors that file describes in this subgraph, used or not.
        edge_scales: How many scales the file gives each of the inputs, then of the outputs; None as for int8.
        constants: Tensors that are constants of the file, where they are given as outputs.
        subgraphs: The subgraphs of the file after this one, which operators call by their number from 1 on.
        refused: Why TensorFlow Lite Micro does not run the file, with the way out; empty where it does.
    """

    name: str
    tensors: tuple[TensorSpec, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    file_bytes: int | None = None
    file_tensors: int | None = None
    edge_scales: tuple[int, ...] | None = None
    constants: tuple[int, ...] = ()
    subgraphs: tuple[Graph, ...] = ()
    refused: str = ""

    @cached_property
    def producers(self) -> tuple[int | None, ...]:
        """Per tensor the index of the operator that writes it; None for the inputs of the graph."""
        table: list[int | None] = [None] * len(self.tensors)
        for index, operator in enumerate(self.operators):
            for tensor in operator.outputs:
                table[tensor] = index
        return tuple(table)

    @cached_property
    def consumers(self) -> tuple[tuple[int, ...], ...]:
        """Per tensor the indices of the operators that read it, each once, in order."""
        table: list[list[int]] = [[] for _ in self.tensors]
        for index, operator in enumerate(self.operators):
            for tensor in operator.inputs:
                if not table[tensor] or table[tensor][-1] != index:
                    table[tensor].append(index)
        return tuple(map(tuple, table))

    def producer_of(self, tensor: int) -> Operator | None:
        """The operator that writes `tensor`; None for an input of the graph."""
        index = self.producers[tensor]
        return None if index is None else self.operators[index]

    def consumers_of(self, tensor: int) -> tuple[Operator, ...]:
        """The operators that read `tensor`, in order."""
        return tuple(self.operators[index] for index in self.consumers[tensor])

    def shapes(self, tensors: Sequence[int]) -> tuple[Shape, ...]:
        """Shapes of the given tensors."""
        return tuple(self.tensors[tensor].shape for tensor in tensors)

    def verify(self, *, allow_unread: bool = False) -> Graph:
        """This graph, after every shape was derived again from the operators and every rule was checked.

        Args:
            allow_unread: Whether an operator may write a tensor that nothing reads, as in some files.

        Raises:
            GraphError: an index outside the graph, a tensor written twice, read before it is written or
                never used, an operator name used twice, an unknown element type, or a shape that its
                operator does not give.
            UnknownOperatorError: an operator without a shape rule.
        """
        self._verify_tensors()
        written = {*self.inputs, *self.constants}
        names: set[str] = set()
        for operator in self.operators:
            if operator.name in names:
                raise GraphError(
                    f"two operators are named {operator.name!r}; give each its own name",
                    operator=operator.name,
                )
            names.add(operator.name)
            self._verify_operator(operator, written)
        self._verify_use(written, allow_unread)
        return self

    def _verify_tensors(self) -> None:
        count = len(self.tensors)
        used = [*self.inputs, *self.outputs]
        for operator in self.operators:
            used += [*operator.inputs, *operator.outputs]
        for tensor in used:
            if not 0 <= tensor < count:
                raise GraphError(f"tensor {tensor} is used, but graph {self.name!r} has {count} tensors")
        if len(set(self.inputs)) < len(self.inputs) or len(set(self.outputs)) < len(self.outputs):
            raise GraphError(f"graph {self.name!r} names an input or output twice; name each once")
        constants = (tensor for operator in self.operators for tensor in operator.constants)
        for tensor_spec in (*self.tensors, *constants):
            if tensor_spec.dtype not in BYTES_PER_ELEMENT:
                raise GraphError(f"tensor {tensor_spec.name!r} has the unknown element type {tensor_spec.dtype!r}")
            if min(tensor_spec.shape, default=1) < 1:
                raise GraphError(f"tensor {tensor_spec.name!r} is empty: its shape is {tensor_spec.shape}")

    def _verify_operator(self, operator: Operator, written: set[int]) -> None:
        early = [tensor for tensor in operator.inputs if tensor not in written]
        if early:
            raise GraphError(
                f"{operator.name!r} reads tensor {early[0]} ({self.tensors[early[0]].name!r}) before it is written; "
                "put its producer first",
                operator=operator.name,
            )
        again = [tensor for tensor in operator.outputs if tensor in written]
        if again or len(set(operator.outputs)) < len(operator.outputs):
            raise GraphError(f"{operator.name!r} writes a tensor that is already written", operator=operator.name)
        constants = tuple(constant.shape for constant in operator.constants)
        expected = output_shapes(operator.name, operator.spec, self.shapes(operator.inputs), constants)
        if expected != self.shapes(operator.outputs):
            raise GraphError(
                f"{operator.name!r} gives {expected}, but its outputs are {self.shapes(operator.outputs)}",
                operator=operator.name,
            )
        written.update(operator.outputs)

    def _verify_use(self, written: set[int], allow_unread: bool) -> None:
        missing = [tensor for tensor in self.outputs if tensor not in written]
        if not self.outputs or missing:
            raise GraphError(f"graph {self.name!r} has no output, or one that no operator writes")
        for tensor, spec in enumerate(self.tensors):
            if tensor not in written:
                raise GraphError(f"tensor {spec.name!r} is never written; remove it")
            unread = not self.consumers[tensor] and tensor not in self.outputs
            if unread and not (allow_unread and self.producers[tensor] is not None):
                raise GraphError(f"tensor {spec.name!r} is never used; make it an output or remove it")
