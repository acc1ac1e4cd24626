"""What can be wrong with a record or a file: the stable words, and how bytes are described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from degrade.readers.reader import Problem
from degrade.text.document import Document

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "not-utf8": "bytes that are not UTF-8",
        "malformed-json": "a line that is not JSON",
        "truncated-json": "a last line that was cut off",
        "not-an-object": "a line of JSON that is not an object with fields",
        "missing-field": "a record without a field that was asked for",
        "not-a-string": "a field whose value is not a string",
        "empty-document": "a text that is empty or only white space",
        "unpaired-surrogate": "a text with half of a surrogate pair, which is no character",
        "malformed-csv": "a row that does not fit its header, or a quote that never closes",
        "not-text": "a file that is not text",
        "truncated-archive": "a compressed file that ends too early; its rest counts once",
        "corrupt-archive": "a compressed file with damaged bytes; its rest counts once",
        "corrupt-file": "a Parquet or Arrow file that is damaged; its rest counts once",
        "uncounted-part": "a part of a file that no worker of a cluster could count; counted once",
        "empty-file": "a file of no bytes or no rows; counted, and never stops a run",
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record is not a document, before it is known where it stands.

    ``id`` is that of the record, where it has one.
    """

    kind: str
    message: str
    id: str = ""

    def at(self, path: str, place: str) -> Problem:
        """Return the problem this is at a place."""
        return Problem(self.kind, path, place, self.message, self.id)


EMPTY_FILE = Refusal("empty-file", "the file is empty")
EMPTY_DOCUMENT = Refusal("empty-document", "the text is empty or only white space")


def undecodable(data: bytes, offset: int = 0, within: str = "") -> Refusal:
    """Say which byte of ``data`` is not UTF-8.

    ``data`` starts ``offset`` bytes into its file, or is all there is ``within`` a field.
    """
    at = first_undecodable(data)
    byte = data[at]
    place = f"offset {offset + at:,}" + (f" of {within}" if within else "")
    # 0x80 to 0x9F are control characters in Latin-1 and letters or quotes in Windows-1252.
    windows = any(value in data for value in range(0x80, 0xA0))
    encoding = "WINDOWS-1252" if windows else "LATIN1"
    character = bytes([byte]).decode("cp1252" if windows else "latin-1", "replace")
    return Refusal(
        "not-utf8",
        f"byte 0x{byte:02X} at {place} is not UTF-8 (near {_around(data, at)}; "
        f'"{character}" in {encoding}); if it is {encoding}, convert the file with '
        f"`iconv -f {encoding} -t UTF-8`",
    )


def first_undecodable(data: bytes) -> int:
    """Return the index of the first byte of ``data`` that is not UTF-8; its length if none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def unpaired_surrogate(document: Document) -> Refusal | None:
    """Say which character of a document is half of a surrogate pair, or return None."""
    metadata = document.metadata
    for part in (document.text, document.id, document.cluster, *metadata, *metadata.values()):
        try:
            part.encode("utf-8")
        except UnicodeEncodeError as error:
            return Refusal(
                "unpaired-surrogate",
                f"\\u{ord(part[error.start]):04x} at character {error.start:,} is half of a "
                "surrogate pair and no character; write the text again from a source that is whole",
            )
    return None


def _around(data: bytes, at: int) -> str:
    near = data[max(0, at - 12) : at + 8].decode("ascii", "backslashreplace")
    return '"' + "".join(c if c.isprintable() else " " for c in near) + '"'
