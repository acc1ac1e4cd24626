"""Corpora as they are asked for: opened, counted, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from degrade import registry
from degrade.comparison import Subject
from degrade.engines.engine import Engine
from degrade.errors import UsageError
from degrade.findings import Setting
from degrade.options import Options
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import Corpus, Fields, open_corpus
from degrade.readers.files import input_file
from degrade.record import CorpusSummary, Role

PROFILE_SUFFIX = ".profile"


@dataclass(frozen=True, slots=True)
class Opened:
    """A corpus asked for: documents to read, or a profile that was saved, in ``file``."""

    name: str
    corpus: Corpus | None
    profile: Profile | None
    file: str | None = None


def open_all(specs: Sequence[object], options: Options, stack: ExitStack) -> list[Opened]:
    """Return the corpora ``specs``, to be closed by ``stack``, each under a name of its own."""
    opened = []
    for spec in specs:
        if isinstance(spec, Opened):
            opened.append(spec)
        elif isinstance(spec, Profile):
            opened.append(Opened("profile", None, spec))
        elif isinstance(spec, str | Path) and str(spec).endswith(PROFILE_SUFFIX):
            opened.append(Opened(Path(spec).stem, None, load_profile(spec), str(spec)))
        else:
            corpus = open_corpus(
                spec,
                Fields(
                    _own_field(spec, options) or options.text_field,
                    options.id_field,
                    options.cluster_field,
                ),
                split=cast(Any, options.split),
                format=options.format,
                limit=options.limit,
                on_error=cast(Any, options.on_error),
                readers=registry.all_of(registry.READERS),
            )
            opened.append(Opened(stack.enter_context(corpus).name, corpus, None))
    return _with_distinct_names(specs, opened)


def _own_field(spec: object, options: Options) -> str | None:
    """Return the text field of one corpus, where it has one of its own."""
    return options.text_fields.get(str(spec)) if isinstance(spec, str | Path) else None


def check_text_fields(specs: Sequence[object], options: Options) -> None:
    """Raise UsageError for a text field of a corpus that is none of ``specs``."""
    known = [str(spec) for spec in specs if isinstance(spec, str | Path)]
    for name, field in options.text_fields.items():
        if name not in known:
            raise UsageError(
                f"text field {field!r} of {name!r}: no such corpus here; "
                f"{registry.nearest(name, known)}. Where {name}:{field} is a field of all, write "
                f":{name}:{field}"
            )


def load_profile(path: str | Path, content: bytes | None = None) -> Profile:
    """Return the profile saved at ``path``, with the kinds of summary that metrics know.

    ``content`` is that of the file, where it was read before.
    """
    from degrade.summaries import BUILT_IN

    kinds = {need.summary for m in registry.catalogue().metrics.values() for need in m.needs}
    return Profile.load(path, {*BUILT_IN, *kinds}, content)


def _with_distinct_names(specs: Sequence[object], opened: list[Opened]) -> list[Opened]:
    names = [each.name for each in opened]
    out: list[Opened] = []
    for spec, each in zip(specs, opened, strict=True):
        name = each.name
        if names.count(name) > 1 and isinstance(spec, str | Path):
            name = str(spec)
        number, base = 2, name
        while name in {other.name for other in out}:
            name, number = f"{base} ({number})", number + 1
        out.append(replace(each, name=name))
    return out


def reading_settings(
    options: Options, specs: Sequence[object], opened: Sequence[Opened]
) -> dict[str, Setting]:
    """Return how documents were read where that is not as ever, so that they can be read again."""
    usual = Options()
    names = ("id_field", "cluster_field", "split", "format", "limit", "text_field")
    said: dict[str, Setting] = {
        name: getattr(options, name)
        for name in names
        if getattr(options, name) != getattr(usual, name)
    }
    for spec, each in zip(specs, opened, strict=True):
        field = _own_field(spec, options)
        if field is not None:
            said[f"text_field.{each.name}"] = field
    return said


def engine_for(opened: Sequence[Opened], options: Options, stack: ExitStack) -> Engine:
    """Return the engine asked for; what it keeps from corpus to corpus is closed by ``stack``."""
    where = {} if options.ray_address is None else {"address": options.ray_address}
    make: Callable[..., Engine] = registry.find(registry.ENGINES, options.engine)
    engine = make(workers=options.workers, **where)
    corpora = [each.corpus for each in opened if each.corpus is not None]
    if corpora:
        stack.enter_context(engine.expecting(corpora))
    return engine


def counted(opened: Opened, plan: Plan, options: Options, engine: Engine) -> Profile:
    """Return the profile of a corpus, counted now by ``engine`` if it was not saved."""
    if opened.profile is not None:
        return opened.profile
    corpus = cast(Corpus, opened.corpus)
    advance = None
    if options.progress is not None:
        told = options.progress

        def advance(documents: int, characters: int) -> None:
            told(opened.name, documents, characters)

    made = engine.profile_corpus(plan, corpus, advance, options.state)
    made.skipped.update(corpus.skipped)
    return made


def subject_of(opened: Opened, counted: Profile) -> Subject:
    """Return a corpus as comparisons take it."""
    return Subject(opened.name, counted, opened.corpus.all_rows if opened.corpus else None)


def summary_of(opened: Opened, counted: Profile, role: Role) -> CorpusSummary:
    """Return what is said of a corpus that was counted."""
    corpus = opened.corpus
    files = corpus.files() if corpus else ()
    if opened.file is not None:
        files = (input_file(opened.file, opened.file),)
    return CorpusSummary(
        name=opened.name,
        role=role,
        documents=counted.documents,
        tokens=counted.tokens,
        characters=counted.characters,
        clusters=counted.clusters.total,
        exact=counted.exact,
        skipped=dict(sorted(counted.skipped.items())),
        examples=corpus.examples if corpus else (),
        files=files,
    )
