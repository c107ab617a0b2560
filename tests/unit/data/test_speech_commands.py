"""Speech Commands from the original's archive."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from data.speech_commands import CLASS_NAMES, WORDS
from tests.unit.data.makers import tone, wav_bytes, write_folder, write_tar

OTHERS = ("bed", "bird", "cat")


def recording(index):
    return wav_bytes(tone(150 + 120 * index, 0.5, 16000), 16000)


@pytest.fixture
def files():
    made = {
        f"{word}/{speaker:08x}_nohash_{i}.wav": recording(index)
        for index, word in enumerate((*WORDS, *OTHERS))
        for speaker in range(5)
        for i in range(2)
    }
    made["validation_list.txt"] = "\n".join(n for n in made if "/00000003_" in n).encode()
    made["testing_list.txt"] = "\n".join(n for n in made if "/00000004_" in n).encode()
    noise = 0.1 * np.random.default_rng(0).normal(size=48000).clip(-3, 3)
    made["_background_noise_/white_noise.wav"] = wav_bytes(noise, 16000)
    made["_background_noise_/README.md"] = b""
    return made


@pytest.fixture(params=["archive", "folder"])
def folder(request, tmp_path, files):
    if request.param == "archive":
        write_tar(tmp_path / "speech_commands_v0.02.tar.gz", files, prefix="./")
    else:
        write_folder(tmp_path / "speech_commands_v0.02", files)
    return tmp_path


def test_twelve_classes_by_the_lists_of_the_data_set(folder, offline):
    loaded = load("speech-commands", data_dir=folder)
    assert loaded.input_shape == (49, 40, 1)
    assert loaded.class_names == CLASS_NAMES
    assert [split.class_counts(12) for split in loaded.splits().values()] == [(6,) * 12, (2,) * 12, (2,) * 12]


def test_words_silence_and_unknown_sound_as_they_are_labelled(folder):
    train = load("speech-commands", data_dir=folder).train
    words = train.x[train.y < 10]
    loudest = words[:, 3, :, 0].argmax(1)
    assert all(len(set(loudest[train.y[train.y < 10] == label].tolist())) == 1 for label in range(10))
    assert words[:, 30:].max() == 0  # half a second of sound, then nothing
    assert train.x[train.y == 10][:, 30:].mean() > 0.2  # noise to the end
    assert np.isin(train.x[train.y == 11][:, 3, :, 0].argmax(1), loudest, invert=True).all()


def test_the_same_seed_draws_the_same_silence_and_unknown(folder):
    first, again, other = (load("speech-commands", data_dir=folder, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.train.x, again.train.x)
    assert not np.array_equal(first.test.x, other.test.x)


def test_sizes_draw_from_every_class(folder):
    loaded = load("speech-commands", train_size=24, validation_size=12, data_dir=folder)
    assert loaded.train.class_counts(12) == (2,) * 12
    assert loaded.validation.class_counts(12) == (1,) * 12


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        ("testing_list.txt", r"has no testing_list\.txt"),
        ("_background_noise_/white_noise.wav", "has no wav files in _background_noise_"),
    ],
)
def test_a_missing_part_is_named(tmp_path, files, lost, message):
    del files[lost]
    write_folder(tmp_path / "speech_commands_v0.02", files)
    with pytest.raises(DataError, match=message):
        load("speech-commands", data_dir=tmp_path)
