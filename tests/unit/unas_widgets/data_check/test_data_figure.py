"""Examples of a data set as a figure."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from data import Dataset, Split, load
from unas_widgets.data_check.data_figure import CLASSES, COLUMNS, TRACE_COLUMNS, data_figure
from unas_widgets.data_check.pictures import GAP, mosaic


def dataset(shape, classes: int = 2, each: int = 3) -> Dataset:
    y = np.arange(classes * each) % classes
    x = np.random.default_rng(0).integers(0, 256, (len(y), *shape)).astype(np.uint8)
    split = Split(x, y)
    names = tuple(f"class {i}" for i in range(classes))
    return Dataset("some", shape, classes, names, split, split, split, "", "")


def test_a_tile_is_the_example_and_what_lacks_is_white():
    whole = dataset((6, 5, 3))
    pixels = mosaic(whole, "photo", classes=2, columns=4)
    assert pixels.shape == (2 * (6 + GAP), 4 * (5 + GAP), 3)
    second_of_class_1 = pixels[6 + GAP : 12 + GAP, 5 + GAP : 10 + GAP]
    assert np.array_equal(second_of_class_1, whole.train.x[3])
    assert (pixels[:, 3 * (5 + GAP) :] == 255).all()


def test_a_spectrogram_has_time_to_the_right_and_high_bands_above():
    whole = dataset((7, 4, 1))
    x = np.zeros((6, 7, 4, 1), np.uint8)
    x[:, 2, 3] = 255  # frame 2, the highest band
    split = Split(x, whole.train.y)
    pixels = mosaic(replace(whole, train=split), "spectrogram", classes=1, columns=1)
    tile = pixels[:4, :7].astype(int).sum(axis=2)
    assert np.unravel_index(np.argmax(tile), tile.shape) == (0, 2)


def test_large_images_leave_pixels_out_and_odd_channels_are_grey():
    assert mosaic(dataset((300, 200, 2)), "image", classes=1, columns=1).shape == (75 + GAP, 50 + GAP, 3)


def test_the_figure_has_the_picture_and_the_names_of_the_classes():
    figure = data_figure(load("digits"), "image")
    source = figure.data[0].source
    picture = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
    assert picture.size == (COLUMNS * (8 + GAP), 10 * (8 + GAP))
    assert list(figure.layout.yaxis.ticktext) == [str(digit) for digit in range(10)]


def test_series_are_traces_of_each_channel():
    whole = dataset((20, 1, 3))
    for kind in ("window", "unknown"):
        figure = data_figure(whole, kind)
        assert len(figure.data) == 2 * min(3, TRACE_COLUMNS) * 3
    assert np.allclose(figure.data[1].y, whole.train.x[0, :, 0, 1] / 255)


def test_of_many_classes_the_first_are_shown_and_the_title_says_so():
    figure = data_figure(dataset((3, 3, 1), classes=62, each=2), "image")
    assert f"the first {CLASSES} of 62 classes" in figure.layout.title.text
    assert len(figure.layout.yaxis.ticktext) == CLASSES


@pytest.mark.parametrize(("shape", "kind"), [((4, 4, 1), "image"), ((8, 1, 2), "window")])
def test_names_of_strangers_are_words(shape, kind):
    evil = "<img src=x onerror=alert(1)>"
    whole = replace(dataset(shape), name=evil, class_names=(evil, "b"))
    assert evil not in data_figure(whole, kind).to_json()
    assert "<img" not in data_figure(whole, kind).to_json().replace("\\u003c", "<")
