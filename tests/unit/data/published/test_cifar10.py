"""CIFAR-10 from the original's records, and from folders of images."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from data.published.cifar10 import CLASS_NAMES
from tests.support.data_files import flat_image, write_folder, write_tar, write_zip

RNG = np.random.default_rng(0)


def records(count, first_label=0):
    labels = (np.arange(count) + first_label) % 10
    planes = RNG.integers(0, 255, (count, 3, 32, 32), np.uint8)
    content = b"".join(bytes([label]) + image.tobytes() for label, image in zip(labels, planes, strict=True))
    return content, labels, planes


@pytest.fixture
def files():
    made = {f"data_batch_{number}.bin": records(10, number)[0] for number in range(1, 6)}
    return made | {"test_batch.bin": records(20)[0], "readme.html": b"<p>"}


def test_the_original_archive(tmp_path, files, offline):
    content, labels, planes = records(10, 1)
    files["data_batch_1.bin"] = content
    write_tar(tmp_path / "cifar-10-binary.tar.gz", files, prefix="cifar-10-batches-bin/")
    loaded = load("cifar10", train_size=10, validation_size=40, data_dir=tmp_path)
    assert loaded.input_shape == (32, 32, 3)
    assert np.array_equal(loaded.train.x, planes.transpose(0, 2, 3, 1))
    assert np.array_equal(loaded.train.y, labels)
    assert [len(split) for split in loaded.splits().values()] == [10, 40, 20]


def test_the_binary_form_groups_the_classes(tmp_path, files):
    write_folder(tmp_path / "cifar-10-batches-bin", files)
    ten = load("cifar10", train_size=10, data_dir=tmp_path)
    two = load("cifar10-binary", train_size=10, data_dir=tmp_path)
    assert two.num_classes == 2
    assert np.array_equal(two.train.x, ten.train.x)
    assert np.array_equal(two.train.y, ten.train.y >= 5)


def test_folders_of_images(tmp_path):
    images = {
        f"{part}/{name}/{number:04}.png": flat_image(10 * index, (32, 32), colour=True)
        for part, count in (("train", 5), ("test", 2))
        for index, name in enumerate(CLASS_NAMES)
        for number in range(count)
    }
    write_zip(tmp_path / "cifar10-images.zip", images)
    loaded = load("cifar10", data_dir=tmp_path)
    assert [split.class_counts(10) for split in loaded.splits().values()] == [(4,) * 10, (1,) * 10, (2,) * 10]
    for split in loaded.splits().values():
        assert np.array_equal(split.x[:, 0, 0, 0], 10 * split.y)
    two = load("cifar10-binary", train_size=20, validation_size=10, data_dir=tmp_path)
    assert two.train.class_counts(2) == (10, 10)


def test_a_record_that_is_cut_off_is_refused(tmp_path, files):
    files["data_batch_3.bin"] = files["data_batch_3.bin"][:-1]
    write_folder(tmp_path / "cifar-10-batches-bin", files)
    with pytest.raises(DataError, match="no whole number of records"):
        load("cifar10", data_dir=tmp_path)


def test_a_missing_file_is_named(tmp_path, files):
    del files["data_batch_4.bin"]
    write_folder(tmp_path / "cifar-10-batches-bin", files)
    with pytest.raises(DataError, match=r"has no file data_batch_4\.bin"):
        load("cifar10", data_dir=tmp_path)


def test_other_classes_are_refused(tmp_path):
    images = {f"train/{name}/1.png": flat_image(1) for name in ("fish", "tree")}
    write_zip(tmp_path / "cifar10-images.zip", images)
    with pytest.raises(DataError, match="has the classes fish, tree, not those of CIFAR-10"):
        load("cifar10", data_dir=tmp_path)
