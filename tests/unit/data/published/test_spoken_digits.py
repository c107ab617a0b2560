"""Spoken digits from files named as the original's."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataError, load
from tests.support.data_files import tone, wav_bytes, write_folder, write_tar, write_zip

FILES = {
    f"recordings/{digit}_{speaker}_{number}.wav": wav_bytes(tone(200 + 300 * digit, 0.3 + 0.1 * (number % 3)))
    for digit in range(10)
    for speaker in ("anna", "bert")
    for number in range(10)
}


@pytest.fixture(params=["fsdd.zip", "fsdd", "free-spoken-digit-dataset-1.0.9.tar.gz"])
def folder(request, tmp_path):
    if request.param.endswith(".zip"):
        write_zip(tmp_path / request.param, FILES)
    elif request.param.endswith(".gz"):
        write_tar(tmp_path / request.param, FILES, prefix="free-spoken-digit-dataset-1.0.9/")
    else:
        write_folder(tmp_path / request.param, FILES)
    return tmp_path


def test_recordings_0_to_4_of_each_speaker_and_digit_are_the_test(folder, offline):
    loaded = load("spoken-digits", data_dir=folder)
    assert loaded.input_shape == (49, 40, 1)
    assert [split.class_counts(10) for split in loaded.splits().values()] == [(8,) * 10, (2,) * 10, (10,) * 10]
    for split in loaded.splits().values():
        assert split.x.min() >= 0
        assert split.x.max() <= 1


def test_the_spectrogram_belongs_to_its_label(folder):
    loaded = load("spoken-digits", data_dir=folder)
    loudest = loaded.train.x[:, 3, :, 0].argmax(1)
    bands = [set(loudest[loaded.train.y == digit].tolist()) for digit in range(10)]
    assert all(len(found) == 1 for found in bands)
    assert [band for (band,) in bands] == sorted(band for (band,) in bands)
    assert len(set.union(*bands)) == 10


def test_a_speaker_may_be_left_for_the_test(folder):
    loaded = load("spoken-digits?test_speaker=bert", data_dir=folder)
    assert [len(split) for split in loaded.splits().values()] == [80, 20, 100]
    with pytest.raises(DataError, match="has no speaker 'carl'; there are anna, bert"):
        load("spoken-digits?test_speaker=carl", data_dir=folder)


def test_sizes_and_seed_choose_the_training_recordings(folder):
    small, again, other = (
        load("spoken-digits", train_size=20, validation_size=10, data_dir=folder, seed=seed) for seed in (0, 0, 1)
    )
    assert small.train.class_counts(10) == (2,) * 10
    assert np.array_equal(small.train.x, again.train.x)
    assert not np.array_equal(small.train.x, other.train.x)
    assert np.array_equal(small.test.x, other.test.x)


def test_another_folder_is_refused(tmp_path):
    write_folder(tmp_path / "fsdd", {"recordings/hello.wav": wav_bytes(tone(1))})
    with pytest.raises(DataError, match=r"has no files DIGIT_SPEAKER_NUMBER\.wav"):
        load("spoken-digits", data_dir=tmp_path)


def test_a_damaged_recording_is_named(tmp_path):
    broken = FILES | {"recordings/3_anna_7.wav": b"nothing"}
    write_zip(tmp_path / "fsdd.zip", broken)
    with pytest.raises(DataError, match=r"3_anna_7\.wav is no readable wav file"):
        load("spoken-digits", data_dir=tmp_path)
