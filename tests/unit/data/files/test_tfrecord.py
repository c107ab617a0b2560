"""The TFRecord reader, on records made after the definition of the format."""

from __future__ import annotations

import pytest

from data import DataError
from data.files.tfrecord import read_examples
from tests.support.data_files import crc32c, example_bytes, message, record_bytes, varint

FEATURES = {"image/encoded": bytes(range(200)) * 3, "image/class/label": 1, "image/height": 123_456}


def test_the_checksum_of_the_tests_is_the_published_one():
    assert crc32c(b"123456789") == 0xE3069283  # RFC 3720's check value


def test_examples_come_back_as_they_were_written():
    content = record_bytes(example_bytes(FEATURES)) + record_bytes(example_bytes({"name": "ü".encode()}))
    assert list(read_examples(content, "x")) == [
        {key: [value] for key, value in FEATURES.items()},
        {"name": ["ü".encode()]},
    ]


def test_packed_numbers_are_read():
    packed = message(1, b"".join(varint(number) for number in (1, 300, 70_000)))
    entry = message(1, message(1, b"sizes") + message(2, message(3, packed)))
    assert list(read_examples(record_bytes(message(1, entry)), "x")) == [{"sizes": [1, 300, 70_000]}]


@pytest.mark.parametrize("kept", [5, 12, 30, -1])
def test_a_file_that_is_cut_off_is_one_clear_sentence(kept):
    content = record_bytes(example_bytes(FEATURES))[:kept]
    with pytest.raises(DataError, match=r"train\.record is cut off"):
        list(read_examples(content, "train.record"))


def test_another_format_is_refused():
    with pytest.raises(DataError, match="is no TFRecord file, or damaged at byte 0"):
        list(read_examples(b"PK" + bytes(100), "x.zip"))


def test_a_record_that_is_no_example_is_refused():
    with pytest.raises(DataError, match=r"no tf\.train\.Example"):
        list(read_examples(record_bytes(b"\xff" * 20), "x"))
