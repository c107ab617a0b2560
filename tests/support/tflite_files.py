"""Small `.tflite` files for tests, written with the flatbuffers library and no converter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flatbuffers
import numpy as np
import tflite

Shape = Sequence[int]


@dataclass(frozen=True)
class _Operator:
    """What is known of an operator before the file is written; `table` and `kind` are those of its options."""

    code: int
    inputs: Sequence[int]
    outputs: Sequence[int]
    table: int
    kind: int
    intermediates: Sequence[int]
    custom: bytes


class TfliteWriter:
    """Collects tensors and operators, and writes them as a file of one subgraph or, with `next_graph`, of several.

    `version` is that of all its operators.
    """

    def __init__(self) -> None:
        self._builder = flatbuffers.Builder(1024)
        self._tensors: list[int] = []
        self._buffers: list[bytes] = [b""]
        self._operators: list[_Operator] = []
        self._codes: list[str] = []
        self._graphs: list[int] = []
        self.version = 1

    def tensor(
        self,
        shape: Shape,
        data: bytes = b"",
        *,
        dtype: int = tflite.TensorType.INT8,
        variable: bool = False,
        scales: Sequence[float] | None = None,
        zero_point: int = 0,
        axis: int = 0,
    ) -> int:
        """A tensor; `data` makes it a constant, `scales` make it quantised, along `axis` where there are several.

        int8 is quantised unless `scales` are empty, since TFLM's kernels take no other.
        """
        if scales is None:
            scales = [0.1] if dtype == tflite.TensorType.INT8 else []
        builder = self._builder
        quantization = self._quantization(scales, zero_point, axis) if scales else 0
        if data:
            self._buffers.append(data)
        name = builder.CreateString(f"tensor {len(self._tensors)}")
        tflite.TensorStartShapeVector(builder, len(shape))
        for length in reversed(shape):
            builder.PrependInt32(length)
        dims = builder.EndVector()
        tflite.TensorStart(builder)
        tflite.TensorAddShape(builder, dims)
        tflite.TensorAddType(builder, dtype)
        tflite.TensorAddBuffer(builder, len(self._buffers) - 1 if data else 0)
        tflite.TensorAddName(builder, name)
        tflite.TensorAddIsVariable(builder, variable)
        if quantization:
            tflite.TensorAddQuantization(builder, quantization)
        self._tensors.append(tflite.TensorEnd(builder))
        return len(self._tensors) - 1

    def _quantization(self, scales: Sequence[float], zero_point: int, axis: int) -> int:
        builder = self._builder
        scale_vector = builder.CreateNumpyVector(np.array(scales, np.float32))
        zero_vector = builder.CreateNumpyVector(np.full(len(scales), zero_point, np.int64))
        tflite.QuantizationParametersStart(builder)
        tflite.QuantizationParametersAddScale(builder, scale_vector)
        tflite.QuantizationParametersAddZeroPoint(builder, zero_vector)
        tflite.QuantizationParametersAddQuantizedDimension(builder, axis)
        return int(tflite.QuantizationParametersEnd(builder))

    def numbers(self, values: Sequence[int], shape: Shape | None = None) -> int:
        """A constant of int32."""
        data = b"".join(value.to_bytes(4, "little", signed=True) for value in values)
        return self.tensor(shape or (len(values),), data, dtype=tflite.TensorType.INT32)

    def weights(self, shape: Shape) -> int:
        """A constant of int8."""
        size = 1
        for length in shape:
            size *= length
        return self.tensor(shape, bytes(size))

    def operator(
        self,
        name: str,
        inputs: Sequence[int],
        outputs: Sequence[int],
        options: str = "",
        *,
        intermediates: Sequence[int] = (),
        custom: bytes = b"",
        **fields: object,
    ) -> None:
        """An operator with its options table, e.g. "Conv2DOptions", and that table's fields.

        One whose `name` is not the schema's is a custom operator, and `custom` its options.
        """
        if name not in self._codes:
            self._codes.append(name)
        table, kind = 0, 0
        if options:
            texts = {f: self._builder.CreateString(v) for f, v in fields.items() if isinstance(v, str)}
            getattr(tflite, f"{options}Start")(self._builder)
            for field, value in fields.items():
                getattr(tflite, f"{options}Add{field}")(self._builder, texts.get(field, value))
            table = getattr(tflite, f"{options}End")(self._builder)
            kind = getattr(tflite.BuiltinOptions, options)
        code = self._codes.index(name)
        self._operators.append(_Operator(code, inputs, outputs, table, kind, intermediates, custom))

    def next_graph(self, inputs: Sequence[int], outputs: Sequence[int]) -> None:
        """Ends a subgraph; what follows is in the next one, where tensors are counted from 0 again."""
        builder = self._builder
        operators = [self._write_operator(operator) for operator in self._operators]
        vectors = [
            self._offsets(tflite.SubGraphStartTensorsVector, self._tensors),
            self._integers(tflite.SubGraphStartInputsVector, inputs),
            self._integers(tflite.SubGraphStartOutputsVector, outputs),
            self._offsets(tflite.SubGraphStartOperatorsVector, operators),
        ]
        tflite.SubGraphStart(builder)
        tflite.SubGraphAddTensors(builder, vectors[0])
        tflite.SubGraphAddInputs(builder, vectors[1])
        tflite.SubGraphAddOutputs(builder, vectors[2])
        tflite.SubGraphAddOperators(builder, vectors[3])
        self._graphs.append(int(tflite.SubGraphEnd(builder)))
        self._tensors, self._operators = [], []

    def file(self, inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
        """The bytes of the file, whose last subgraph ends here."""
        self.next_graph(inputs, outputs)
        return self.finished()

    def finished(self) -> bytes:
        """The bytes of the file, once `next_graph` has ended its last subgraph."""
        builder = self._builder
        codes = [self._write_code(name) for name in self._codes]
        buffers = [self._write_buffer(data) for data in self._buffers]
        graphs = self._offsets(tflite.ModelStartSubgraphsVector, self._graphs)
        code_vector = self._offsets(tflite.ModelStartOperatorCodesVector, codes)
        buffer_vector = self._offsets(tflite.ModelStartBuffersVector, buffers)
        tflite.ModelStart(builder)
        tflite.ModelAddVersion(builder, 3)
        tflite.ModelAddOperatorCodes(builder, code_vector)
        tflite.ModelAddSubgraphs(builder, graphs)
        tflite.ModelAddBuffers(builder, buffer_vector)
        builder.Finish(tflite.ModelEnd(builder), b"TFL3")
        return bytes(builder.Output())

    def _write_operator(self, operator: _Operator) -> int:
        builder = self._builder
        custom = builder.CreateByteVector(operator.custom) if operator.custom else 0
        between = operator.intermediates
        kept = self._integers(tflite.OperatorStartIntermediatesVector, between) if between else 0
        reads = self._integers(tflite.OperatorStartInputsVector, operator.inputs)
        writes = self._integers(tflite.OperatorStartOutputsVector, operator.outputs)
        tflite.OperatorStart(builder)
        tflite.OperatorAddOpcodeIndex(builder, operator.code)
        tflite.OperatorAddInputs(builder, reads)
        tflite.OperatorAddOutputs(builder, writes)
        if kept:
            tflite.OperatorAddIntermediates(builder, kept)
        if custom:
            tflite.OperatorAddCustomOptions(builder, custom)
        if operator.table:
            tflite.OperatorAddBuiltinOptionsType(builder, operator.kind)
            tflite.OperatorAddBuiltinOptions(builder, operator.table)
        return int(tflite.OperatorEnd(builder))

    def _write_code(self, name: str) -> int:
        builder = self._builder
        number = getattr(tflite.BuiltinOperator, name, tflite.BuiltinOperator.CUSTOM)
        custom = builder.CreateString(name) if number == tflite.BuiltinOperator.CUSTOM else 0
        tflite.OperatorCodeStart(builder)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, min(number, 127))
        tflite.OperatorCodeAddBuiltinCode(builder, number)
        tflite.OperatorCodeAddVersion(builder, self.version)
        if custom:
            tflite.OperatorCodeAddCustomCode(builder, custom)
        return int(tflite.OperatorCodeEnd(builder))

    def _write_buffer(self, data: bytes) -> int:
        vector = self._builder.CreateByteVector(data) if data else 0
        tflite.BufferStart(self._builder)
        if data:
            tflite.BufferAddData(self._builder, vector)
        return int(tflite.BufferEnd(self._builder))

    def _offsets(self, start: object, values: Sequence[int]) -> int:
        start(self._builder, len(values))  # type: ignore[operator]
        for value in reversed(values):
            self._builder.PrependUOffsetTRelative(value)
        return int(self._builder.EndVector())

    def _integers(self, start: object, values: Sequence[int]) -> int:
        start(self._builder, len(values))  # type: ignore[operator]
        for value in reversed(values):
            self._builder.PrependInt32(value)
        return int(self._builder.EndVector())


def small_network() -> bytes:
    """Pad, convolution, depthwise convolution, pooling, sum, mean, dense and softmax on a 6×6 map."""
    w = TfliteWriter()
    x, padded, a, b = (w.tensor(shape) for shape in ((1, 6, 6, 2), (1, 8, 8, 2), (1, 6, 6, 4), (1, 6, 6, 4)))
    total, pooled, mean = (w.tensor(shape) for shape in ((1, 6, 6, 4), (1, 3, 3, 4), (1, 4)))
    logits, result = w.tensor((1, 3)), w.tensor((1, 3), scales=[1 / 256], zero_point=-128)
    w.operator("PAD", [x, w.numbers([0, 0, 1, 1, 1, 1, 0, 0], (4, 2))], [padded])
    kernel, bias = w.weights((4, 3, 3, 2)), w.numbers([0] * 4)
    w.operator("CONV_2D", [padded, kernel, bias], [a], "Conv2DOptions", Padding=1, StrideW=1, StrideH=1)
    kernel, bias = w.weights((1, 3, 3, 4)), w.numbers([0] * 4)
    same = {"Padding": 0, "StrideW": 1, "StrideH": 1, "DepthMultiplier": 1}
    w.operator("DEPTHWISE_CONV_2D", [a, kernel, bias], [b], "DepthwiseConv2DOptions", **same)
    w.operator("ADD", [a, b], [total], "AddOptions", FusedActivationFunction=1)
    pool = {"Padding": 1, "StrideW": 2, "StrideH": 2, "FilterWidth": 2, "FilterHeight": 2}
    w.operator("MAX_POOL_2D", [total], [pooled], "Pool2DOptions", **pool)
    w.operator("MEAN", [pooled, w.numbers([1, 2])], [mean], "ReducerOptions", KeepDims=False)
    w.operator("FULLY_CONNECTED", [mean, w.weights((3, 4)), -1], [logits], "FullyConnectedOptions")
    w.operator("SOFTMAX", [logits], [result], "SoftmaxOptions", Beta=1.0)
    return w.file([x], [result])
