"""The user's own sounds."""

from __future__ import annotations

import pytest

from data import DataError, load
from tests.support.data_files import tone, wav_bytes, write_folder

FILES = {
    f"{name}/{i}.wav": wav_bytes(tone(hertz, 0.2, 22050), 22050)
    for name, hertz in (("klatschen", 300), ("pfeifen", 2000))
    for i in range(10)
}


def test_one_folder_for_each_class(tmp_path):
    loaded = load(f"audio:{write_folder(tmp_path / 'Töne', FILES)}")
    assert loaded.input_shape == (49, 40, 1)
    assert loaded.class_names == ("klatschen", "pfeifen")
    assert [split.class_counts(2) for split in loaded.splits().values()] == [(6, 6), (2, 2), (2, 2)]
    assert "at 16000 Hz" in loaded.description
    loudest = loaded.train.x[:, 3, :, 0].argmax(1)
    assert loudest[loaded.train.y == 0].max() < loudest[loaded.train.y == 1].min()


def test_length_and_rate_can_be_chosen(tmp_path):
    loaded = load(f"audio:{write_folder(tmp_path / 'x', FILES)}?seconds=0.5&rate=8000")
    assert loaded.input_shape == (24, 40, 1)


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("?seconds=long", "'long' is not a number of seconds"),
        ("?rate=-1", "'-1' is not a number of hertz"),
        ("?seconds=0.01", "shorter than one frame"),
        ("?size=3", "no option 'size'; it has seconds, rate"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path, ending, message):
    with pytest.raises(DataError, match=message):
        load(f"audio:{write_folder(tmp_path / 'x', FILES)}{ending}")


def test_a_folder_without_sounds_and_a_damaged_sound_are_refused(tmp_path):
    with pytest.raises(DataError, match="holds no wav files"):
        load(f"audio:{write_folder(tmp_path / 'x', {'a/b.mp3': b''})}")
    folder = write_folder(tmp_path / "y", FILES | {"pfeifen/kaputt.wav": b"RIFF"})
    with pytest.raises(DataError, match=r"pfeifen/kaputt\.wav is no readable wav file"):
        load(f"audio:{folder}")


def test_sounds_that_are_no_classes_are_refused(tmp_path):
    single = {name: content for name, content in FILES.items() if name.startswith("pfeifen")}
    with pytest.raises(DataError, match="one class only, 'pfeifen'; a classifier needs at least two"):
        load(f"audio:{write_folder(tmp_path / 'x', single)}")
    anomalies = {f"train/{name}": content for name, content in single.items()}
    anomalies |= {f"test/{name}": content for name, content in FILES.items()}
    with pytest.raises(DataError, match=r"no training examples of class 'klatschen'; .* it detects no anomalies"):
        load(f"audio:{write_folder(tmp_path / 'y', anomalies)}")
    with pytest.raises(DataError, match=r"1\.wav of .* lies in no folder that names its class"):
        load(f"audio:{write_folder(tmp_path / 'z', FILES | {'1.wav': FILES['pfeifen/1.wav']})}")
