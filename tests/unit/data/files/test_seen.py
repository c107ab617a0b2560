"""Images as a person sees them: every expected value is computed here from the numbers that the file was made of."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from data import DataError
from data.files.folder_or_archive import open_tree
from data.files.images import common_form, decode, look_at_images
from tests.support.data_files import write_folder

RNG = np.random.default_rng(3)
H, W = 5, 7
TURNED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: np.rot90,
}


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values, bits, colour_type, *chunks):
    """A PNG of values of shape (height, width, channels)."""
    head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], bits, colour_type, 0, 0, 0)
    rows = values.reshape(len(values), -1)
    if bits == 16:
        lines = [row.astype(">u2").tobytes() for row in rows]
    else:
        flat = (rows[..., None] >> np.arange(bits)[::-1] & 1).reshape(len(rows), -1)
        lines = [np.packbits(row).tobytes() for row in flat.astype(np.uint8)]
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + line for line in lines)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + body + chunk(b"IEND")


def tiff(values, order="<", *, sample_format=1, photometric=None, compressed=False, planar=1, extra=None, turn=1):
    """A TIFF of one strip; values of shape (height, width, channels)."""
    channels, bits = values.shape[2], 8 * values.dtype.itemsize
    data = (values if planar == 1 else np.moveaxis(values, 2, 0)).astype(values.dtype.newbyteorder(order)).tobytes()
    strips = np.split(np.frombuffer(data, np.uint8), 1 if planar == 1 else channels)
    strips = [zlib.compress(part.tobytes()) if compressed else part.tobytes() for part in strips]
    photometric = (2 if channels >= 3 else 1) if photometric is None else photometric
    shorts = {256: [W], 257: [H], 258: [bits] * channels, 259: [8 if compressed else 1], 262: [photometric]}
    shorts |= {274: [turn], 277: [channels], 278: [H], 284: [planar], 339: [sample_format] * channels}
    shorts |= {338: [extra]} if extra is not None else {}
    tags, body, place = {}, b"", 8
    for part in strips:
        tags.setdefault(273, []).append(place + len(body))
        tags.setdefault(279, []).append(len(part))
        body += part + b"\0" * (len(part) % 2)
    entries, after = b"", place + len(body)
    count = len(shorts) + 2
    far, begin = b"", after + 2 + 12 * count + 4
    for tag, (kind, code, numbers) in sorted(
        {**{t: (3, "H", v) for t, v in shorts.items()}, **{t: (4, "I", v) for t, v in tags.items()}}.items()
    ):
        packed = struct.pack(f"{order}{len(numbers)}{code}", *numbers)
        if len(packed) > 4:
            where, far = struct.pack(f"{order}I", begin + len(far)), far + packed + b"\0" * (len(packed) % 2)
        else:
            where = packed.ljust(4, b"\0")
        entries += struct.pack(f"{order}HHI", tag, kind, len(numbers)) + where
    directory = struct.pack(f"{order}H", count) + entries + b"\0\0\0\0" + far
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", after) + body + directory


def read(tmp_path, content, name="x.png"):
    """The image from 0 to 1, in the form that it has alone."""
    tree = open_tree(write_folder(tmp_path / "images", {name: content}))
    looks = look_at_images(tree, [name])
    form = common_form(looks, None, "images")
    values = decode(content, form, name)
    assert values.dtype == (np.float32 if form.is_deep else np.uint8)
    return values / 255 if values.dtype == np.uint8 else values


def same(found, expected, tolerance=1e-5):
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance


def over_white(values):
    return values[..., :-1] * values[..., -1:] + 1 - values[..., -1:]


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_grey_png_of_every_depth_with_and_without_a_transparent_value(tmp_path, bits):
    values = RNG.integers(0, 2**bits, (H, W, 1))
    expected = values / (2**bits - 1)
    same(read(tmp_path, png(values, bits, 0)), expected)
    clear = int(values[2, 3, 0])
    found = read(tmp_path, png(values, bits, 0, chunk(b"tRNS", struct.pack(">H", clear))))
    same(found, np.where(values == clear, 1, expected))


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_png_of_colours_and_of_transparency(tmp_path, bits, colour_type, channels):
    values = RNG.integers(0, 2**bits, (H, W, channels))
    shares = values / (2**bits - 1)
    expected = shares if channels == 3 else over_white(shares)
    same(read(tmp_path, png(values, bits, colour_type)), expected, 1e-5 if bits == 16 or channels == 3 else 1 / 255)
    if channels == 3:
        clear = chunk(b"tRNS", struct.pack(">HHH", *values[1, 1].tolist()))
        expected[(values == values[1, 1]).all(axis=2)] = 1
        same(read(tmp_path, png(values, bits, 2, clear)), expected)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_png_of_a_palette_with_and_without_transparency(tmp_path, bits):
    palette = RNG.integers(0, 256, (2**bits, 4), np.uint8)
    values = RNG.integers(0, 2**bits, (H, W, 1))
    colours = chunk(b"PLTE", palette[:, :3].tobytes())
    seen = palette[values[..., 0]] / 255
    same(read(tmp_path, png(values, bits, 3, colours)), seen[..., :3])
    found = read(tmp_path, png(values, bits, 3, colours, chunk(b"tRNS", palette[:, 3].tobytes())))
    same(found, over_white(seen), 1 / 255)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("kind", "sample_format"),
    [("u1", 1), ("u2", 1), ("i1", 2), ("i2", 2), ("i4", 2), ("u4", 1), ("f4", 3)],
)
def test_tiff_of_every_kind_of_numbers_in_both_orders(tmp_path, order, compressed, kind, sample_format):
    if kind == "u4" and order == ">":
        pytest.skip("Pillow opens no such file")
    low, high = (-3.0, 5.0) if kind == "f4" else (np.iinfo(kind).min, np.iinfo(kind).max)
    values = (low + (high - low) * RNG.random((H, W, 1))).astype(kind)
    span = {"u1": (0, 255), "u2": (0, 65535)}.get(kind, (float(values.min()), float(values.max())))
    expected = (values.astype(np.float64) - span[0]) / (span[1] - span[0])
    found = read(tmp_path, tiff(values, order, sample_format=sample_format, compressed=compressed), "x.tif")
    same(found, expected, 1e-5)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("extra", [None, 0, 1, 2])
def test_tiff_of_16_bit_colours(tmp_path, order, compressed, extra):
    values = RNG.integers(0, 65536, (H, W, 3 if extra is None else 4)).astype(np.uint16)
    if extra == 1:
        values[..., :3] = np.minimum(values[..., :3], values[..., 3:])
    shares = values / 65535
    weighted = shares[..., :3] + 1 - shares[..., -1:]
    expected = {None: shares, 0: shares[..., :3], 1: weighted, 2: over_white(shares)}[extra]
    same(read(tmp_path, tiff(values, order, compressed=compressed, extra=extra), "x.tif"), expected)


def test_tiff_whose_least_value_is_white(tmp_path):
    for kind, top in (("u1", 255), ("u2", 65535)):
        values = RNG.integers(0, top, (H, W, 1)).astype(kind)
        same(read(tmp_path, tiff(values, photometric=0), "x.tif"), 1 - values / top)
    values = RNG.random((H, W, 1)).astype(np.float32)
    expected = (values.max() - values) / (values.max() - values.min())
    same(read(tmp_path, tiff(values, photometric=0, sample_format=3), "x.tif"), expected)


def test_tiff_with_colours_apart_is_seen_or_refused_by_name(tmp_path):
    values = RNG.integers(0, 65536, (H, W, 3)).astype(np.uint16)
    same(read(tmp_path, tiff(values, planar=2, compressed=True), "x.tif"), (values >> 8) / 255)
    form = common_form(look_at_images(open_tree(tmp_path / "images"), ["x.tif"]), None, "")
    with pytest.raises(DataError, match=r"x\.tif is uncompressed TIFF of 16 bits with each colour apart"):
        decode(tiff(values, planar=2), form, "x.tif")


@pytest.mark.parametrize(("low", "high", "span"), [(0.1, 0.9, (0, 1)), (0, 200, (0, 255)), (-5, 900, None)])
def test_numbers_without_a_depth_are_shares_of_1_of_255_or_of_their_range(tmp_path, low, high, span):
    values = (low + (high - low) * RNG.random((H, W, 1))).astype(np.float32)
    first, last = span or (values.min(), values.max())
    found = read(tmp_path, tiff(values, sample_format=3), "x.tif")
    same(found, (values - first) / (last - first))


def test_numbers_that_are_not_finite_are_refused():
    values = np.full((H, W, 1), np.nan, np.float32)
    with pytest.raises(DataError, match="not finite"):
        decode(tiff(values, sample_format=3), form_of_8_bits(), "x.tif")


def form_of_8_bits():
    from data.files.images import ImageForm

    return ImageForm((H, W), 1)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_orientation_is_turned_upright(tmp_path, turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    colours = RNG.integers(0, 256, (H, W, 3), np.uint8)
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})):
        buffer = io.BytesIO()
        Image.fromarray(colours).save(buffer, kind, exif=exif, **options)
        same(read(tmp_path, buffer.getvalue(), f"x.{kind}"), TURNED[turn](colours) / 255)
    buffer = io.BytesIO()
    Image.fromarray(colours).save(buffer, "JPEG", exif=exif)
    plain = np.asarray(Image.open(io.BytesIO(buffer.getvalue())))
    same(read(tmp_path, buffer.getvalue(), "x.jpg"), TURNED[turn](plain) / 255)
    deep = RNG.integers(0, 65536, (H, W, 1)).astype(np.uint16)
    same(read(tmp_path, png(deep, 16, 0, chunk(b"eXIf", exif.tobytes()[6:]))), TURNED[turn](deep) / 65535)
    same(read(tmp_path, tiff(deep, turn=turn), "x.tif"), TURNED[turn](deep) / 65535)


def test_a_gamma_other_than_that_of_screens_is_applied(tmp_path):
    values = RNG.integers(0, 256, (H, W, 1))
    linear = chunk(b"gAMA", struct.pack(">I", 100_000))
    same(read(tmp_path, png(values, 8, 0, linear)), (values / 255) ** (1 / 2.2), 0.51 / 255)
    usual = chunk(b"gAMA", struct.pack(">I", 45_455))
    same(read(tmp_path, png(values, 8, 0, usual)), values / 255)
    deep = RNG.integers(0, 65536, (H, W, 3))
    same(read(tmp_path, png(deep, 16, 2, linear)), (deep / 65535) ** (1 / 2.2))


def test_a_profile_other_than_srgb_is_followed_and_a_damaged_one_is_not(tmp_path):
    colours = RNG.integers(0, 256, (H, W, 3), np.uint8)
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, xyz, b"no profile"):
        buffer = io.BytesIO()
        Image.fromarray(colours).save(buffer, "PNG", icc_profile=profile)
        same(read(tmp_path, buffer.getvalue()), colours / 255)
    lab = Image.new("LAB", (W, H), (136, 208, 195))  # L* = 53.3, a* = 80, b* = 67: the red of sRGB
    buffer = io.BytesIO()
    lab.save(buffer, "TIFF")
    found = read(tmp_path, buffer.getvalue(), "x.tif")
    assert found[..., 0].min() > 0.95
    assert found[..., 1:].max() < 0.2


def test_cmyk_jpeg_is_not_inverted(tmp_path):
    buffer = io.BytesIO()
    Image.new("CMYK", (16, 16), (255, 0, 0, 0)).save(buffer, "JPEG")  # cyan
    found = read(tmp_path, buffer.getvalue(), "x.jpg").mean(axis=(0, 1))
    assert found[0] < 0.2
    assert found[2] > 0.7


def test_an_unused_alpha_channel_of_bmp_hides_nothing(tmp_path):
    colours = RNG.integers(0, 256, (H, W, 4), np.uint8)
    colours[..., 3] = 0
    head = struct.pack("<IiiHHIIiiII", 108, W, -H, 1, 32, 3, 0, 0, 0, 0, 0)
    head += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000).ljust(68, b"\0")
    content = b"BM" + struct.pack("<IHHI", 14 + 108 + 4 * H * W, 0, 0, 14 + 108) + head
    same(read(tmp_path, content + colours[..., [2, 1, 0, 3]].tobytes(), "x.bmp"), colours[..., :3] / 255)


def test_bmp_of_16_bits(tmp_path):
    values = RNG.integers(0, 65536, (H, 8)).astype("<u2")
    head = struct.pack("<IiiHHIIiiII", 40, 8, H, 1, 16, 3, 0, 0, 0, 0, 0) + struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    content = b"BM" + struct.pack("<IHHI", 66 + 16 * H, 0, 0, 66) + head + values[::-1].tobytes()
    channels = [(values >> 11 & 31) / 31, (values >> 5 & 63) / 63, (values & 31) / 31]
    same(read(tmp_path, content, "x.bmp"), np.stack(channels, axis=2), 1 / 255)


def test_portable_maps_of_every_depth(tmp_path):
    grey = RNG.integers(0, 65536, (H, W, 1))
    same(read(tmp_path, b"P5 7 5 65535\n" + grey.astype(">u2").tobytes(), "x.pgm"), grey / 65535)
    grey = RNG.integers(0, 4096, (H, W, 1))
    same(read(tmp_path, b"P5 7 5 4095\n" + grey.astype(">u2").tobytes(), "x.pgm"), grey / 4095, 1e-4)
    grey = RNG.integers(0, 16, (H, W, 1))
    same(read(tmp_path, b"P5 7 5 15\n" + grey.astype(np.uint8).tobytes(), "x.pgm"), grey / 15)
    numbers = RNG.random((H, W, 1)).astype("<f4")
    same(read(tmp_path, b"Pf\n7 5\n-1.0\n" + numbers[::-1].tobytes(), "x.pfm"), numbers)


def test_the_first_frame_is_taken_and_a_wrong_ending_does_not_matter(tmp_path):
    frames = [Image.fromarray(RNG.integers(0, 256, (H, W), np.uint8)) for _ in range(3)]
    for kind in ("GIF", "TIFF", "PNG"):
        buffer = io.BytesIO()
        frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
        found = read(tmp_path, buffer.getvalue(), "x.jpg")
        same(found, np.repeat(np.asarray(frames[0])[..., None] / 255, found.shape[2], axis=2))


def test_what_is_done_to_images_is_said(tmp_path):
    clear = RNG.integers(0, 256, (H, W, 4))
    files = {"a.png": png(clear, 8, 6), "b.png": png(RNG.integers(0, 65536, (H, W, 3)), 16, 2)}
    looks = look_at_images(open_tree(write_folder(tmp_path / "x", files)), list(files))
    assert looks.notes(common_form(looks, None, "x")) == (
        "1 of 2 images may be transparent; they are shown over white",
        "1 of 2 images have more than 8 bits a value; they are read as shares of what is white in their depth",
    )
