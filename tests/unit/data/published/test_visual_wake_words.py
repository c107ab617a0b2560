"""Visual Wake Words from two folders, and from the original script's records."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from tests.support.data_files import example_bytes, flat_image, record_bytes, write_folder, write_tar


def test_two_folders_of_images(tmp_path, offline):
    files = {
        f"vw_coco2014_96/{name}/COCO_{i:012}.jpg": flat_image(value, (96, 96), colour=True)
        for name, value in (("person", 200), ("non_person", 50))
        for i in range(10)
    }
    write_tar(tmp_path / "vw_coco2014_96.tar.gz", files)
    loaded = load("visual-wake-words", data_dir=tmp_path)
    assert loaded.input_shape == (96, 96, 3)
    assert loaded.class_names == ("no person", "person")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(6, 6), (2, 2), (2, 2)]
    assert np.array_equal(loaded.train.y, loaded.train.x[:, 0, 0, 0] > 100)
    assert load("visual-wake-words?size=32x24", data_dir=tmp_path).input_shape == (24, 32, 3)


def record(label, value, size=(60, 80)):
    return record_bytes(
        example_bytes({"image/encoded": flat_image(value, size, colour=True), "image/class/label": label})
    )


def test_records_of_the_original_script(tmp_path):
    files = {
        "train.record-00000-of-00002": record(0, 10) * 5 + record(1, 210) * 5,
        "train.record-00001-of-00002": record(1, 220) * 5 + record(0, 20) * 5,
        "val.record-00000-of-00001": record(0, 30) + record(1, 230),
    }
    write_folder(tmp_path / "visual-wake-words", files)
    loaded = load("visual-wake-words?size=8", data_dir=tmp_path)
    assert loaded.input_shape == (8, 8, 3)
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(8, 8), (2, 2), (1, 1)]
    for split in loaded.splits().values():
        assert np.array_equal(split.y, split.x[:, 0, 0, 0] > 100)
    assert sorted(loaded.test.x[:, 0, 0, 0]) == [30, 230]


def test_records_without_an_image_are_refused(tmp_path):
    broken = record_bytes(example_bytes({"image/class/label": 1}))
    write_folder(tmp_path / "visual-wake-words", {"train.record-0": broken, "val.record-0": broken})
    with pytest.raises(DataError, match=r"record 0 of train\.record-0 lacks image/encoded"):
        load("visual-wake-words", data_dir=tmp_path)


def test_records_without_a_validation_file_are_refused(tmp_path):
    write_folder(tmp_path / "visual-wake-words", {"train.record-0": record(0, 1)})
    with pytest.raises(DataError, match="lacks the record files of training or validation"):
        load("visual-wake-words", data_dir=tmp_path)


def test_three_folders_are_refused(tmp_path):
    files = {f"{name}/1.png": flat_image(1) for name in ("cat", "dog", "person")}
    write_folder(tmp_path / "visual-wake-words", files)
    with pytest.raises(DataError, match="has the classes cat, dog, person; there must be two"):
        load("visual-wake-words", data_dir=tmp_path)
