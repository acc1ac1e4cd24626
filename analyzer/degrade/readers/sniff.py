"""What a file is, by how it begins."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.readers.contents import Contents
from degrade.readers.files import HEAD
from degrade.readers.problems import Refusal
from degrade.text.hashing import U64
from degrade.text.lanes import count

PARQUET = b"PAR1"
ARROW_FILE = b"ARROW1"
ARROW_STREAM = b"\xff\xff\xff\xff"
BOM = b"\xef\xbb\xbf"

_SIGNATURES = (
    (PARQUET, "a Parquet file"),
    (ARROW_FILE, "an Arrow file"),
    (ARROW_STREAM, "an Arrow stream"),
    (b"FEA1", "a Feather file of version 1"),
    (b"PK\x03\x04", "a ZIP archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"%PDF-", "a PDF file; extract its text first"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_BEGINNINGS = tuple(signature for signature, _ in _SIGNATURES)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TAR, _TAR_AT = b"ustar", 257
_DEL = b"\x7f"
_BYTES_A_CONTROL = 20
"""A text has so many bytes for each that is a control code, at least."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + _DEL
_OBJECT = re.compile(rb'\s*\{\s*("[^"\\]*"\s*:|\}\s*$)', re.MULTILINE)


def format_of(head: bytes) -> str:
    """Return the name of the reader for content that begins with ``head``."""
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith((ARROW_FILE, ARROW_STREAM)):
        return "arrow"
    if _OBJECT.match(head.removeprefix(BOM)):
        return "jsonl"
    return "text"


def not_text(head: bytes) -> Refusal | None:
    """Say why content that begins with ``head`` is not text, or return None.

    Text holds no NUL, and hardly any control characters; random bytes hold 10% of them.
    """
    head = head[:HEAD]
    if head.startswith(_UTF_16):
        return Refusal("not-utf8", "the file is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`")
    if head.startswith(_BEGINNINGS):
        what = next(what for signature, what in _SIGNATURES if head.startswith(signature))
        return Refusal("not-text", f"the file is {what}")
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return Refusal("not-text", "the file is a tar archive; unpack it first")
    at = head.find(b"\0")
    if at >= 0:
        return Refusal("not-text", f"the file is not text: a NUL byte at offset {at:,}")
    most = len(head) // _BYTES_A_CONTROL
    # With tabs and ends of lines among them, in a fifth of the time: there may be many files.
    low = np.count_nonzero(np.frombuffer(head, dtype=np.uint8) < ord(" "))
    if low <= most and _DEL not in head:
        return None
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > most:
        share = controls / len(head)
        return Refusal(
            "not-text", f"the file is not text: {share:.0%} of its first bytes are control codes"
        )
    return None


# What may begin something else, and is to be looked at twice.
_DOUBTFUL = np.isin(np.arange(256), [beginning[0] for beginning in (*_BEGINNINGS, *_UTF_16)])
_EVERY_BIT, _NULS, _DELS = U64(0xFFFFFFFFFFFFFFFF), U64(0), U64(0x7F7F7F7F7F7F7F7F)
_NO_CONTROL = U64(0xE0E0E0E0E0E0E0E0)
"""The bits of which every byte has one that is no control code; ``_DEL`` has some, too."""


def all_text(contents: Contents) -> bool:
    """Return whether ``not_text`` has nothing to say of any of ``contents``."""
    sure = _surely_text(contents.octets, contents.lanes, contents.bounds)
    return all(not_text(contents[i]) is None for i in np.flatnonzero(~sure).tolist())


@kernel
def _surely_text(
    octets: NDArray[np.uint8], lanes: NDArray[np.uint64], bounds: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return of which contents it is plain that they are text."""
    sure = np.zeros(len(bounds) - 1, dtype=np.bool_)
    for number in range(len(sure)):
        start = bounds[number]
        size = min(bounds[number + 1] - start, HEAD)
        stop = start + size
        if not size or _DOUBTFUL[octets[start]]:
            continue
        if size > _TAR_AT and octets[start + _TAR_AT] == _TAR[0]:
            continue
        sure[number] = (
            not count(lanes, start, stop, _EVERY_BIT, _NULS)
            and not count(lanes, start, stop, _EVERY_BIT, _DELS)
            and count(lanes, start, stop, _NO_CONTROL, _NULS) * _BYTES_A_CONTROL <= size
        )
    return sure
