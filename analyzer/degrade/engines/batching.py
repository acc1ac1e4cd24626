"""Documents in runs that are counted at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from degrade.engines.source import Advance
from degrade.profiles import Profile
from degrade.text.document import Batch, Document

BATCH_CHARACTERS = 2_000_000


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield documents in runs of about ``BATCH_CHARACTERS``, at least one each."""
    held: list[Document] = []
    size = 0
    for document in documents:
        held.append(document)
        size += len(document.text)
        if size >= BATCH_CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held


def absorb(profile: Profile, held: list[Document], advance: Advance) -> None:
    """Count ``held`` into ``profile``, and tell ``advance``."""
    profile.update(Batch(held))
    advance(len(held), sum(len(document.text) for document in held))
