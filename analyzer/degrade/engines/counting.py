"""What counting a part of a corpus is, wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.engines.batching import absorb, batches
from degrade.engines.keeping import Keeping
from degrade.engines.source import Advance, Part, Source, Tally
from degrade.plan import Plan
from degrade.profiles import Profile


@dataclass(frozen=True, slots=True)
class Count:
    """A plan, the corpus to count by it, and where to keep what was counted.

    It pickles, to travel to workers.
    """

    plan: Plan
    corpus: Source
    keeping: Keeping | None = None

    def add(self, profile: Profile, part: Part, advance: Advance) -> tuple[Tally, ...]:
        """Count ``part`` into ``profile``; return what came of reading each of its shards."""
        if self.keeping is None:
            return self._counted(profile, part, advance)
        kept = self.keeping.find(self.corpus, part, self.plan)
        if kept is not None:
            found, tallies = kept
            profile.merge(found)
            advance(found.documents, found.characters)
            for shard, tally in zip(part, tallies, strict=True):
                self.corpus.enter(shard, tally)
            return tuple(tallies)
        identity = self.corpus.identity(part)
        fresh = Profile(self.plan)
        counted = self._counted(fresh, part, advance)
        # A file that was written to meanwhile is counted as it was read, and not kept.
        if self.corpus.identity(part) == identity:
            self.keeping.put(identity, fresh, [self.corpus.note_of(tally) for tally in counted])
        profile.merge(fresh)
        return counted

    def _counted(self, profile: Profile, part: Part, advance: Advance) -> tuple[Tally, ...]:
        for held in batches(self.corpus.rows_of(part)):
            absorb(profile, held, advance)
        return tuple(self.corpus.tally(shard) for shard in part)
