"""Profiles that lie somewhere and become one: some of like size at a time, as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FAN_IN = 8
"""Profiles that become one at a time. Of a run only ``FAN_IN - 1`` of each rank wait, however many
parts it has."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A profile: where it lies, which parts it is of, and how often it was merged."""

    where: Any
    parts: tuple[int, ...]
    documents: int
    characters: int
    rank: int = 0

    @classmethod
    def over(cls, where: Any, branches: Sequence[Branch], lost: frozenset[int]) -> Branch:
        """Return the branch of all ``branches`` but those of the numbers ``lost``."""
        kept = [branch for number, branch in enumerate(branches) if number not in lost]
        return cls(
            where,
            tuple(part for branch in kept for part in branch.parts),
            sum(branch.documents for branch in kept),
            sum(branch.characters for branch in kept),
            1 + max(branch.rank for branch in branches),
        )


class Tree:
    """The branches that wait for others of their rank."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Branch]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def add(self, branch: Branch) -> None:
        """Have ``branch`` wait."""
        self._waiting[branch.rank].append(branch)

    def put_back(self, branches: Sequence[Branch]) -> None:
        """Have branches wait that were taken out, before the others."""
        for branch in reversed(branches):
            self._waiting[branch.rank].insert(0, branch)

    def ready(self) -> tuple[Branch, ...]:
        """Take out as many of one rank as become one; none where too few wait."""
        for branches in self._waiting.values():
            if len(branches) >= FAN_IN:
                taken = tuple(branches[:FAN_IN])
                del branches[:FAN_IN]
                return taken
        return ()

    def lowest(self) -> tuple[Branch, ...]:
        """Take out the lowest, when nothing else is to come: as many as become one, or all."""
        waiting = sorted(
            (branch for branches in self._waiting.values() for branch in branches),
            key=lambda branch: branch.rank,
        )
        self._waiting.clear()
        for branch in waiting[FAN_IN:]:
            self.add(branch)
        return tuple(waiting[:FAN_IN])
