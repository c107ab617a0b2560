"""Lengths of the tensor names in the files that our converter writes: a tenth of a small file.

TensorFlow names a tensor after the Keras layers that were fused into it, joined by semicolons; a layer's
scope is `model_1/layer_1`, its activation's `model_1/layer_relu_1`, its batch normalisation's
`model_1/layer_bn_1`.
"""

from __future__ import annotations

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator

_OTHER_NAMES = {
    op.MaxPool2D: "/MaxPool2d",
    op.AveragePool2D: "/AvgPool",
    op.Pad: "/Pad",
    op.Reshape: "/Reshape",
    op.Reduce: "/Mean",
    op.Softmax: "/Softmax",
    op.Concatenate: "/concat",
    op.Add: "/Add_1",
}
NUMBERS_LENGTH = len("arith.constant")
"""Length of the name of a constant that holds a shape, axes or paddings."""


def name_lengths(graph: Graph, operator: Operator) -> list[int]:
    """Lengths of the names of the operator's constants, then of its output."""
    spec = operator.spec
    layer = len(graph.name) + len("_1/") + len(operator.name)
    scope = layer + len("_1")
    activated = layer + len("_relu_1/Relu;") if getattr(spec, "activation", "none") != "none" else 0
    if isinstance(spec, op.Dense):
        bias = activated + scope + len("/BiasAdd")
        weights = scope + len("/MatMul")
        return [weights, bias, weights + 1 + bias]
    if not isinstance(spec, (op.Conv2D, op.DepthwiseConv2D)):
        return [NUMBERS_LENGTH] * len(operator.constants) + [scope + len(_OTHER_NAMES.get(type(spec), "/Other"))]
    product = scope + (len("/convolution") if isinstance(spec, op.Conv2D) else len("/depthwise"))
    if not spec.batch_norm:
        single = operator.constants[1].shape == (1,)
        added, reshaped = (len("/Add"), len("/Reshape")) if single else (len("/BiasAdd"), len("/Squeeze"))
        bias = activated + (scope + added) + 1 + product + 1 + (scope + reshaped)
        return [product, bias, bias + 1]
    norm = layer + len("_bn_1/batchnorm")
    shift = norm + len("/sub")
    if isinstance(spec, op.Conv2D):
        bias = activated + (norm + len("/add_1")) + 1 + product + 1 + shift
        return [product, bias, bias + 1]
    scale = norm + len("/mul_1") + 1 + product + 1 + norm + len("/mul")
    bias = activated + (norm + len("/add_1")) + 1 + scale + 1 + shift
    return [scale, bias, bias + 1]
