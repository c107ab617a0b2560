"""The terms of the latency model."""

import math

import pytest

from resource_models import GraphBuilder, macs
from resource_models.latency.kernel_work import convolution, dense, depthwise, elementwise, operator_work, pool
from resource_models.runtimes.latency_fit import TERMS


def test_names_and_numbers_of_terms_agree():
    works = [
        convolution((3, 3), (1, 1), 3, (1, 8, 8, 4)),
        convolution((1, 1), (1, 1), 8, (1, 8, 8, 4)),
        depthwise((3, 3), (1, 8, 8, 4)),
        dense(10, 3),
        pool((2, 2), (1, 4, 4, 3)),
        *(elementwise(kind, 5) for kind in ("mean", "add", "binary", "unary", "softmax", "pad", "copy", "reshape")),
    ]
    assert {work.kind for work in works} == set(TERMS)
    assert all(len(work.terms) == len(TERMS[work.kind]) for work in works)


@pytest.mark.parametrize(
    ("kernel", "strides", "channels", "kind"),
    [
        ((1, 1), (1, 1), 4, "pointwise"),
        ((1, 1), (1, 1), 6, "conv"),
        ((1, 1), (2, 2), 4, "conv"),
        ((3, 1), (1, 1), 4, "conv"),
    ],
)
def test_which_convolutions_need_no_im2col(kernel: tuple[int, int], strides: tuple[int, int], channels: int, kind: str):
    assert convolution(kernel, strides, channels, (1, 4, 4, 8)).kind == kind


def test_terms_of_a_convolution_by_hand():
    work = convolution((3, 3), (1, 1), 3, (1, 4, 5, 6))
    named = dict(zip(TERMS["conv"], work.terms, strict=True))
    assert named == {
        "call": 1,
        "macs": 4 * 5 * 6 * 27,
        "outputs": 120,
        "columns": 20 * 27,
        "patches": 180,
        "positions": 20,
        "macs_tail": 120 * 3,
        "columns_tail": 180 * 3,
        "macs_unaligned": 4 * 5 * 6 * 27,
    }


def test_macs_are_those_of_the_macs_model():
    builder = GraphBuilder("all")
    x = builder.conv2d(builder.input((20, 20, 3)), 8, (3, 3), strides=(2, 2))
    x = builder.depthwise_conv2d(x, (3, 3), padding="same")
    x = builder.add([x, builder.conv2d(x, 8, (1, 1)), x])
    graph = builder.build(builder.dense(builder.flatten(builder.average_pool2d(x, (3, 3))), 7))
    works = [
        work
        for operator in graph.operators
        for work in operator_work(
            operator.spec, graph.shapes(operator.inputs), graph.tensors[operator.outputs[0]].shape
        )
    ]
    assert sum(work.macs for work in works) == macs(graph)
    assert [work.kind for work in works].count("add") == 2


def test_elements_of_an_elementwise_operator():
    assert elementwise("add", math.prod((4, 4, 8))).terms == (1.0, 128)
