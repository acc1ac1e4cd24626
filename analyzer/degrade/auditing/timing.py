"""Times of documents, and the days, months, years or ranges that they are counted in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

Unit = Literal["day", "month", "year", "number"]
MOST_BINS = 60
FEWEST_DOCUMENTS = 200
"""Documents that half of the days (or months) have to hold, for days (or months) to be told."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)
_SECONDS, _THOUSANDTHS = 10**8, 10**11
_YEARS = range(1000, 3000)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (its ordinal), a month (of all since the year 0), a year or another number."""

    unit: Unit
    number: int

    def within(self, unit: Unit) -> int:
        """Return the number of the day, month or year, no finer than this is, that it lies in."""
        if self.unit == unit or self.unit in ("year", "number"):
            return self.number
        if self.unit == "month":
            return self.number // 12
        day = date.fromordinal(self.number)
        return 12 * day.year + day.month - 1 if unit == "month" else day.year


@lru_cache(1 << 14)
def moment(said: str) -> Moment | None:
    """Return what a date (ISO 8601) or a whole number says; None if it says neither.

    A number of four digits from 1000 to 2999 is a year, one of eight that begins so a day, if there
    is such a day (20210305), one of 100 million or more seconds since
    1970, and one of 100 billion or more thousandths of seconds.
    """
    said = said.strip()
    if len(said) == 8 and _NUMBER.fullmatch(said) and int(said[:4]) in _YEARS:
        dashed = moment(f"{said[:4]}-{said[4:6]}-{said[6:]}")
        if dashed is not None:
            return dashed
    if _NUMBER.fullmatch(said) and not (len(said) == 4 and int(said) in _YEARS):
        number = int(said)
        if number < _SECONDS:
            return Moment("number", number)
        seconds = number // 1_000 if number >= _THOUSANDTHS else number
        try:
            return Moment("day", datetime.fromtimestamp(seconds, UTC).date().toordinal())
        except (ValueError, OverflowError, OSError):
            return None
    found = _DATE.fullmatch(said)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or month is None:
        return Moment("year", year) if year else None
    if day is None:
        return Moment("month", 12 * year + month - 1) if 1 <= month <= 12 else None
    try:
        return Moment("day", date(year, month, day).toordinal())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Bins:
    """Days, months, years, or ranges of ``width`` years or numbers, from multiples of it on."""

    unit: Unit
    width: int = 1

    @classmethod
    def of(cls, counts: Counter[Moment]) -> Bins:
        """Return the finest that fit: no more than ``MOST_BINS``, and documents enough in each.

        ``counts`` are documents; none is counted finer than the coarsest of their times.
        """
        units = {each.unit for each in counts}
        finest: list[Unit] = []
        if units == {"day"}:
            finest.append("day")
        if units <= {"day", "month"}:
            finest.append("month")
        for unit in finest:
            sizes = sorted(_within(counts, unit).values())
            if len(sizes) <= MOST_BINS and sizes[len(sizes) // 2] >= FEWEST_DOCUMENTS:
                return cls(unit)
        unit = "number" if "number" in units else "year"
        numbers = _within(counts, unit)
        width = 1
        while len({number // width for number in numbers}) > MOST_BINS:
            # 1, 2, 5, 10, 20, 50 and so on.
            width = width * 5 // 2 if str(width).startswith("2") else width * 2
        return cls(unit, width)

    def label(self, said: str) -> str:
        """Return what the bin of a time is called; empty where there is none."""
        found = moment(said)
        return "" if found is None else self._named(found.within(self.unit))

    def place(self, label: str) -> int:
        """Return a number by which labels are in order."""
        start = label if self.unit in ("day", "month") else label.split(" to ")[0]
        found = moment(start)
        return found.within(self.unit) if found else 0

    def _named(self, number: int) -> str:
        if self.unit == "day":
            return date.fromordinal(number).isoformat()
        if self.unit == "month":
            return f"{number // 12:04}-{number % 12 + 1:02}"
        start = number // self.width * self.width
        return str(start) if self.width == 1 else f"{start} to {start + self.width - 1}"


def _within(counts: Counter[Moment], unit: Unit) -> Counter[int]:
    found: Counter[int] = Counter()
    for each, documents in counts.items():
        found[each.within(unit)] += documents
    return found


def counted(times: Iterable[str]) -> tuple[Counter[Moment], str, int]:
    """Return documents by time, an example of what is no time, and how many documents there are."""
    found: Counter[Moment] = Counter()
    example, documents = "", 0
    for said in times:
        documents += 1
        each = moment(said)
        if each is not None:
            found[each] += 1
        elif said and not example:
            example = said
    return found, example, documents
