"""Hypothesis strategies for operator graphs."""

from __future__ import annotations

from hypothesis import strategies as st

from resource_models import Graph, GraphBuilder


@st.composite
def graphs(draw: st.DrawFn, *, max_operators: int = 9) -> Graph:
    """Any network of convolutions, sums and concatenations on maps of one size, with several outputs."""
    builder = GraphBuilder("random")
    tensors = [builder.input((2, 2, draw(st.integers(1, 6)))) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.integers(1, max_operators))):
        tensors.append(_operator(draw, builder, tensors))
    return _finished(builder, tensors)


@st.composite
def fork_joins(draw: st.DrawFn, *, max_operators: int = 9) -> Graph:
    """Parallel branches between one tensor and a sum of all, as in the CNN space."""
    builder = GraphBuilder("fork")
    source = builder.input((2, 2, draw(st.integers(1, 9))))
    channels = draw(st.integers(1, 4))
    left = max_operators - 1
    ends = []
    while left > 0 and (len(ends) < 2 or draw(st.booleans())):
        length = draw(st.integers(1, min(left, 4)))
        left -= length
        tensor = source
        for position in range(length):
            filters = channels if position == length - 1 else draw(st.integers(1, 12))
            tensor = builder.conv2d(tensor, filters, (1, 1))
        ends.append(tensor)
    return builder.build(builder.add(ends) if len(ends) > 1 else ends[0])


def _operator(draw: st.DrawFn, builder: GraphBuilder, tensors: list[int]) -> int:
    kind = draw(st.sampled_from(["conv", "conv", "add", "add", "concatenate"]))
    recent = tensors[-draw(st.integers(1, 6)) :]
    first = draw(st.sampled_from(recent))
    if kind == "conv":
        return builder.conv2d(first, draw(st.integers(1, 8)), (1, 1))
    if kind == "concatenate":
        return builder.concatenate([first, draw(st.sampled_from(recent))])
    alike = [tensor for tensor in tensors if builder.shape(tensor) == builder.shape(first)]
    return builder.add([first, *draw(st.lists(st.sampled_from(alike), min_size=1, max_size=2))])


def _finished(builder: GraphBuilder, tensors: list[int]) -> Graph:
    """The graph whose outputs are all tensors that nothing reads."""
    everything = builder.build(*tensors)
    unread = [tensor for tensor in tensors if not everything.consumers[tensor]]
    return builder.build(*unread)
