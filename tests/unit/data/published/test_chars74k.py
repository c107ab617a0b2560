"""Chars74K from the original's archive."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from tests.support.data_files import flat_image, write_tar


@pytest.fixture
def archive(tmp_path):
    files = {
        f"English/Img/GoodImg/Bmp/Sample{number:03}/img{number:03}-{i:05}.png": flat_image(
            4 * number, (9 + i, 7 + number % 5), colour=True
        )
        for number in range(1, 63)
        for i in range(5)
    }
    files["English/Img/BadImag/Bmp/Sample001/img001-00001.png"] = flat_image(0)
    files["English/Img/GoodImg/Msk/Sample001/img001-00001.png"] = flat_image(0)
    return write_tar(tmp_path / "EnglishImg.tgz", files)


def test_good_images_of_62_classes_at_48_pixels(archive, offline):
    loaded = load("chars74k", data_dir=archive.parent)
    assert loaded.input_shape == (48, 48, 1)
    assert loaded.class_names[:3] + loaded.class_names[10:12] + loaded.class_names[-1:] == tuple("012ABz")
    assert [split.class_counts(62) for split in loaded.splits().values()] == [(3,) * 62, (1,) * 62, (1,) * 62]
    for split in loaded.splits().values():
        assert np.abs(split.x[:, 20, 20, 0].astype(int) - 4 * (split.y + 1)).max() <= 1


def test_the_binary_form_has_the_first_31_classes_against_the_rest(archive):
    loaded = load("chars74k-binary", train_size=62, data_dir=archive.parent)
    assert loaded.input_shape == (32, 32, 1)
    assert loaded.train.class_counts(2) == (31, 31)
    assert np.array_equal(loaded.train.y, loaded.train.x[:, 10, 10, 0] > 4 * 31 + 1)


def test_an_archive_without_the_images_is_refused(tmp_path):
    write_tar(tmp_path / "EnglishImg.tgz", {"English/readme.txt": b""})
    with pytest.raises(DataError, match="has no images below Img/GoodImg/Bmp/"):
        load("chars74k", data_dir=tmp_path)
