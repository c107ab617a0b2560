"""The user's own sounds."""

from __future__ import annotations

import numpy as np
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


def test_a_folder_without_sounds_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"holds no wav files; 1 of 1 files in a/ is MP3, which cannot be read"):
        load(f"audio:{write_folder(tmp_path / 'x', {'a/b.mp3': b''})}")


def test_sounds_that_cannot_be_used_are_left_out_counted_and_named(tmp_path):
    bad = {
        "kaputt.wav": b"RIFF",
        "song.wav": b"ID3\4" + bytes(200),
        "stille.wav": wav_bytes(np.zeros(2205), 22050),
        "spät.wav": wav_bytes(np.concatenate([np.zeros(22050), tone(300, 0.2, 22050)]), 22050),
    }
    noise = {"_background_noise_/rauschen.wav": wav_bytes(tone(50))}
    folder = write_folder(tmp_path / "x", FILES | noise | {f"pfeifen/{name}": content for name, content in bad.items()})
    loaded = load(f"audio:{folder}")
    assert sum(len(split) for split in loaded.splits().values()) == 20
    assert loaded.class_names == ("klatschen", "pfeifen")
    said = "\n".join(loaded.notes)
    assert "1 files in _background_noise_/ are left out; that is no class" in said
    assert "1 of 14 files in pfeifen/ is MP3, not wav (pfeifen/song.wav); convert them" in said
    assert "is damaged, or no wav (pfeifen/kaputt.wav)" in said
    assert "is silent, of one value all along (pfeifen/stille.wav)" in said
    assert "is silent in the first 1 s (pfeifen/spät.wav)" in said


def test_a_class_of_silence_is_refused(tmp_path):
    silent = {f"still/{i}.wav": wav_bytes(np.zeros(2205), 22050) for i in range(9)}
    with pytest.raises(DataError, match=r"class 'still' .* has 9 wav files, too few .* silent"):
        load(f"audio:{write_folder(tmp_path / 'x', FILES | silent)}")


def test_sounds_of_several_rates_are_brought_to_one_and_that_is_said(tmp_path):
    files = FILES | {"pfeifen/a.wav": wav_bytes(tone(2000, 0.2))}
    assert "2 sampling rates (8000, 22050 Hz)" in load(f"audio:{write_folder(tmp_path / 'x', files)}").notes[-1]


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
