"""Folders and archives as other people have them, which once were read as something else or ended in a traceback."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from data import DataError, load
from search.cli.console import sentence
from tests.support.data_files import image_bytes, tone, wav_bytes, write_folder, write_zip

RNG = np.random.default_rng(0)
SHAPES = ("circle", "square")


def drawn():
    """Images of two classes, of 32 x 32 values from 1,000 to 4,199, as a sensor of 12 bits has them."""
    rows, columns = np.mgrid[:32, :32]
    for shape in SHAPES:
        for i in range(10):
            x, y, size = RNG.integers(11, 21), RNG.integers(11, 21), RNG.integers(6, 11)
            apart = np.abs(columns - x), np.abs(rows - y)
            inside = np.hypot(*apart) < size if shape == "circle" else np.maximum(*apart) < size
            yield f"{shape}/{i:03}", 1000 + 3000 * inside + RNG.integers(0, 200, (32, 32))


@pytest.mark.parametrize(
    ("kind", "dtype"), [("PNG", np.uint16), ("TIFF", np.uint16), ("TIFF", np.float32), ("TIFF", np.int32)]
)
def test_images_of_a_sensor_keep_their_values(tmp_path, kind, dtype):
    values = dict(drawn())
    files = {f"{name}.{kind.lower()}": image_bytes(value, kind, dtype=dtype) for name, value in values.items()}
    loaded = load(f"folder:{write_folder(tmp_path / 'data', files)}")
    found = np.concatenate([split.as_float()[..., 0] for split in loaded.splits().values()])
    wanted = np.array(list(values.values()))
    low, high = (0, 65535) if dtype == np.uint16 else (wanted.min(), wanted.max())
    assert np.abs(np.sort(found, axis=0) - np.sort((wanted - low) / (high - low), axis=0)).max() < 1e-6
    assert len(np.unique(found)) == len(np.unique(wanted))
    assert loaded.notes


def test_a_path_in_a_message_stays_as_it_is(tmp_path):
    whole = image_bytes(RNG.integers(0, 256, (32, 32)), "JPEG")
    files = {f"{shape}/{i:03}.JPG": whole for shape in SHAPES for i in range(6)}
    loaded = load(f"folder:{write_folder(tmp_path / 'a', files | {'circle/010.JPG': whole[:200]})}")
    assert any("1 of 7 files in circle/ is damaged" in note and "(circle/010.JPG)" in note for note in loaded.notes)
    with pytest.raises(DataError) as refused:
        load(f"folder:{write_folder(tmp_path / 'b', files | {'010.JPG': whole})}")
    assert sentence(str(refused.value)).startswith("010.JPG of ")


def sounds(name):
    waves = {"low": 400, "high": 2500}
    noise = 0.02 * RNG.standard_normal(8000)
    parts = {"training": 16, "testing": 5}
    return {
        name.format(part=part, word=word, i=i): wav_bytes(tone(hertz) + noise)
        for part, count in parts.items()
        for word, hertz in waves.items()
        for i in range(count)
    }


@pytest.mark.parametrize(
    "name", ["{part}/{word}.{i:x}f3a.wav", "{part}/{word}/{i}.wav", "export/{part}/{word}/{i}.WAV"]
)
def test_training_and_testing_are_no_classes(tmp_path, name):
    loaded = load(f"audio:{write_folder(tmp_path / 'data', sounds(name))}")
    assert loaded.class_names == ("high", "low")
    assert loaded.test.class_counts(2) == (5, 5)
    assert len(loaded.train) + len(loaded.validation) == 32
    assert loaded.notes[0] == "testing/ and training/ are taken for parts"


def test_training_and_testing_without_labels_are_asked_about(tmp_path):
    files = sounds("{part}/{word}{i}.wav")
    with pytest.raises(DataError, match=r"testing/ and training/ of .* look like parts of a data set"):
        load(f"audio:{write_folder(tmp_path / 'data', files)}")


def test_a_class_of_one_sound_is_refused(tmp_path):
    files = {f"{word}/{i}.wav": wav_bytes(tone(400, 0.2)) for word in "ab" for i in range(6)}
    with pytest.raises(DataError, match=r"class 'c' of .* has 1 example; 3 are needed, to train, validate and test"):
        load(f"audio:{write_folder(tmp_path / 'data', files | {'c/1.wav': wav_bytes(tone(900, 0.2))})}")


def bomb(kind):
    """An image of 20,000 x 20,000 by its head, without any pixel."""
    if kind == "bmp":
        return b"BM" + struct.pack("<IHHI IiiHHIIiiII", 54, 0, 0, 54, 40, 20000, 20000, 1, 24, 0, 0, 0, 0, 0, 0)
    entries = {256: 20000, 257: 20000, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 20000, 279: 1}
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + tags + bytes(4)


@pytest.mark.parametrize("kind", ["bmp", "tif"])
def test_an_image_made_to_fill_the_memory_is_refused(tmp_path, kind):
    files = {f"{shape}/{i}.{kind}": bomb(kind) for shape in SHAPES for i in range(5)}
    with pytest.raises(DataError, match="5 of 5 files in circle/ are of more than 179 million pixels"):
        load(f"folder:{write_folder(tmp_path / 'data', files)}")


def test_a_zip_of_an_unknown_version_is_refused(tmp_path):
    path = write_zip(tmp_path / "x.zip", {f"{shape}/1.png": b"" for shape in SHAPES})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\1\2", 6), (b"PK\3\4", 4)):
        content[content.index(mark) + place] = 148
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"x\.zip cannot be read, it may be damaged or incomplete"):
        load(f"folder:{path}")


def test_damaged_samples_beside_the_project(tmp_path):
    folder = Path(__file__).resolve().parents[5] / "shared" / "cases" / "hostile"
    files = [*folder.glob("image_*"), *folder.glob("wav_*"), *folder.glob("zip_*")]
    if not files:
        pytest.skip("there are no samples of damaged files beside the project")
    for file in files:
        place = file
        if file.suffix != ".zip":
            copies = {f"{shape}/{i}{file.suffix}": file.read_bytes() for shape in SHAPES for i in range(5)}
            place = write_folder(tmp_path / file.stem, copies)
        with pytest.raises(DataError) as refused:
            load(f"{'audio' if file.suffix == '.wav' else 'folder'}:{place}")
        assert "\n" not in str(refused.value)
