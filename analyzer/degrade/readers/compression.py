"""Decompression that keeps what a damaged archive still holds."""

from __future__ import annotations

import bz2
import lzma
import posixpath
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

import zstandard

# At most this much is read at a time. A zstd member has no bound on what it puts out for a given
# input but this: 4 bytes can stand for 128 KiB, so 8 KiB for 256 MiB.
CHUNK = 1 << 13
PIECE = 1 << 20


class DamagedArchiveError(Exception):
    """Raised after all bytes that could be decompressed; ``kind`` is a problem kind."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


Feed = Callable[[Any, bytes], Iterator[bytes]]


class Method(NamedTuple):
    """A way to compress: how its files begin, how to open one member of them, and to feed it."""

    name: str
    magic: bytes
    member: Callable[[], Any]
    feed: Feed
    error: type[Exception]


def _feed_zlib(member: Any, data: bytes) -> Iterator[bytes]:
    while data and not member.eof:
        yield member.decompress(data, PIECE)
        data = member.unconsumed_tail


def _feed_bounded(member: Any, data: bytes) -> Iterator[bytes]:
    yield member.decompress(data, PIECE)
    while not member.eof and not member.needs_input:
        yield member.decompress(b"", PIECE)


def _feed_zstd(member: Any, data: bytes) -> Iterator[bytes]:
    piece = member.decompress(data)
    for start in range(0, len(piece), PIECE):
        yield piece[start : start + PIECE]


def _zstd() -> Any:
    return zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()


GZIP = Method("gzip", b"\x1f\x8b", lambda: zlib.decompressobj(31), _feed_zlib, zlib.error)
BZIP2 = Method("bzip2", b"BZh", bz2.BZ2Decompressor, _feed_bounded, OSError)
XZ = Method("xz", b"\xfd7zXZ\x00", lzma.LZMADecompressor, _feed_bounded, lzma.LZMAError)
ZSTD = Method("zstd", b"\x28\xb5\x2f\xfd", _zstd, _feed_zstd, zstandard.ZstdError)
_MAGIC = tuple(method.magic for method in (GZIP, BZIP2, XZ, ZSTD))
SUFFIXES: Mapping[str, Method] = MappingProxyType(
    {".gz": GZIP, ".bz2": BZIP2, ".xz": XZ, ".zst": ZSTD, ".zstd": ZSTD}
)


def method_named(path: str) -> Method | None:
    """Return how the file at ``path`` is compressed by its suffix, or None."""
    # Hardly ever, and the rest is looked at only then: there may be many files.
    if path[path.rfind(".") :].lower() in SUFFIXES:
        return SUFFIXES.get(posixpath.splitext(path)[1].lower())
    return None


def method_of(path: str, head: bytes) -> Method | None:
    """Return how the file at ``path``, which begins with ``head``, is compressed, or None.

    The suffix decides, and where it says nothing, the first bytes: none of them begin a text.
    """
    named = method_named(path)
    if named is not None:
        return named
    for method in (GZIP, BZIP2, XZ, ZSTD) if head.startswith(_MAGIC) else ():
        if head.startswith(method.magic):
            # "BZh" alone might begin a text.
            if method is BZIP2 and head[4:10] != b"1AY&SY":
                continue
            return method
    return None


def decompressed(raw: BinaryIO, method: Method) -> Iterator[bytes]:
    """Yield what ``raw`` holds, over all its members; pieces are at most about 1 MiB.

    Raises DamagedArchiveError at the first damage, after everything before it was yielded.
    """
    member: Any = None
    members = position = began = given = 0
    while chunk := raw.read(CHUNK):
        data = chunk
        while data:
            if member is None:
                data = data.lstrip(b"\0") if members else data  # padding between members
                if not data:
                    break
                member, began, given = method.member(), position + len(chunk) - len(data), 0
            try:
                for piece in method.feed(member, data):
                    given += len(piece)
                    yield piece
            except (method.error, EOFError) as error:
                yield from _rest(raw, method, began, position, given)
                raise _corrupt(raw, method, members, began, error) from None
            data, member = (member.unused_data, None) if member.eof else (b"", member)
            members += member is None
        position += len(chunk)
    if member is not None:
        raise DamagedArchiveError(
            "truncated-archive",
            f"the {method.name} archive ends too early, at its byte {position:,}; "
            "copy or download it again",
        )


def _rest(raw: BinaryIO, method: Method, began: int, failed: int, given: int) -> Iterator[bytes]:
    """Yield what a failed call kept to itself, by feeding its input again byte by byte.

    The member began at byte ``began``, the call that failed was fed from byte ``failed`` on, and
    ``given`` bytes had come out before.
    """
    raw.seek(began)
    member = method.member()
    out = 0
    try:
        while True:
            before = raw.tell() < failed
            data = raw.read(min(CHUNK, failed - raw.tell()) if before else 1)
            if not data:
                return
            for piece in method.feed(member, data):
                out += len(piece)
                fresh = max(0, min(len(piece), out - given))
                yield piece[len(piece) - fresh :]
    except (method.error, EOFError):
        return


def _corrupt(
    raw: BinaryIO, method: Method, members: int, began: int, error: Exception
) -> DamagedArchiveError:
    raw.seek(began)
    if raw.read(len(method.magic)) == method.magic:
        what = f"the {method.name} archive is damaged, so what was read of it may be too"
    elif members:
        what = f"bytes that are not {method.name} follow its end, from byte {began:,}"
    else:
        what = f"the file is not the {method.name} archive its name says, or its start is damaged"
    return DamagedArchiveError("corrupt-archive", f"{what} ({error}); copy or download it again")
