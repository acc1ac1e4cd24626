"""The summaries of a saved profile, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path

from degrade.errors import ProfileError
from degrade.storage import Arrays
from degrade.summaries import Need, Sample, Summary


class Loaded(MutableMapping[Need, Summary]):
    """The summaries of ``needs`` at a level of the ladder, from the ``sections`` of a file.

    Most comparisons look at few of them. Raises ProfileError where a section is missing, and
    likewise, when it is asked for, where it is not what it should be.
    """

    def __init__(
        self, path: Path, level: int, needs: Iterable[Need], sections: Mapping[str, Arrays]
    ) -> None:
        self._path = path
        self._sections = sections
        self._names = {need: f"{level}/{need.key}" for need in needs}
        self._made: dict[Need, Summary] = {}
        missing = [name for name in self._names.values() if name not in sections]
        if missing:
            raise ProfileError(f"{path}: not a profile this version can read: no {missing[0]}")

    def __getitem__(self, need: Need) -> Summary:
        if need not in self._made:
            name = self._names[need]
            try:
                self._made[need] = need.summary.from_arrays(need, self._sections[name])
            except (KeyError, TypeError, ValueError) as error:
                raise ProfileError(
                    f"{self._path}: not a profile this version can read: {name}: {error!r}"
                ) from error
        return self._made[need]

    def __setitem__(self, need: Need, summary: Summary) -> None:
        self._names.setdefault(need, "")
        self._made[need] = summary

    def __delitem__(self, need: Need) -> None:
        del self._names[need]
        self._made.pop(need, None)

    def __iter__(self) -> Iterator[Need]:
        return iter(self._names)

    def __contains__(self, need: object) -> bool:
        return need in self._names

    def __len__(self) -> int:
        return len(self._names)


def named(need: Need, there: Collection[Need]) -> Need:
    """Return what ``need`` is called ``there``: samples merge, however many documents they keep."""
    if need.summary is not Sample or need in there:
        return need
    return next(each for each in there if each.summary is Sample)
