"""The operator graph and its builder."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given

from resource_models import (
    Add,
    Binary,
    Conv2D,
    Graph,
    GraphBuilder,
    GraphError,
    MaxPool2D,
    Operator,
    OperatorSpec,
    TensorSpec,
    UnknownOperatorError,
    macs,
)
from tests.support.strategies import graphs


def small() -> Graph:
    builder = GraphBuilder("small")
    x = builder.input((8, 8, 3))
    x = builder.conv2d(x, 4, (3, 3), activation="relu")
    x = builder.max_pool2d(x, (2, 2))
    return builder.build(builder.dense(builder.flatten(x), 5))


def change(graph: Graph, index: int, **changes: object) -> Graph:
    operators = list(graph.operators)
    operators[index] = dataclasses.replace(operators[index], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(graph, operators=tuple(operators))


@given(graphs())
def test_what_the_builder_builds_verifies(graph: Graph) -> None:
    assert graph.verify() is graph
    for tensor in range(len(graph.tensors)):
        producer = graph.producer_of(tensor)
        assert (producer is None) == (tensor in graph.inputs)
        assert producer is None or tensor in producer.outputs
        assert all(tensor in reader.inputs for reader in graph.consumers_of(tensor))


def test_shapes_are_derived_once_and_right() -> None:
    builder = GraphBuilder()
    x = builder.input((9, 7, 3))
    assert builder.shape(builder.conv2d(x, 4, (3, 2), strides=(2, 1))) == (1, 4, 6, 4)
    assert builder.shape(builder.conv2d(x, 4, (3, 3), strides=(2, 2), padding="same")) == (1, 5, 4, 4)
    assert builder.shape(builder.depthwise_conv2d(x, (3, 3), multiplier=2)) == (1, 7, 5, 6)
    assert builder.shape(builder.average_pool2d(x, (2, 2))) == (1, 4, 3, 3)
    assert builder.shape(builder.pad(x, ((0, 2), (0, 1)))) == (1, 11, 8, 3)
    assert builder.shape(builder.global_average_pool(x)) == (1, 3)
    assert builder.shape(builder.concatenate([x, x])) == (1, 9, 7, 6)
    assert builder.shape(builder.softmax(builder.flatten(x))) == (1, 189)


def test_every_operator_has_a_name_of_its_own() -> None:
    builder = GraphBuilder()
    x = builder.input((4, 4, 1))
    for _ in range(12):
        x = builder.conv2d(x, 1, (1, 1))
    names = [operator.name for operator in builder.build(x).operators]
    assert names == [f"conv2d_{number}" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda b, x: b.conv2d(x, 4, (9, 9)), "a 9×9 window does not fit a 8×8 map"),
        (lambda b, x: b.conv2d(x, 0, (1, 1)), "cannot have weights"),
        (lambda b, x: b.max_pool2d(x, (0, 1)), "must be at least 1"),
        (lambda b, x: b.dense(x, 4), "flatten it first"),
        (lambda b, x: b.add([x, b.conv2d(x, 4, (1, 1))]), "do not go together|differ|one shape"),
        (lambda b, x: b.add([x]), "two or more"),
        (lambda b, x: b.pad(x, ((-1, 0), (0, 0))), "must not be negative"),
        (lambda b, x: b.conv2d(x + 7, 4, (1, 1)), "reads tensor"),
        (lambda b, x: b.flatten(x + 7), "reads tensor"),
    ],
)
def test_what_cannot_be_built_is_said_clearly(call, reason: str) -> None:  # type: ignore[no-untyped-def]
    builder = GraphBuilder()
    x = builder.input((8, 8, 3))
    with pytest.raises(GraphError, match=reason):
        call(builder, x)


def test_build_refuses_what_dangles() -> None:
    builder = GraphBuilder()
    x = builder.input((8, 8, 3))
    y = builder.conv2d(x, 1, (1, 1))
    with pytest.raises(GraphError, match="at least one output"):
        builder.build()
    builder.conv2d(x, 2, (1, 1))
    with pytest.raises(GraphError, match="'conv2d_2' is never used"):
        builder.build(y)


def test_verify_finds_every_kind_of_damage() -> None:
    graph = small()
    assert graph.verify() is graph
    wrong_shape = dataclasses.replace(
        graph, tensors=(*graph.tensors[:2], TensorSpec("x", (1, 9, 9, 9)), *graph.tensors[3:])
    )
    damaged = {
        "gives": wrong_shape,
        "before it is written": change(graph, 0, inputs=(4,)),
        "already written": change(graph, 1, outputs=(1,)),
        "has 5 tensors": change(graph, 1, inputs=(99,)),
        "two operators are named": change(graph, 1, name="conv2d_1"),
        "never used|never written": dataclasses.replace(graph, tensors=(*graph.tensors, TensorSpec("lost", (1, 1)))),
        "no output": dataclasses.replace(graph, outputs=()),
        "unknown element type": dataclasses.replace(
            graph, tensors=(TensorSpec("in", (1, 8, 8, 3), "int3"), *graph.tensors[1:])
        ),
        "is empty": dataclasses.replace(graph, tensors=(TensorSpec("in", (1, 0, 8, 3)), *graph.tensors[1:])),
        "twice": dataclasses.replace(graph, outputs=(4, 4)),
        "do not have the kernel": change(graph, 0, spec=Conv2D((5, 5))),
        "cannot have": change(graph, 0, constants=()),
        "bias": change(graph, 0, constants=(graph.operators[0].constants[0], TensorSpec("bias", (3,), "int32"))),
    }
    for reason, bad in damaged.items():
        with pytest.raises(GraphError, match=reason):
            bad.verify()


def test_an_unknown_operator_is_named_and_never_free() -> None:
    class Riddle(OperatorSpec):
        pass

    graph = change(small(), 1, spec=Riddle())
    for cost in (Graph.verify, macs):
        with pytest.raises(UnknownOperatorError, match="Riddle") as caught:
            cost(graph)
        assert caught.value.operator == "Riddle"


def test_broadcasting_follows_the_usual_rule() -> None:
    tensors = (TensorSpec("a", (1, 4, 4, 3)), TensorSpec("b", (3,)), TensorSpec("c", (1, 4, 4, 3)))
    for spec in (Add(), Binary("mul")):
        Graph("g", tensors, (Operator("op", spec, (0, 1), (2,)),), (0, 1), (2,)).verify()
    with pytest.raises(GraphError, match="do not go together"):
        Graph(
            "g", (tensors[0], TensorSpec("b", (2,)), tensors[2]), (Operator("op", Add(), (0, 1), (2,)),), (0, 1), (2,)
        ).verify()


def test_macs_in_both_accountings() -> None:
    builder = GraphBuilder()
    x = builder.input((8, 8, 3))
    a = builder.conv2d(x, 4, (3, 3))
    b = builder.depthwise_conv2d(a, (3, 3), padding="same")
    c = builder.add([a, b, a])
    d = builder.max_pool2d(c, (2, 2))
    graph = builder.build(builder.dense(builder.flatten(d), 10))
    heavy = 6 * 6 * 4 * 27 + 6 * 6 * 4 * 9 + 36 * 10
    assert macs(graph) == heavy
    assert macs(graph, "unas") == heavy + 2 * 6 * 6 * 4 + 3 * 3 * 4 * 4
    assert isinstance(graph.operators[3].spec, MaxPool2D)
