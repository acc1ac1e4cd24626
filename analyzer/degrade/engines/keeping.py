"""What was counted of a corpus, part by part, kept in a folder for a run that is broken off.

Of every part there is a profile and, written after it, a note of what the profile is of: the plan,
the files as they were, the bytes of them, and what came of reading these. Both are named by a hash
of that, so a part that was counted otherwise, or of a file that has changed, is never found.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.atomic import replace_file
from degrade.engines.source import Part, Source, Tally
from degrade.errors import DegradeWarning, ProfileError, UsageError
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.version import __version__

_NOTE, _PROFILE = ".part.json", ".part.profile"


@dataclass(frozen=True, slots=True)
class Keeping:
    """The folder in which parts counted by one plan are kept. It pickles, to travel to workers."""

    folder: str
    plan: str

    @classmethod
    def of(cls, folder: str | Path, plan: Plan) -> Keeping:
        """Return what keeps parts counted by ``plan`` in ``folder``, which is made if need be."""
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: no folder to keep state in: {error.strerror}") from error
        kept = [plan.capacity, plan.leeway, plan.thin]
        counted = [plan.base, plan.versions, *kept, [need.key for need in plan.needs]]
        return cls(str(folder), _hash([__version__, *counted]))

    def find(self, corpus: Source, part: Part, plan: Plan) -> tuple[Profile, list[Tally]] | None:
        """Return the profile of ``part`` and the tallies of its shards, if they are kept.

        What cannot be read is as good as not there, and so is a part with problems where the policy
        is to stop at them.
        """
        path = self._path(corpus.identity(part))
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, ProfileError):
            note = json.loads(path.with_suffix(_NOTE).read_bytes())
            tallies = [corpus.tally_of(each) for each in note["tallies"]]
            if None not in tallies and len(tallies) == len(part):
                kinds = {need.summary for need in plan.needs}
                return Profile.load(path.with_suffix(_PROFILE), kinds), tallies
        return None

    def put(self, identity: Any, profile: Profile, tallies: list[Any]) -> None:
        """Keep the profile of a part of ``identity``, and the tallies of its shards as JSON."""
        path = self._path(identity)
        profile.save(path.with_suffix(_PROFILE))
        note = {"plan": self.plan, "part": identity, "tallies": tallies}
        replace_file(path.with_suffix(_NOTE), json.dumps(note))

    def warn_of_unfit(self, corpus: Source, parts: Iterable[Part]) -> None:
        """Say which parts of ``corpus`` are kept and of no use: by another plan, or changed."""
        identities = [corpus.identity(part) for part in parts]
        fitting = {self._path(identity).name for identity in identities}
        shards = {_hash(shard) for identity in identities for shard in identity["shards"]}
        paths = {*corpus.paths}
        by_others, stale, changed = 0, 0, set()
        for file in Path(self.folder).glob(f"*{_NOTE}"):
            if file.name.removesuffix(_NOTE) in fitting:
                continue
            with suppress(OSError, ValueError, KeyError, TypeError):
                note = json.loads(file.read_bytes())
                here = [each for each in note["part"]["shards"] if each["path"] in paths]
                if note["plan"] != self.plan:
                    by_others += bool(here)
                else:
                    stale += bool(here)
                    changed |= {each["path"] for each in here if _hash(each) not in shards}
        for number, why in (
            (by_others, "counted for other metrics, by other layers or another version"),
            (stale, _why_stale(changed)),
        ):
            if number:
                parts_are = f"{number:,} parts of {corpus.name} are"
                if number == 1:
                    parts_are = f"a part of {corpus.name} is"
                warnings.warn(
                    f"{self.folder}: {parts_are} not used: {why}",
                    DegradeWarning,
                    stacklevel=2,
                )

    def _path(self, identity: Any) -> Path:
        return Path(self.folder) / _hash([self.plan, identity])


def keeping_for(state: str | Path | None, plan: Plan, corpus: Source) -> Keeping | None:
    """Return what keeps parts of ``corpus`` in the folder ``state``; warn where nothing can be."""
    if state is None:
        return None
    if corpus.lasting:
        return Keeping.of(state, plan)
    warnings.warn(
        f"{corpus.name}: nothing is kept of it in {state}: it comes from no file, and another run "
        "could not tell that it is the same",
        DegradeWarning,
        stacklevel=3,
    )
    return None


def _why_stale(changed: set[str]) -> str:
    if not changed:
        return "read otherwise, or beside other files"
    more = " and others" if len(changed) > 3 else ""
    return f"{', '.join(sorted(changed)[:3])}{more} changed since"


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
