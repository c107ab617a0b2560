"""Array files as people save them: names, layouts and types of examples and labels."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load

N = 60
RNG = np.random.default_rng(0)
Y = np.arange(N) % 3
X = RNG.normal(size=(N, 12, 10))
IMAGES = RNG.integers(0, 256, (N, 32, 24, 3), np.uint8)


def write(path, **arrays):
    np.savez(path / "x.npz", **arrays)
    return f"npz:{path / 'x.npz'}"


def together(dataset):
    """All examples and labels, in the order of the first value of each example."""
    x = np.concatenate([split.x for split in dataset.splits().values()])
    y = np.concatenate([split.y for split in dataset.splits().values()])
    order = np.lexsort(x.reshape(len(x), -1)[:, :2].T)
    return x[order], y[order]


def sorted_as_saved(x, y):
    order = np.lexsort(x.reshape(len(x), -1)[:, :2].T)
    return x[order], y[order]


LABELS = {
    "whole numbers": Y,
    "bytes of numbers": Y.astype(np.int8),
    "big-endian": Y.astype(">i4"),
    "whole floats": Y.astype(np.float16),
    "a column": Y[:, None],
    "two columns too many": Y[:, None, None],
    "a row": Y[None],
    "one-hot": np.eye(3)[Y],
    "one-hot truth": np.eye(3, dtype=bool)[Y],
    "one-hot bytes": np.eye(3, dtype=np.uint8)[Y],
    "words": np.array(["0", "1", "2"])[Y],
    "bytes": np.array([b"0", b"1", b"2"])[Y],
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_every_kind_give_the_same(kind, tmp_path):
    dataset = load(write(tmp_path, x=X, y=LABELS[kind]))
    assert dataset.class_names == ("0", "1", "2")
    x, y = together(dataset)
    saved, labels = sorted_as_saved(X.astype(np.float32), Y)
    assert np.array_equal(x[..., 0], saved)
    assert np.array_equal(y, labels)
    assert (len(dataset.notes) == 1) == kind.startswith("one-hot")


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (Y > 0, ("False", "True")),
        (Y * 2.0 - 2, ("-2", "0", "2")),
        (np.array(["größer", "klein"])[Y % 2], ("größer", "klein")),
        (np.array(["größer".encode(), b"klein"])[Y % 2], ("größer", "klein")),
        (Y * 0.5, ("0.0", "0.5", "1.0")),
        (np.array([2**62, 0])[Y % 2], ("0", str(2**62))),
    ],
)
def test_what_labels_are_called(y, names, tmp_path):
    assert load(write(tmp_path, x=X, y=y)).class_names == names


@pytest.mark.parametrize(
    ("x", "shape", "note"),
    [
        (X, (12, 10, 1), None),
        (X[:, 0], (10, 1, 1), None),
        (IMAGES, (32, 24, 3), None),
        (IMAGES[..., 0], (32, 24, 1), None),
        (np.asfortranarray(IMAGES), (32, 24, 3), None),
        (IMAGES.transpose(0, 3, 1, 2), (32, 24, 3), "channels first"),
        (IMAGES[..., :1].transpose(0, 3, 1, 2), (32, 24, 1), "channels first"),
        (RNG.normal(size=(N, 1, 8, 8)), (8, 8, 1), "channels first"),
        (RNG.normal(size=(N, 128, 9)), (128, 1, 9), "series of 128 readings in 9 channels"),
        (RNG.normal(size=(N, 6, 100)), (100, 1, 6), "series of 100 readings, channels first"),
        (RNG.normal(size=(N, 64, 1, 6)), (64, 1, 6), None),
        (RNG.normal(size=(N, 1, 64, 6)), (1, 64, 6), None),
        (RNG.normal(size=(N, 49, 40)), (49, 40, 1), None),
        (RNG.normal(size=(N, 49, 10)), (49, 10, 1), None),
    ],
)
def test_layouts(x, shape, note, tmp_path):
    dataset = load(write(tmp_path, x=x, y=Y))
    assert dataset.input_shape == shape
    assert [note] == [note for n in dataset.notes if note in n] if note else not dataset.notes


def test_channels_that_come_first_are_moved_not_mixed(tmp_path):
    plain, moved = (load(write(tmp_path, x=x, y=Y)) for x in (IMAGES, IMAGES.transpose(0, 3, 1, 2)))
    assert np.array_equal(plain.train.x, moved.train.x)
    series = RNG.normal(size=(N, 100, 6))
    last, first = (load(write(tmp_path, x=x, y=Y)) for x in (series, series.transpose(0, 2, 1)))
    assert np.array_equal(last.train.x, first.train.x)


def test_a_shape_can_be_asked_for(tmp_path):
    name = write(tmp_path, x=IMAGES[..., 0].reshape(N, -1), y=Y)
    assert load(name).input_shape == (768, 1, 1)
    dataset = load(name + "?shape=32x24x1")
    assert dataset.input_shape == (32, 24, 1)
    assert np.array_equal(together(dataset)[0][..., 0], sorted_as_saved(IMAGES[..., 0], Y)[0])
    with pytest.raises(DataError, match=r"\?shape=32x32x1 does not lay out the 768 numbers"):
        load(name + "?shape=32x32x1")


TYPES = {
    "bytes": IMAGES,
    "64 bits": IMAGES.astype(np.int64),
    "16 bits": IMAGES.astype(np.uint16),
    "floats": IMAGES.astype(np.float32),
    "half floats": IMAGES.astype(np.float16),
    "big-endian floats": IMAGES.astype(">f8"),
}


@pytest.mark.parametrize("kind", TYPES)
def test_pixels_from_0_to_255_are_the_same_in_every_type(kind, tmp_path):
    dataset = load(write(tmp_path, x=TYPES[kind], y=Y))
    assert np.array_equal(together(dataset)[0], sorted_as_saved(IMAGES, Y)[0])
    assert dataset.train.x.dtype == np.uint8
    assert (dataset.notes == ()) == (kind == "bytes")


@pytest.mark.parametrize(
    ("x", "low", "high"),
    [
        (IMAGES.astype(np.uint16) * 257, 0, 65535),
        (IMAGES.astype(np.int16) - 128, -128, 127),
        (IMAGES.astype(np.int8), -128, 127),
        (IMAGES * 1e300, 0, 2.55e302),
        (IMAGES * 3.7, 0, 943.5),
    ],
)
def test_large_numbers_are_scaled_and_the_range_is_told(x, low, high, tmp_path):
    dataset = load(write(tmp_path, x=x, y=Y))
    (note,) = dataset.notes
    assert note == f"values are scaled: 0…1 stands for {low:g}…{high:g}"
    assert (dataset.train.x.min(), dataset.train.x.max()) == (0, 1)
    expected = ((x.astype(np.float64) - low) / (high - low)).astype(np.float32)
    assert np.allclose(np.sort(together(dataset)[0].ravel()), np.sort(expected.ravel()), atol=1e-6)


@pytest.mark.parametrize("x", [X.astype(np.float16), X.astype(">f4"), X > 0, X / 10, X.astype(np.longdouble)])
def test_small_numbers_stay_as_they_are(x, tmp_path):
    dataset = load(write(tmp_path, x=x, y=Y))
    assert dataset.train.x.dtype == np.float32
    assert np.allclose(np.sort(together(dataset)[0].ravel()), np.sort(x.astype(np.float32).ravel()), rtol=1e-6)
    assert dataset.notes == ()


NAMES = [
    ("X", "y"), ("data", "target"), ("images", "labels"), ("features", "labels"), ("arr_0", "arr_1"),
    ("inputs", "targets"),
]  # fmt: skip
DIVIDED = [
    ("X_train", "y_train", "X_test", "y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("xTrain", "yTrain", "xTest", "yTest"),
    ("trainX", "trainY", "testX", "testY"),
    ("training_data", "training_labels", "testing_data", "testing_labels"),
]


@pytest.mark.parametrize("names", NAMES)
def test_usual_names_of_examples_and_labels(names, tmp_path):
    dataset = load(write(tmp_path, **dict(zip(names, (X, Y), strict=True))))
    assert np.array_equal(dataset.train.x, load(write(tmp_path, x=X, y=Y)).train.x)


@pytest.mark.parametrize("names", DIVIDED)
def test_usual_names_of_parts(names, tmp_path):
    dataset = load(write(tmp_path, **dict(zip(names, (X[:40], Y[:40], X[40:], Y[40:]), strict=True))))
    assert np.array_equal(dataset.test.x[..., 0], X[40:].astype(np.float32))
    assert np.array_equal(dataset.train.x[..., 0], X[:32].astype(np.float32))


def test_a_part_for_validation_validates(tmp_path):
    parts = {"x_train": X[:40], "y_train": Y[:40], "x_val": X[40:50], "y_val": Y[40:50]}
    dataset = load(write(tmp_path, **parts, x_test=X[50:], y_test=Y[50:]))
    assert np.array_equal(dataset.validation.x[..., 0], X[40:50].astype(np.float32))
    assert [len(split) for split in dataset.splits().values()] == [40, 10, 10]
    assert [len(split) for split in load(write(tmp_path, **parts)).splits().values()] == [32, 10, 8]
    assert len(load(write(tmp_path, **parts), train_size=9, validation_size=6).validation) == 6


def test_training_examples_in_the_order_of_classes_are_shuffled(tmp_path):
    y = np.sort(Y)
    dataset = load(write(tmp_path, x_train=X, y_train=y, x_test=X[::4], y_test=y[::4]))
    assert [split.class_counts(3) for split in dataset.splits().values()] == [(16,) * 3, (4,) * 3, (5,) * 3]


def test_names_of_classes_in_the_file_are_used(tmp_path):
    dataset = load(write(tmp_path, data=X, target=Y, target_names=np.array(["a", "b", "c"]), weight=np.ones(N)))
    assert dataset.class_names == ("a", "b", "c")
    assert dataset.notes == ("array 'weight' is not used",)


def test_a_folder_of_npy_files_is_read(tmp_path):
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", Y)
    assert load(f"npz:{tmp_path}").num_classes == 3
    with pytest.raises(DataError, match=r"has the arrays X; .*name the folder that holds x.npy and y.npy"):
        load(f"npz:{tmp_path / 'X.npy'}")


def test_examples_that_hold_one_value_are_counted_class_by_class(tmp_path):
    x = X.copy()
    x[np.flatnonzero(Y == 1)[:4]] = 0.5
    assert load(write(tmp_path, x=x, y=Y)).notes == ("4 of 20 examples of class '1' hold one value only",)


RARE = np.where(np.arange(N) < 2, "rare", np.where(Y > 0, "a", "b"))
BAD = {
    "a class of two": ({"x": X, "y": RARE}, "class 'rare' of .* has 2 examples; 3 are needed, to"),
    "a class of one": ({"x": X, "y": np.where(np.arange(N) == 5, 9, Y)}, "class '9' of .* has 1 example; 3 are needed"),
    "a class that is not tested": (
        {"x_train": X, "y_train": Y, "x_test": X[:9], "y_test": Y[:9] % 2},
        "class '2' of .* has 60|class '2' of .* none to test",
    ),
    "complex": ({"x": X + 1j, "y": Y}, "complex128, .* as two channels"),
    "complex labels": ({"x": X, "y": Y + 1j}, "labels of type complex128"),
    "dates as labels": ({"x": X, "y": Y.astype("M8[D]")}, "labels of type datetime64"),
    "labels beyond 2^63": ({"x": X, "y": Y.astype(np.uint64) + 2**63}, "9223372036854775810; .* below 2 to the power"),
    "infinite labels": ({"x": X, "y": np.where(Y > 1, np.inf, Y)}, "labels that are not whole numbers"),
    "measurements": ({"x": X, "y": RNG.random(N)}, "60 different labels that are not whole numbers; .* no regression"),
    "many floats": (
        {"x": RNG.normal(size=(900, 4)), "y": np.arange(900.0) % 300},
        "300 different labels for 900 examples; .* no regression",
    ),
    "several classes at once": ({"x": X, "y": np.ones((N, 3))}, r"labels of shape \(60, 3\) that are not one 1 among"),
    "shares of classes": ({"x": X, "y": np.full((N, 2), 0.5)}, "not one 1 among zeros"),
    "objects": ({"x": X, "y": np.array([{}] * N, object)}, "'y': it holds Python objects, which are not unpickled"),
    "other lengths": ({"x": X, "y": Y[1:]}, "60 examples but 59 labels"),
    "parts of other shapes": ({"x_train": X, "y_train": Y, "x_test": X[:, 1:], "y_test": Y}, "of shape .* and of"),
    "nothing": ({"x": X[:0], "y": Y[:0]}, "must be vectors or maps, and not empty|without examples"),
    "no pixels": ({"x": X[:, :0], "y": Y}, "not empty"),
    "films": ({"x": np.zeros((N, 2, 3, 4, 5)), "y": Y}, "must be vectors or maps"),
    "a constant": ({"x": np.ones_like(X), "y": Y}, "holds the value 1 only; there is nothing to learn from"),
    "twice the same": ({"images": X, "data": X, "labels": Y}, "'images' and 'data' for the same thing; keep one"),
    "no labels": ({"x_train": X, "x_test": X}, "has the arrays x_train, x_test; it needs"),
    "numbers that are none": ({"x": np.where(X > 2, np.nan, X), "y": Y}, "not finite numbers"),
    "blank labels": ({"x": X, "y": np.where(Y > 1, "", "a")}, "labels without a letter"),
    "no letters": ({"x": X, "y": np.where(Y > 1, 0x7FFFFFFF, 97).astype(np.uint32).view("U1")}, "letters that there"),
    "half letters": ({"x": X, "y": np.where(Y > 1, 0xD800, 97).astype(np.uint32).view("U1")}, "letters that there"),
    "one much larger": (
        {"x_train": X, "y_train": Y, "x_test": X, "y_test": Y, "x_val": X * 0 + 20, "y_val": Y},
        "the value .* only in its part 'validation'",
    ),
    "records": ({"x": np.zeros(N, [("a", "f4"), ("b", "f4")]), "y": Y}, "must be vectors or maps"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_classification_data_is_refused_in_a_sentence(kind, tmp_path):
    arrays, message = BAD[kind]
    with pytest.raises(DataError, match=message) as caught:
        load(write(tmp_path, **arrays))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x80\x04\x95 a pickle", "a pickle, and nothing of a stranger is unpickled"),
        (b"\x89HDF\r\n", "an HDF5 file"),
        (b"MATLAB 5.0 MAT-file", "a file of Matlab"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
    ],
)
def test_other_files_are_named(content, message, tmp_path):
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load(f"npz:{tmp_path / 'x.npz'}")
