"""The user's own images."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, describe, load
from tests.support.data_files import image_bytes, marked_image, write_folder, write_zip

VALUES = {"Äpfel": 40, "Birnen": 200}


def images(count=10, prefix="", *, size=(6, 5), colour=False):
    return {
        f"{prefix}{name}/bild {i}.png": marked_image(value, size, colour=colour)
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
    files = images(5, colour=True) | {"Äpfel/x.png": marked_image(40, (30, 40))}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', files)}?size=8x4")
    assert loaded.input_shape == (4, 8, 3)


def test_images_of_several_sizes_are_refused_with_the_way_out(tmp_path):
    folder = write_folder(tmp_path / "x", images() | {"Äpfel/x.png": marked_image(40, (30, 40))})
    with pytest.raises(DataError, match=r"2 sizes, from 5×6 to 40×30; add \?size=WIDTHxHEIGHT"):
        load(f"folder:{folder}")


def test_unreadable_images_are_left_out_counted_and_named(tmp_path):
    noise = image_bytes(np.random.default_rng(0).integers(0, 255, (6, 5)), "BMP")
    broken = {
        "kaputt.png": b"<html>404</html>",
        "leer.png": b"",
        "cut.png": marked_image(4)[:20],
        "halb.bmp": noise[:-20],
    }
    folder = write_folder(tmp_path / "x", images() | {f"Äpfel/{name}": content for name, content in broken.items()})
    loaded = load(f"folder:{folder}")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(6, 6), (2, 2), (2, 2)]
    cut, html, empty = loaded.notes
    assert cut.startswith(
        "2 of 14 files in Äpfel/ are damaged, or no image that can be read (first of all Äpfel/cut.png);"
    )
    assert html == "1 of 14 files in Äpfel/ is HTML, which cannot be read (Äpfel/kaputt.png); convert or remove them"
    assert empty == "1 of 14 files in Äpfel/ is empty, without a byte (Äpfel/leer.png); replace or remove them"


def test_a_class_that_loses_most_of_its_images_is_refused(tmp_path):
    folder = write_folder(tmp_path / "x", images() | {f"Äpfel/{i}.png": b"no image" for i in range(11)})
    message = r"class 'Äpfel' of .* has 21 images, too few .*: 11 of 21 files in Äpfel/ are plain text.*Äpfel/0\.png"
    with pytest.raises(DataError, match=message):
        load(f"folder:{folder}")


def test_images_of_another_format_are_counted_and_named(tmp_path):
    files = images() | {f"Birnen/{i}.HEIC": b"" for i in range(10)} | {"Birnen/notes.txt": b"", "Thumbs.db": b""}
    said = load(f"folder:{write_folder(tmp_path / 'x', files)}").notes
    assert "10 of 21 files in Birnen/ are HEIC, which cannot be read (first of all Birnen/0.HEIC); convert them" in said
    assert any("1 of 21 files in Birnen/ is passed over" in note and "notes.txt" in note for note in said)
    assert "1 hidden files are passed over (first of all Thumbs.db)" in said
    files |= {f"Kiwis/{i}.heic": b"" for i in range(10)}
    with pytest.raises(DataError, match=r"class 'Kiwis' .* has 10 images.*are HEIC"):
        load(f"folder:{write_folder(tmp_path / 'y', files)}")


def test_images_of_one_value_are_left_out_and_a_class_of_them_is_refused(tmp_path):
    flat = {f"Äpfel/flat {i}.png": image_bytes(np.full((6, 5), 7)) for i in range(3)}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', images() | flat)}")
    assert sum(len(split) for split in loaded.splits().values()) == 20
    assert "3 of 13 files in Äpfel/ are of one value all over" in loaded.notes[0]
    flat = {f"Kiwis/{i}.png": image_bytes(np.full((6, 5), 7)) for i in range(9)}
    with pytest.raises(DataError, match=r"class 'Kiwis' .* of one value all over"):
        load(f"folder:{write_folder(tmp_path / 'y', images() | flat)}")


def test_a_class_of_two_images_is_refused_and_one_of_three_is_in_each_part(tmp_path):
    few = {f"Kiwis/{i}.png": marked_image(90, (6, 5)) for i in range(3)}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', images() | few)}")
    assert all(split.class_counts(3)[1] == 1 for split in loaded.splits().values())
    few.pop("Kiwis/0.png")
    with pytest.raises(
        DataError, match=r"class 'Kiwis' of .* has 2 examples; 3 are needed, to train, validate and test"
    ):
        load(f"folder:{write_folder(tmp_path / 'y', images() | few)}")


def test_grey_images_of_16_bits_keep_their_values(tmp_path):
    rng = np.random.default_rng(0)
    pixels = {f"{c}/{i}.png": rng.integers(1000, 4200, (6, 5)) for c in "ab" for i in range(10)}
    files = {name: image_bytes(values, dtype=np.uint16) for name, values in pixels.items()}
    loaded = load(f"folder:{write_folder(tmp_path / 'x', files)}")
    found = {x.tobytes() for split in loaded.splits().values() for x in split.as_float()}
    assert found == {(values / 65535).astype(np.float32)[..., None].tobytes() for values in pixels.values()}
    assert "20 of 20 images have more than 8 bits a value" in loaded.notes[0]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a/1.png": marked_image(1), "a/2.png": marked_image(2)}, "one class only, 'a'"),
        ({"readme.txt": b""}, "holds no images"),
        (
            {
                f"{place}/{i}.png": marked_image(i)
                for place in ("train/good", "test/good", "test/broken")
                for i in range(3)
            },
            "no training examples of class 'broken'; this library classifies, it detects no anomalies",
        ),
        (
            {"a/1.png": marked_image(1), "2.png": marked_image(2)},
            r"2\.png of .* lies in no folder that names its class",
        ),
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
