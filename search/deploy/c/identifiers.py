"""Names of any kind made into names that C, file systems and build systems take."""

from __future__ import annotations

import re
import unicodedata
import zlib

LONGEST = 40
_FALLBACK = "net"
_RESERVED = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char class co_await co_return co_yield compl
concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast else enum
explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public register reinterpret_cast requires restrict return short signed sizeof static
static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename typeof union
unsigned using virtual void volatile wchar_t while xor xor_eq main assert complex ctype errno fenv inttypes iso646
limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath
threads time uchar wchar wctype arduino esp con prn aux nul
"""
_WORDS = frozenset(_RESERVED.split())
"""Words of C and C++, names of their headers (a file `string.h` of ours would be taken for theirs), and of devices."""


def identifier(name: str) -> str:
    """A name for C and for files: lower case, of letters, digits and single underscores, at most `LONGEST` characters.

    What has no such form, or is too long, keeps its beginning and gets a checksum, so that other names stay others.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    unlike = re.sub(r"\s+", " ", name.strip())
    if len(words) > LONGEST or not words or not unlike.isascii():
        mark = f"{zlib.crc32(name.encode('utf-8', 'surrogatepass')):08x}"
        words = f"{words[: LONGEST - 9].strip('_')}_{mark}".strip("_")
    if words in _WORDS or not words[0].isalpha():
        words = f"{_FALLBACK}_{words}"[:LONGEST].strip("_")
    return words
