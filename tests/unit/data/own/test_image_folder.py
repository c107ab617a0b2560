"""The user's own images."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, describe, load
from tests.support.data_files import flat_image, image_bytes, write_folder, write_zip

VALUES = {"Äpfel": 40, "Birnen": 200}


def images(count=10, prefix="", *, size=(6, 5), colour=False):
    return {
        f"{prefix}{name}/bild {i}.png": flat_image(value, size, colour=colour)
        for name, value in VALUES.items()
        for i in range(count)
    }


def labels_match(split):
    return np.array_equal(split.y, split.x[:, 0, 0, 0] > 100)


def test_one_folder_for_each_class_at_a_path_beyond_ascii(tmp_path):
    folder = write_folder(tmp_path / "Früchte & Gemüse", images())
    loaded = load(f"folder:{folder}")
    assert loaded.input_shape == (6, 5, 1)
    assert loaded.class_names == ("Birnen", "Äpfel")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(6, 6), (2, 2), (2, 2)]
    assert all(np.array_equal(split.y, split.x[:, 0, 0, 0] < 100) for split in loaded.splits().values())
    assert describe(f"folder:{folder}").input_shape == (6, 5, 1)


def test_given_parts_are_kept(tmp_path):
    files = images(10, "data/train/") | images(4, "data/val/") | images(3, "data/test/")
    loaded = load(f"folder:{write_zip(tmp_path / 'x.zip', files)}", train_size=12)
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(6, 6), (4, 4), (3, 3)]


def test_a_test_folder_alone_leaves_a_fifth_of_the_rest_to_validate(tmp_path):
    folder = write_folder(tmp_path / "x", images(10, "Train/") | images(3, "TEST/"))
    assert [len(split) for split in load(f"folder:{folder}").splits().values()] == [16, 4, 6]


def test_no_image_is_in_two_splits(tmp_path):
    rng = np.random.default_rng(0)
    files = {f"{c}/{i}.png": image_bytes(rng.integers(0, 255, (4, 4))) for c in "ab" for i in range(20)}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', files)}", seed=3)
    seen = [image.tobytes() for split in loaded.splits().values() for image in split.x]
    assert len(seen) == len(set(seen)) == 40


def test_colour_stays_and_size_scales(tmp_path):
    files = images(5, colour=True) | {"Äpfel/x.png": flat_image(40, (30, 40))}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', files)}?size=8x4")
    assert loaded.input_shape == (4, 8, 3)


def test_images_of_several_sizes_are_refused_with_the_way_out(tmp_path):
    folder = write_folder(tmp_path / "x", images() | {"Äpfel/x.png": flat_image(40, (30, 40))})
    with pytest.raises(DataError, match=r"2 sizes, from 5×6 to 40×30; add \?size=WIDTHxHEIGHT"):
        load(f"folder:{folder}")


def test_unreadable_images_are_counted_and_the_first_is_named(tmp_path):
    broken = {"Äpfel/kaputt.png": b"no image", "Äpfel/leer.png": b"", "Äpfel/cut.png": flat_image(4)[:20]}
    folder = write_folder(tmp_path / "x", images() | broken)
    with pytest.raises(DataError, match=r"3 of 23 images of .* cannot be read, first of all Äpfel/cut\.png"):
        load(f"folder:{folder}")


def test_refused_data_can_be_mended_and_read(tmp_path):
    folder = write_folder(tmp_path / "Früchte", images() | {"Äpfel/kaputt.png": b"no image"})
    with pytest.raises(DataError, match=r"1 of 21 images of .*Früchte cannot be read, first of all Äpfel/kaputt\.png"):
        load(f"folder:{folder}")
    (folder / "Äpfel" / "kaputt.png").unlink()
    assert sum(len(split) for split in load(f"folder:{folder}").splits().values()) == 20


def test_an_image_cut_off_in_its_pixels_is_one_clear_sentence(tmp_path):
    noise = image_bytes(np.random.default_rng(0).integers(0, 255, (6, 5)), "BMP")
    folder = write_folder(tmp_path / "x", {**images(3), "Äpfel/halb.bmp": noise[:-20]})
    with pytest.raises(DataError, match=r"halb\.bmp is no readable image"):
        load(f"folder:{folder}")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a/1.png": flat_image(1), "a/2.png": flat_image(2)}, "one class only, 'a'"),
        ({"readme.txt": b""}, "holds no images"),
        (
            {
                f"{place}/{i}.png": flat_image(i)
                for place in ("train/good", "test/good", "test/broken")
                for i in range(3)
            },
            "no training examples of class 'broken'; this library classifies, it detects no anomalies",
        ),
        ({"a/1.png": flat_image(1), "2.png": flat_image(2)}, r"2\.png of .* lies in no folder that names its class"),
    ],
)
def test_folders_that_are_no_classes_are_refused(tmp_path, files, message):
    with pytest.raises(DataError, match=message):
        load(f"folder:{write_folder(tmp_path / 'x', files)}")


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("?size=big", "'big' is not a size of images"),
        ("?scale=2", "no option 'scale'; it has size"),
        ("?x", "key=value"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path, ending, message):
    with pytest.raises(DataError, match=message):
        load(f"folder:{write_folder(tmp_path / 'x', images())}{ending}")
