"""Documents in runs that are counted at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from degrade.engines.source import Advance
from degrade.profiles import Profile
from degrade.text.blocks import characters_of
from degrade.text.document import Batch, Rows, size_of

BATCH_CHARACTERS = 4_000_000


def batches(rows: Iterable[Rows]) -> Iterator[list[Rows]]:
    """Yield documents in runs of about ``BATCH_CHARACTERS``, or bytes, at least one each."""
    held: list[Rows] = []
    size = 0
    for row in rows:
        held.append(row)
        size += size_of(row)
        if size >= BATCH_CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held


def absorb(profile: Profile, held: list[Rows], advance: Advance) -> None:
    """Count ``held`` into ``profile``, and tell ``advance``."""
    batch = Batch(held)
    profile.update(batch)
    advance(len(batch), int(characters_of(batch.data, batch.bounds).sum()))
