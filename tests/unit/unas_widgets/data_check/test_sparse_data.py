"""The figure of a data set with little to show: a class without a training example, windows of one row."""

from __future__ import annotations

import numpy as np

from data import Dataset, Split
from unas_widgets.data_check.data_figure import data_figure
from unas_widgets.data_check.pictures import GAP, mosaic


def dataset(shape: tuple[int, int, int], labels: list[int]) -> Dataset:
    part = Split(np.zeros((len(labels), *shape), np.float32), np.array(labels, np.int64))
    return Dataset("mine", shape, 3, ("a", "b", "c"), part, part, part, "Mine.", "here")


def test_a_class_without_a_training_example_has_an_empty_row() -> None:
    rows = mosaic(dataset((5, 6, 1), [0, 2]), "image", classes=3, columns=1).reshape(3, 5 + GAP, 6 + GAP, 3)
    assert [int(tile[:-GAP, :-GAP].min()) for tile in rows] == [0, 255, 0]
    assert [int(tile[:-GAP, :-GAP].max()) for tile in rows] == [0, 255, 0]


def test_a_window_of_one_row_is_a_point_for_each_channel() -> None:
    figure = data_figure(dataset((1, 1, 2), [0, 1, 2]), "window")
    assert [(trace.mode, len(trace.y)) for trace in figure.data] == [("markers", 1)] * 6
