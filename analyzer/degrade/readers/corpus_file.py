"""The files of a corpus, and the temporary ones among them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from degrade.readers.reader import Reader


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus: where it is, how to call it, its size if known, and its reader."""

    path: str
    shown: str
    bytes: int | None
    reader: Reader

    def __reduce__(self) -> tuple[object, ...]:
        # Many travel to workers, and by default each would be asked for its fields.
        return CorpusFile, (self.path, self.shown, self.bytes, self.reader)


def unlink(paths: Sequence[str]) -> None:
    """Remove temporary files, if they are still there."""
    for path in paths:
        Path(path).unlink(missing_ok=True)


def clean(paths: Sequence[str], owner: int) -> None:
    """Remove temporary files in the process that made them."""
    # A forked process holds the corpus too, and must leave its files.
    if os.getpid() == owner:
        unlink(paths)
