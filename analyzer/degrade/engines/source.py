"""A corpus as an engine sees it: parts that can be read alone, here or in another process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, Protocol

from degrade.text.document import Rows

Advance = Callable[[int, int], None]
"""Told of every batch counted: its documents and characters; negative where that was lost."""


def untold(documents: int, characters: int) -> None:
    """Tell nobody."""


class Gone:
    """Tells ``advance``, and can take all of it back."""

    def __init__(self, advance: Advance) -> None:
        self._advance = advance
        self._documents = self._characters = 0

    def __call__(self, documents: int, characters: int) -> None:
        """Tell of a batch."""
        self._documents += documents
        self._characters += characters
        self._advance(documents, characters)

    def back(self) -> None:
        """Tell that all that was told is lost."""
        self(-self._documents, -self._characters)


Shard = Any
Tally = Any
Part = tuple[Shard, ...]
"""Shards that are counted in one go."""


class Source(Protocol):
    """Parts of a corpus, their documents, and what came of reading them. It pickles."""

    @property
    def name(self) -> str:
        """What the corpus is called."""
        ...

    @property
    def total_bytes(self) -> int | None:
        """Bytes of all files as they lie on disk, or None if a server does not say."""
        ...

    @property
    def unlocked(self) -> bool:
        """Whether reading holds the interpreter's lock for little of its time."""
        ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the files are, absolute or as URLs, in order."""
        ...

    @property
    def lasting(self) -> bool:
        """Whether the files will be there for another run."""
        ...

    def all_rows(self) -> Iterable[Rows]:
        """Yield all documents, in order, side by side where a reader gives them so.

        Raises InputError after a corpus that held none.
        """
        ...

    def parts(self) -> Sequence[Part]:
        """Return parts of about equal size that hold every document once, in order."""
        ...

    def weight(self, part: Part, /) -> float:
        """Return about how many bytes ``part`` takes on disk."""
        ...

    def rows(self, shard: Shard, /) -> Iterable[Rows]:
        """Yield the documents of ``shard`` likewise. Raises InputError as the policy says."""
        ...

    def rows_of(self, part: Part, /) -> Iterable[Rows]:
        """Yield the documents of all shards of ``part`` likewise, in order."""
        ...

    def tally(self, shard: Shard, /) -> Tally:
        """Return what came of the last reading of ``shard`` in this process."""
        ...

    def enter(self, shard: Shard, tally: Tally, /) -> None:
        """Enter what a reading of ``shard`` elsewhere has counted."""
        ...

    @property
    def on_error(self) -> Literal["fail", "skip"]:
        """Whether to stop at what cannot be read, or to count it and go on."""
        ...

    def leave_out(self, part: Part, why: str, /) -> None:
        """Enter that ``part`` is not counted, and why."""
        ...

    def place(self, shard: Shard, /) -> str:
        """Say where ``shard`` lies, as a person reads it."""
        ...

    def identity(self, part: Part, /) -> Any:
        """Return as JSON what ``part`` is: its files as they are now, and how they are read.

        It holds ``shards``, a list of mappings with the ``path`` of each.
        """
        ...

    def note_of(self, tally: Tally, /) -> Any:
        """Return ``tally`` as JSON."""
        ...

    def tally_of(self, note: Any, /) -> Tally | None:
        """Return the tally that ``note`` is of; None if the policy is to fail at what it counts."""
        ...

    def without_documents(self) -> str:
        """Say that the corpus holds no document, and why."""
        ...


def place_of(corpus: Source, part: Part) -> str:
    """Say where ``part`` of ``corpus`` lies, as a person reads it."""
    first, *others = part
    return f"{corpus.place(first)}{f' and {len(others):,} more' if others else ''}"
