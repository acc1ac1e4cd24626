"""Documents that stream through somebody else's program, counted as they pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from degrade.corpora import load_profile
from degrade.engines.batching import BATCH_CHARACTERS
from degrade.engines.merging import merged_files
from degrade.errors import ProfileError
from degrade.options import options_of
from degrade.planning import plan_for
from degrade.profiles import Profile
from degrade.readers.problems import EMPTY_DOCUMENT, Refusal, unpaired_surrogate
from degrade.text.document import Batch, Document


class Stream:
    """A profile of documents that are added one by one; ``options`` say what is counted.

    What is no document is counted by its kind in ``profile.skipped``, as ``--on-error skip`` does.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.profile = Profile(plan_for(options_of(options)))
        self._held: list[Document] = []
        self._size = 0

    def add(self, found: Document | Refusal) -> None:
        """Count a document, or why it is none."""
        if isinstance(found, Document):
            if not found.text or found.text.isspace():
                found = EMPTY_DOCUMENT
            else:
                found = unpaired_surrogate(found) or found
        if isinstance(found, Refusal):
            self.profile.skipped[found.kind] += 1
            return
        self._held.append(found)
        self._size += len(found.text)
        if self._size >= BATCH_CHARACTERS:
            self._count()

    def content(self) -> bytes:
        """Return the content of the profile's file."""
        self._count()
        return self.profile.to_bytes()

    def _count(self) -> None:
        if self._held:
            self.profile.update(Batch(self._held))
            self._held, self._size = [], 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The content of a profile's file, and what to call it."""

    name: str
    content: bytes

    def __str__(self) -> str:
        return self.name

    def loaded(self) -> Profile:
        """Return the profile. Raises ProfileError if it is damaged or foreign."""
        return load_profile(Path(self.name), self.content)


def merged(profiles: Iterable[Saved]) -> Profile:
    """Return the profile of all ``profiles``, of which a few at a time are asked for.

    Raises ProfileError where there is none, or where they were not counted alike.
    """
    every = iter(profiles)
    first = next(every, None)
    if first is None:
        raise ProfileError("there is no profile to merge")
    return merged_files(chain([first], every), Saved.loaded, 1)
