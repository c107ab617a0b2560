"""What a file is, by its first bytes or its ending: for messages about files that are not what they seem."""

from __future__ import annotations

_BEGINNINGS: tuple[tuple[int, tuple[bytes, ...], str], ...] = (
    (0, (b"version https://git-lfs",), "Git LFS pointers"),
    (0, (b"\x89PNG\r\n\x1a\n",), "PNG"),
    (0, (b"\xff\xd8\xff",), "JPEG"),
    (0, (b"GIF8",), "GIF"),
    (0, (b"BM",), "BMP"),
    (0, (b"II*\0", b"MM\0*"), "TIFF or raw images"),
    (0, (b"II+\0", b"MM\0+"), "BigTIFF"),
    (0, (b"8BPS",), "Photoshop files"),
    (0, (b"%!PS", b"\xc5\xd0\xd3\xc6"), "PostScript"),
    (0, (b"FUJIFILM",), "raw images"),
    (0, (b"\xff\x0a", b"\0\0\0\x0cJXL "), "JPEG XL"),
    (0, (b"\0\0\0\x0cjP  ",), "JPEG 2000"),
    (8, (b"WEBP",), "WebP"),
    (8, (b"WAVE",), "wav"),
    (8, (b"AVI ",), "videos"),
    (4, (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1"), "HEIC"),
    (4, (b"ftypavi",), "AVIF"),
    (4, (b"ftypM4A", b"ftypM4B"), "M4A"),
    (4, (b"ftypcrx",), "raw images"),
    (4, (b"ftyp",), "MP4"),
    (0, (b"\x1aE\xdf\xa3",), "Matroska or WebM"),
    (0, (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2"), "MP3"),
    (0, (b"fLaC",), "FLAC"),
    (0, (b"OggS",), "Ogg"),
    (8, (b"AIFF", b"AIFC"), "AIFF"),
    (0, (b"\xff\xf1", b"\xff\xf9", b"ADIF"), "AAC"),
    (0, (b"riff.\x91\xcf\x11",), "Wave64"),
    (0, (b"caff",), "CAF"),
    (0, (b".snd",), "AU"),
    (0, (b"#!AMR",), "AMR"),
    (0, (b"MThd",), "MIDI"),
    (0, (b"NIST_1A",), "NIST SPHERE"),
    (0, (b"wvpk",), "WavPack"),
    (0, (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",), "Windows Media"),
    (0, (b"PK\x03\x04", b"PK\x05\x06"), "zip archives"),
    (0, (b"\x1f\x8b",), "gzip"),
    (0, (b"Rar!", b"7z\xbc\xaf\x27\x1c"), "archives"),
    (257, (b"ustar",), "tar archives"),
    (0, (b"%PDF",), "PDF"),
    (0, (b"\x93NUMPY",), "NumPy arrays"),
    (0, (b"\x89HDF\r\n",), "HDF5"),
)
PICTURES = {
    "HEIC": ("heic", "heif", "hif"),
    "AVIF": ("avifs",),
    "SVG": ("svg", "svgz"),
    "raw images": ("dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "orf", "rw2", "raf", "pef", "srw", "x3f"),
    "Photoshop files": ("psd", "psb"),
    "JPEG XL": ("jxl",),
    "PostScript": ("eps", "ps"),
    "DICOM": ("dcm", "dicom"),
    "OpenEXR or HDR": ("exr", "hdr"),
    "images of a rare format": ("pcx", "sgi", "ras", "xbm", "xpm", "dds", "qoi", "fits", "icns", "xcf"),
}
SOUNDS = {
    "MP3": ("mp3", "mp2", "mpga"),
    "FLAC": ("flac",),
    "Ogg": ("ogg", "oga", "opus"),
    "M4A": ("m4a", "aac", "m4b", "mka"),
    "AIFF": ("aif", "aiff", "aifc"),
    "Windows Media": ("wma", "asf"),
    "sounds of a rare format": ("au", "snd", "amr", "caf", "w64", "3gp", "gsm", "voc", "mid", "midi", "pcm", "sph"),
}


def kind_of_content(content: bytes) -> str:
    """What a file is, after "is" or "are", as "MP3"; "of no known kind" where its first bytes do not tell."""
    if not content:
        return "empty"
    if not content[:4096].strip(b"\0"):
        return "nothing but zeros"
    for place, beginnings, kind in _BEGINNINGS:
        if content.startswith(beginnings, place):
            return kind
    return _kind_of_text(content[:1024])


def _kind_of_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "HTML"
    if b"<svg" in start and start.startswith(b"<"):
        return "SVG"
    if start.startswith(b"<"):
        return "XML"
    if start.startswith((b"{", b"[")):
        return "JSON"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
    return "plain text" if printable > 0.97 * len(head) else "of no known kind"


def kind_of_ending(name: str, kinds: dict[str, tuple[str, ...]]) -> str | None:
    """Which of the kinds a name's ending stands for, as "HEIC" of `PICTURES`; None where it is none of them."""
    ending = name.rpartition("/")[2].rpartition(".")[2].lower()
    return next((kind for kind, endings in kinds.items() if ending in endings), None)
