"""Baselines that are kept: profiles by name, with what they are of, in a folder or at a URL.

An index says of each profile what it is of and the SHA-256 of its file, which is looked at before
the profile is used.
"""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import orjson

from degrade import lfs
from degrade.api import reduced
from degrade.configuration import is_name
from degrade.corpora import PROFILE_SUFFIX, Opened, load_profile, summary_of
from degrade.errors import DegradeError, ProfileError, RunFileError, UsageError
from degrade.options import options_of
from degrade.profiles import Profile
from degrade.readers.files import open_binary, readable
from degrade.record import InputFile
from degrade.registry import nearest
from degrade.report import codec
from degrade.shelf import Shelf
from degrade.version import __version__

INDEX = "index.json"
FEWEST_CLUSTERS = 80
"""Of a corpus cut to a size: a test takes ten groups of eight clusters."""
_BYTES_A_TOKEN = 20
"""Of the metrics of the verdict, where all n-grams are counted."""
_VERSION = 1
_FILE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]*{re.escape(PROFILE_SUFFIX)}")


@dataclass(frozen=True, slots=True)
class Source:
    """What a baseline was made of: the corpus as it was named, and its files taken together.

    ``sha256`` is that of the SHA-256 of all files, one a line, in order.
    """

    path: str
    files: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a profile holds: sizes, the layer of its tokens, the versions of layers, and needs."""

    documents: int
    tokens: int
    characters: int
    exact: bool
    layer: str
    versions: Mapping[str, str]
    counted: tuple[str, ...]
    sampled_documents: int

    @classmethod
    def of(cls, profile: Profile) -> Content:
        """Return what ``profile`` holds."""
        return cls(
            profile.documents,
            profile.tokens,
            profile.characters,
            profile.exact,
            profile.plan.base,
            dict(profile.plan.versions),
            profile.plan.counted,
            len(list(profile.sample)),
        )


@dataclass(frozen=True, slots=True)
class Baseline:
    """An entry of a store: a profile's file, its size and SHA-256, and what it is of."""

    name: str
    file: str
    bytes: int
    sha256: str
    added: str
    tool: str
    note: str
    source: Source
    content: Content


@dataclass(frozen=True, slots=True)
class _Index:
    schema_version: int
    baselines: tuple[Baseline, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """The baselines in the folder or at the fsspec URL ``where``."""

    where: str

    @property
    def shelf(self) -> Shelf:
        """The files of the store."""
        return Shelf(self.where)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return all entries, by name. Raises ProfileError where the index is damaged."""
        path = self.shelf.path(INDEX)
        content = self.shelf.read(INDEX)
        if content is None:
            return ()
        try:
            given = orjson.loads(content)
            version = given.get("schema_version") if isinstance(given, dict) else None
            if version != _VERSION:
                raise ProfileError(
                    f"{path}: an index of version {version}; this version of degrade reads "
                    f"{_VERSION}"
                )
            return _safe(codec.decode(_Index, given).baselines)
        except orjson.JSONDecodeError as error:
            raise ProfileError(f"{path}: damaged: not JSON: {error}") from None
        except RunFileError as error:
            raise ProfileError(f"{path}: damaged: {error}") from None

    def __contains__(self, name: str) -> bool:
        return any(each.name == name for each in self.baselines())

    def find(self, name: str) -> Baseline:
        """Return the entry ``name``. Raises UsageError with the nearest one."""
        entries = {each.name: each for each in self.baselines()}
        if name not in entries:
            known = nearest(name, entries) if entries else "it has none"
            raise UsageError(f"{self.where}: no baseline {name!r}; {known}")
        return entries[name]

    def add(
        self,
        name: str,
        corpus: object,
        *,
        note: str = "",
        replacing: bool = False,
        most: int | None = None,
        **options: Any,
    ) -> Baseline:
        """Profile ``corpus``, or take it if it is a profile, and keep it as ``name``.

        ``options`` are those of ``degrade.profile``. Where more than ``most`` bytes would be kept,
        the corpus is counted again with half of its clusters, or fewer. Processes that add to one
        folder at once wait for one another. Raises UsageError for a name that is taken, unless
        ``replacing``.
        """
        if not is_name(name):
            raise UsageError(
                f"{name!r} cannot name a baseline: letters, digits, hyphens and underscores can"
            )
        self._check_free(name, replacing=replacing)
        with ExitStack() as stack:
            opened, profile = reduced(corpus, options_of(options), stack)
            content = _content_of(opened, profile)
            thin = int(options.get("thin", 0))
            while most is not None and len(content) > most and opened.profile is None:
                thin += _halvings(profile, len(content), most)
                chosen = options_of({**options, "thin": thin})
                _, profile = reduced(opened, chosen, stack)
                if profile.clusters.total < FEWEST_CLUSTERS:
                    raise UsageError(
                        f"{opened.name}: {most:,} bytes hold fewer than {FEWEST_CLUSTERS} of its "
                        "documents, too few to test by; cut them to smaller ones, or keep a sample "
                        "of their n-grams (--capacity 65536), by which some metrics have no value"
                    )
                content = _content_of(opened, profile)
            files = summary_of(opened, profile, "reference").files
        digest = hashlib.sha256(content).hexdigest()
        made = Baseline(
            name,
            f"{name}-{digest[:12]}{PROFILE_SUFFIX}",
            len(content),
            digest,
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            f"degrade {__version__}",
            note,
            _source_of(str(corpus) if isinstance(corpus, str) else opened.name, files),
            Content.of(profile),
        )
        # The file first: an index never names one that is not there. Counting takes time, in which
        # the name may have been taken.
        with self.shelf.alone():
            self.shelf.write(made.file, content)
            before = self._check_free(name, replacing=replacing)
            kept = [each for each in self.baselines() if each.name != name]
            entries = tuple(sorted((*kept, made), key=lambda each: each.name))
            plain = codec.encode(_Index(_VERSION, entries))
            self.shelf.write(INDEX, orjson.dumps(plain, option=orjson.OPT_INDENT_2) + b"\n")
            if before is not None and before.file != made.file:
                self.shelf.remove(before.file)
        return made

    def _check_free(self, name: str, *, replacing: bool) -> Baseline | None:
        """Return the entry of that name, if there is one and it may be replaced."""
        before = next((each for each in self.baselines() if each.name == name), None)
        if before is not None and not replacing:
            raise UsageError(
                f"{self.where}: a baseline {name!r} is there, added {before.added}; --replace puts "
                "another one in its place"
            )
        return before

    def open(self, name: str) -> Opened:
        """Return a baseline as a corpus to compare with.

        Raises ProfileError where its file is gone or is not what was added.
        """
        entry = self.find(name)
        profile = self._checked(entry)
        return Opened(name, None, profile, self.shelf.path(entry.file))

    def verify(self) -> tuple[str, ...]:
        """Return what is wrong with the files of the store, one sentence each."""
        entries = self.baselines()
        faults = []
        for entry in entries:
            try:
                held = Content.of(self._checked(entry))
            except DegradeError as error:
                faults.append(str(error))
                continue
            if held != entry.content:
                faults.append(
                    f"{self.shelf.path(INDEX)}: damaged or changed: of {entry.name!r} it says what "
                    "its profile does not hold"
                )
        known = {entry.file for entry in entries}
        faults += [
            f"{self.shelf.path(name)}: not in the index; add it under a name, or remove it"
            for name in self.shelf.names()
            if name.endswith(PROFILE_SUFFIX) and name not in known
        ]
        return tuple(faults)

    def _checked(self, entry: Baseline) -> Profile:
        path = self.shelf.path(entry.file)
        content = self.shelf.read(entry.file)
        if content is None:
            raise ProfileError(f"{path}: missing; it is the baseline {entry.name!r}")
        if lfs.is_pointer(content):
            raise ProfileError(lfs.said(path))
        found = hashlib.sha256(content).hexdigest()
        if found != entry.sha256:
            raise ProfileError(
                f"{path}: damaged or changed: not the baseline {entry.name!r} that was added "
                f"{entry.added} ({len(content):,} bytes of SHA-256 {found[:12]}..., where "
                f"{entry.bytes:,} of {entry.sha256[:12]}... were); take it from a copy, or add it "
                "anew"
            )
        return load_profile(path, content)


def _halvings(profile: Profile, size: int, most: int) -> int:
    """Return how often to halve a corpus whose profile is of ``size`` bytes, to come to ``most``.

    Where only a sample of its n-grams was counted, that says little; then all are to be.
    """
    expected = size if profile.exact else max(size, _BYTES_A_TOKEN * profile.tokens)
    return max(1, math.floor(math.log2(expected / most)))


def _content_of(opened: Opened, profile: Profile) -> bytes:
    """Return the content of a profile's file: as it lies there, if it was saved."""
    if opened.file is None:
        return profile.to_bytes()
    with readable(opened.file), open_binary(opened.file) as file:
        return file.read()


def _safe(baselines: tuple[Baseline, ...]) -> tuple[Baseline, ...]:
    """Return ``baselines``. Raises RunFileError for one whose file may lie elsewhere."""
    for each in baselines:
        if _FILE.fullmatch(each.file) is None:
            raise RunFileError(f"{each.name!r} is in {each.file!r}, which is no file of a store")
    return baselines


def _source_of(path: str, files: Sequence[InputFile]) -> Source:
    digests = "".join(f"{file.sha256}\n" for file in files)
    total = sum(file.bytes for file in files)
    return Source(path, len(files), total, hashlib.sha256(digests.encode("ascii")).hexdigest())
