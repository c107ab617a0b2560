"""Speech Commands from the original's archive."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from data.published.speech_commands import CLASS_NAMES, WORDS
from tests.support.data_files import tone, wav_bytes, write_folder, write_tar

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


def test_from_the_cache_it_is_the_same(folder, monkeypatch):
    monkeypatch.setattr("data.files.decoded.LEAST_FILES", 1)
    decoded, other, cached = (load("speech-commands?noise=0.8", data_dir=folder, seed=seed) for seed in (0, 1, 0))
    assert not np.array_equal(decoded.test.x, other.test.x)  # which draws other silence
    for split, other in zip(decoded.splits().values(), cached.splits().values(), strict=True):
        assert split.x.tobytes() == other.x.tobytes()
        assert np.array_equal(split.y, other.y)


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


@pytest.fixture
def unpacked(tmp_path, files):
    write_folder(tmp_path / "speech_commands_v0.02", files)
    return tmp_path


def noisy_seconds(loaded):
    """Which spoken training examples are not silent after the half second that is spoken."""
    return loaded.train.x[loaded.train.y != 10][:, 30:].max((1, 2, 3)) > 0


def test_noise_is_mixed_into_training_recordings_only(unpacked):
    plain = load("speech-commands", data_dir=unpacked)
    noisy = load("speech-commands?noise=1", data_dir=unpacked)
    assert not noisy_seconds(plain).any()
    assert noisy_seconds(noisy).all()
    for title in ("validation", "test"):
        assert np.array_equal(plain.splits()[title].x, noisy.splits()[title].x)
    assert np.array_equal(plain.train.y, noisy.train.y)
    silent = plain.train.y == 10
    assert np.array_equal(plain.train.x[silent], noisy.train.x[silent])
    loudest = [split.x[split.y < 10][:, 3, :, 0].argmax(1) for split in (plain.train, noisy.train)]
    assert np.mean(loudest[0] == loudest[1]) > 0.9  # the word is still the loudest
    assert "100% of the training recordings with noise of volume up to 0.1" in noisy.description


def test_an_archive_and_a_folder_get_the_same_noise(tmp_path, files):
    write_tar(tmp_path / "archive" / "speech_commands_v0.02.tar.gz", dict(reversed(files.items())))
    write_folder(tmp_path / "folder" / "speech_commands_v0.02", files)
    name = "speech-commands?noise=0.5"
    first, again = (load(name, data_dir=tmp_path / place, seed=3) for place in ("folder", "archive"))
    assert np.array_equal(first.train.x, again.train.x)
    assert 0.2 < noisy_seconds(first).mean() < 0.8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("noise=2", "'2' is no number from 0 to 1; write for example .noise=0.5"),
        ("noise=often", "'often' is no number from 0 to 1"),
        ("noise=1&volume=-1", "'-1' is no number from 0 to 1"),
        ("loud=1", "has no option 'loud'; it has noise, volume"),
    ],
)
def test_noise_options_that_mean_nothing_are_refused(unpacked, options, message):
    with pytest.raises(DataError, match=message):
        load(f"speech-commands?{options}", data_dir=unpacked)
