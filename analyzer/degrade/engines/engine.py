"""What an engine is: where a corpus is counted, and by how many."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from degrade.engines.source import Advance, Source
from degrade.plan import Plan
from degrade.profiles import Profile


class Engine(Protocol):
    """Counts corpora. Registered under the entry-point group ``degrade.engines``.

    What is registered is called with ``workers``, the most that count at once (0: as many as there
    are cores), and with ``address`` where a cluster was named. ``degrade.testing.check_engine``
    holds an engine to what all must do.
    """

    @property
    def name(self) -> str:
        """The word for ``--engine``."""
        ...

    def expecting(self, corpora: Iterable[Source], /) -> AbstractContextManager[None]:
        """Keep what takes long to start until ``corpora`` are counted, one after the other."""
        ...

    def profile_corpus(
        self,
        plan: Plan,
        corpus: Source,
        advance: Advance | None = None,
        state: str | Path | None = None,
    ) -> Profile:
        """Return the profile of ``corpus``: the same bytes, whoever counted which part.

        What came of reading is entered in ``corpus``; ``advance`` is told of what was counted. In
        the folder ``state``, parts are kept when they are counted, and are not counted again. Where
        parts cannot be read, this raises what the first of them raises; InputError too where there
        is no document.
        """
        ...
