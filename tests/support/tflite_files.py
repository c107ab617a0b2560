"""Small `.tflite` files for tests, written with the flatbuffers library and no converter."""

from __future__ import annotations

from collections.abc import Sequence

import flatbuffers
import numpy as np
import tflite

Shape = Sequence[int]


class TfliteWriter:
    """Collects tensors and operators, and writes them as a file."""

    def __init__(self) -> None:
        self._builder = flatbuffers.Builder(1024)
        self._tensors: list[int] = []
        self._buffers: list[bytes] = [b""]
        self._operators: list[tuple[int, Sequence[int], Sequence[int], int, int, Sequence[int]]] = []
        self._codes: list[tuple[int, str]] = []

    def tensor(
        self,
        shape: Shape,
        data: bytes = b"",
        *,
        dtype: int = tflite.TensorType.INT8,
        variable: bool = False,
        scales: Sequence[float] = (),
        zero_point: int = 0,
        axis: int = 0,
    ) -> int:
        """A tensor; `data` makes it a constant, `scales` make it quantised, along `axis` where there are several."""
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
        **fields: object,
    ) -> None:
        """An operator by the schema's name, with its options table, e.g. "Conv2DOptions", and that table's fields."""
        number = getattr(tflite.BuiltinOperator, name)
        if (number, name) not in self._codes:
            self._codes.append((number, name))
        table, kind = 0, 0
        if options:
            getattr(tflite, f"{options}Start")(self._builder)
            for field, value in fields.items():
                getattr(tflite, f"{options}Add{field}")(self._builder, value)
            table = getattr(tflite, f"{options}End")(self._builder)
            kind = getattr(tflite.BuiltinOptions, options)
        self._operators.append((self._codes.index((number, name)), inputs, outputs, table, kind, intermediates))

    def file(self, inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
        """The bytes of the file."""
        builder = self._builder
        operators = [self._write_operator(*operator) for operator in self._operators]
        codes = [self._write_code(number) for number, _ in self._codes]
        buffers = [self._write_buffer(data) for data in self._buffers]
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
        graph = tflite.SubGraphEnd(builder)
        graphs = self._offsets(tflite.ModelStartSubgraphsVector, [graph])
        code_vector = self._offsets(tflite.ModelStartOperatorCodesVector, codes)
        buffer_vector = self._offsets(tflite.ModelStartBuffersVector, buffers)
        tflite.ModelStart(builder)
        tflite.ModelAddVersion(builder, 3)
        tflite.ModelAddOperatorCodes(builder, code_vector)
        tflite.ModelAddSubgraphs(builder, graphs)
        tflite.ModelAddBuffers(builder, buffer_vector)
        builder.Finish(tflite.ModelEnd(builder), b"TFL3")
        return bytes(builder.Output())

    def _write_operator(
        self,
        code: int,
        inputs: Sequence[int],
        outputs: Sequence[int],
        table: int,
        kind: int,
        intermediates: Sequence[int],
    ) -> int:
        builder = self._builder
        between = self._integers(tflite.OperatorStartIntermediatesVector, intermediates) if intermediates else 0
        reads = self._integers(tflite.OperatorStartInputsVector, inputs)
        writes = self._integers(tflite.OperatorStartOutputsVector, outputs)
        tflite.OperatorStart(builder)
        tflite.OperatorAddOpcodeIndex(builder, code)
        tflite.OperatorAddInputs(builder, reads)
        tflite.OperatorAddOutputs(builder, writes)
        if between:
            tflite.OperatorAddIntermediates(builder, between)
        if table:
            tflite.OperatorAddBuiltinOptionsType(builder, kind)
            tflite.OperatorAddBuiltinOptions(builder, table)
        return int(tflite.OperatorEnd(builder))

    def _write_code(self, number: int) -> int:
        tflite.OperatorCodeStart(self._builder)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(self._builder, min(number, 127))
        tflite.OperatorCodeAddBuiltinCode(self._builder, number)
        return int(tflite.OperatorCodeEnd(self._builder))

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
    logits, result = (w.tensor(shape) for shape in ((1, 3), (1, 3)))
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
