"""Compression: how much shorter a general-purpose compressor makes the text."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
import zstandard
from numpy.typing import NDArray

from degrade.metric import DocumentMetric
from degrade.text.layer import Segments

FAMILY = "lexical diversity"
_GZIP = 16 + zlib.MAX_WBITS
"""Tells zlib to write the header and trailer of gzip, 18 bytes."""
ZSTD_LEVEL = 3

_own = threading.local()


def gzip_size(data: bytes) -> int:
    """Return the bytes of one gzip of ``data``, at level 9."""
    return len(zlib.compress(data, 9, _GZIP))


def zstd_size(data: bytes) -> int:
    """Return the bytes of one Zstandard frame of ``data``, at level 3."""
    # A compressor of its own for each window would cost more than to compress it.
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    return len(_own.compressor.compress(data))


def compression_ratio(
    segments: Segments, window: int, size: Callable[[bytes], int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bytes of the full windows of each document, and of these compressed one by one.

    A window of ``window`` tokens is the text from the start of its first to the end of its last.
    """
    documents = len(segments.bounds) - 1
    plain = np.zeros(documents, dtype=np.int64)
    packed = np.zeros(documents, dtype=np.int64)
    for document in range(documents):
        first, last = segments.bounds[document], segments.bounds[document + 1]
        for start in range(first, last - window + 1, window):
            at, end = segments.starts[start], segments.ends[start + window - 1]
            text = segments.data[at:end].tobytes()
            plain[document] += len(text)
            packed[document] += size(text)
    return plain, packed


_WHAT = (
    "Bytes of the text over bytes compressed, in chunks of 500, 200 or 100 words of one document, "
    "each compressed on its own: repetition of any kind within a chunk raises it."
)
_PITFALLS = (
    "Chunks make it independent of how much text there is, and blind to what documents share with "
    "one another (see shared_4). Spelling, script and markup count as much as words. The version "
    "of the compressor may move the last digit."
)

METRICS = tuple(
    DocumentMetric(
        name=name,
        title=f"Compression ratio, {called}",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="higher",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100),
        measure=partial(compression_ratio, size=size),
        low=0.0,
        high=10.0,
        source=f"Shaib et al. 2024, compression ratio, on chunks of fixed length{of_format}",
        formula=formula,
        description=_WHAT,
        undefined="no chunk is filled by half of the text",
        pitfalls=_PITFALLS,
        default=False,
        sampled=True,
    )
    for name, called, size, of_format, formula in (
        ("compression_gzip", "gzip", gzip_size, "", "bytes / bytes after one gzip at level 9"),
        (
            "compression_zstd",
            "Zstandard",
            zstd_size,
            "; the format of RFC 8878",
            "bytes / bytes of one Zstandard frame at level 3",
        ),
    )
)
