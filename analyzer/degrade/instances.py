"""What stands behind a finding, as frozen plain data: n-grams, loops and copies in context."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place in a document of ``corpus``: text around it, and what is marked in it.

    ``marks`` are pairs of start and end in ``context``, in order and apart.
    """

    corpus: str
    document: str
    context: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """Something behind a finding, with places where it stands.

    ``text`` is None where no document at hand shows it. ``reference`` and ``candidate`` count what
    its listing says; None is not counted. ``detail`` says what else is to be said of it.
    """

    text: str | None
    n: int
    reference: int | None
    candidate: int | None
    detail: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Instances of one kind, most telling first.

    Attributes
    ----------
    title : what they are, in words
    counted : what ``reference`` and ``candidate`` of each count; empty if nothing
    total : how many there are, those that are not listed too
    unshown : how many of those that should be listed, or searched, no document at hand shows
    """

    title: str
    counted: str
    instances: tuple[Instance, ...]
    total: int
    unshown: int = 0


@dataclass(frozen=True, slots=True)
class Behind:
    """All that was found behind one finding; ``notes`` say where the text came from."""

    metric: str
    title: str
    reference: str
    candidate: str
    listings: tuple[Listing, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How much to list: at most ``limit`` of each kind, and only what holds ``search``."""

    limit: int = 20
    search: str = ""

    def wants(self, text: str) -> bool:
        """Return whether ``text`` holds what is searched, whatever its case."""
        return self.search.casefold() in text.casefold()
