"""What counting a part of a corpus is, wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from degrade.engines.batching import absorb, batches
from degrade.engines.source import Advance, Part, Source, Tally
from degrade.profiles import Plan, Profile


@dataclass(frozen=True, slots=True)
class Count:
    """A plan and the corpus to count by it. It pickles, to travel to workers."""

    plan: Plan
    corpus: Source

    def add(self, profile: Profile, part: Part, advance: Advance) -> tuple[Tally, ...]:
        """Count ``part`` into ``profile``; return what came of reading each of its shards."""
        documents = chain.from_iterable(self.corpus.read(shard) for shard in part)
        for held in batches(documents):
            absorb(profile, held, advance)
        return tuple(self.corpus.tally(shard) for shard in part)
