"""Mutated folders, archives, images and sounds give arrays or one sentence: never a traceback, nor a constant array."""

from __future__ import annotations

import io
import shutil
import struct

import numpy as np
import pytest
from PIL import Image

from data import DataError, load
from tests.support.data_files import image_bytes, tone, wav_bytes, write_folder, write_tar, write_zip

FEW, MANY = 60, 5000


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pictures():
    rng = np.random.default_rng(0)
    grey = Image.fromarray(rng.integers(0, 256, (8, 8), np.uint8))
    colour = Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8))
    clear = Image.fromarray(rng.integers(0, 256, (8, 8, 4), np.uint8))
    deep = Image.fromarray(rng.integers(0, 65536, (8, 8)).astype(np.uint16))
    numbers = Image.fromarray(rng.random((8, 8)).astype(np.float32))
    kinds = [(grey, "PNG"), (grey, "GIF"), (grey, "PPM"), (colour, "BMP"), (colour, "JPEG"), (colour, "TIFF")]
    kinds += [(colour, "WEBP"), (colour, "JPEG2000"), (clear, "PNG"), (clear, "TIFF"), (clear, "ICO"), (deep, "PNG")]
    kinds += [(deep, "TIFF"), (numbers, "TIFF"), (colour.convert("P"), "PNG"), (colour.convert("CMYK"), "JPEG")]
    return [saved(image, kind) for image, kind in kinds] + [saved(colour, "TIFF", compression="tiff_lzw")]


def sounds():
    wave = tone(440, 0.1)
    plain = [wav_bytes(wave, width=width) for width in (1, 2, 3, 4)]
    both = wav_bytes(np.stack([wave, -wave], 1), channels=2)
    floats = wave.astype("<f4").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36, b"WAVE", b"fmt ", 16, 3, 1, 8000, 32000, 4, 32, b"data", 9999)
    return [*plain, both, head + floats]


def mutated(content, rng):
    """A few bytes changed, most of them in the head; now and then cut off, doubled, emptied or replaced."""
    data = bytearray(content)
    kind = rng.integers(12)
    if kind == 0:
        return bytes(data[: rng.integers(len(data) + 1)])
    if kind == 1:
        return bytes([rng.integers(256)]) * int(rng.integers(200))
    if kind == 2:
        begin, end = sorted(rng.integers(0, len(data), 2))
        return bytes(data[:begin] + data[end:])
    reach = len(data) if kind < 7 else min(len(data), 64)
    for _ in range(rng.integers(1, 9)):
        data[rng.integers(reach)] = rng.choice([0, 1, 127, 128, 255, rng.integers(256)])
    return bytes(data)


def folder_of(contents, ending, rng):
    """Two or three classes, in one of several layouts; some of the files are mutated."""
    layouts = (("",), ("train/", "test/"), ("Training/", "Testing/", "val/"), ("x/seg_train/seg_train/", "x/seg_pred/"))
    parts = layouts[rng.integers(len(layouts))]
    share = rng.choice([0.0, 0.05, 0.5])
    one_kind = rng.integers(len(contents)) if rng.random() < 0.7 else None
    files = {}
    for part in parts:
        for label in ("a", "b", "c")[: rng.integers(2, 4)]:
            for i in range(rng.integers(3, 8)):
                content = contents[rng.integers(len(contents)) if one_kind is None else one_kind]
                name = f"{part}{label}/{i}{rng.choice([ending] * 9 + ['', '.heic', '.mp3', '.txt'])}"
                files[name] = mutated(content, rng) if rng.random() < share else content
    return files


def count_read(numbers, folder):
    """How many mutated folders and archives were read; each other is refused in one sentence."""
    images, recordings, outcomes = pictures(), sounds(), []
    for number in numbers:
        rng = np.random.default_rng(number)
        scheme, contents, ending = ("audio", recordings, ".wav") if number % 3 == 0 else ("folder", images, ".png")
        options = "?seconds=0.1" if scheme == "audio" else "?size=8x8"
        path = written(folder / str(number), folder_of(contents, ending, rng), rng)
        try:
            outcome = read(f"{scheme}:{path}{options}")
        except Exception as error:  # noqa: BLE001 - any at all, named with its number
            pytest.fail(f"{number}: {type(error).__name__}: {error}")
        check(outcome, number)
        outcomes.append(not isinstance(outcome, str))
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return sum(outcomes)


def written(path, files, rng):
    """A folder or archive; some of the archives are mutated themselves."""
    kind = rng.integers(4)
    if kind > 1:
        return write_folder(path, files)
    path = write_tar(path.with_suffix(".tar.gz"), files) if kind else write_zip(path.with_suffix(".zip"), files)
    if rng.random() < 0.5:
        path.write_bytes(mutated(path.read_bytes(), rng))
    return path


def read(name):
    try:
        return load(name)
    except DataError as refused:
        return str(refused)


def check(outcome, number):
    """A sentence, or arrays none of which is constant, with each class in each part."""
    if isinstance(outcome, str):
        assert len(outcome) > 20, number
        assert "\n" not in outcome, number
        return
    for split in outcome.splits().values():
        flat = split.x.reshape(len(split), -1)
        assert np.isfinite(flat).all(), number
        assert (flat.max(axis=1) > flat.min(axis=1)).all(), number
        assert min(split.class_counts(outcome.num_classes)) > 0, number


def test_a_few_mutations(tmp_path):
    assert 0 < count_read(range(FEW), tmp_path) < FEW


@pytest.mark.slow
@pytest.mark.parametrize("piece", range(10))
def test_many_mutations(tmp_path, piece):
    first = FEW + piece * MANY // 10
    count = count_read(range(first, first + MANY // 10), tmp_path)
    print(f"{count} of {MANY // 10} read, the others refused in one sentence")
    assert 0 < count < MANY // 10


def test_a_mutation_is_another_file():
    rng = np.random.default_rng(1)
    content = image_bytes(np.arange(64).reshape(8, 8))
    assert sum(mutated(content, rng) != content for _ in range(50)) > 40
