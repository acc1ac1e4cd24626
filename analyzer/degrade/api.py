"""What people call from Python: ``compare``, ``profile`` and the run they give."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from degrade import registry
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import ProfileError, UsageError
from degrade.findings import (
    Caution,
    CorpusSummary,
    Record,
    Role,
    Setting,
)
from degrade.inference.permutation import RELABELINGS
from degrade.inference.scales import check_thresholds
from degrade.inference.self_check import SPLITS
from degrade.metric import Metric
from degrade.profiles import SAMPLED_DOCUMENTS, Plan, Profile
from degrade.readers import Corpus, Fields, open_corpus
from degrade.run import Run
from degrade.summaries import Need
from degrade.text.document import GROUPS
from degrade.text.layer import Layer
from degrade.text.pipelines import PIPELINE_LAYERS

BASE = "word"
"""The layer that metrics count; the tokenizer asked for stands in its place."""
PROFILE_SUFFIX = ".profile"
Progress = Callable[[str, int, int], None]
"""Told of every batch: the corpus, and the documents and characters counted in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How corpora are read and counted; the options of the command line, under their names.

    ``text_fields`` names the text field of single corpora, by name. ``workers`` 0 takes all cores.
    ``spacy`` is the pipeline, installed or a folder, that metrics of syntax read tags, lemmas,
    trees and entities off. ``state`` is a folder in which what is counted of files is kept as the
    run goes on; a run that is broken off and started again goes on from there.
    """

    metrics: Sequence[str] = ("default",)
    layer: str = BASE
    spacy: str | None = None
    text_field: str = "text"
    text_fields: Mapping[str, str] = field(default_factory=dict)
    id_field: str | None = None
    cluster_field: str | None = None
    split: str | None = None
    format: str | None = None
    limit: int | None = None
    on_error: str = "fail"
    engine: str = "local"
    workers: int = 0
    state: str | Path | None = None
    sampled_documents: int = SAMPLED_DOCUMENTS
    plugins: Sequence[str | Path] = ()
    thresholds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A corpus asked for: documents to read, or a profile that was saved."""

    name: str
    corpus: Corpus | None
    profile: Profile | None


def compare(
    reference: object,
    *candidates: object,
    reference_role: str = "auto",
    alpha: float = 0.05,
    test: str = "jackknife",
    relabelings: int = RELABELINGS,
    self_check: int = SPLITS,
    seed: int = 0,
    reproducible: bool = False,
    **options: Any,
) -> Run:
    """Compare ``reference`` with each of ``candidates``, generations in order.

    A corpus is a path, a saved or live Profile, or an iterable of strings, Documents or mappings,
    or a table. The other arguments are the fields of ``degrade.comparison.Settings``, and
    ``options`` those of ``Options``. Raises DegradeError for what a person can mend.
    """
    if not candidates:
        raise UsageError("a reference needs at least one candidate to be compared with")
    started = time.time()
    settings = Settings(alpha, reference_role, test, relabelings, self_check, seed)
    chosen = _options(options)
    with ExitStack() as stack:
        opened = _open_all((reference, *candidates), chosen, stack)
        saved = next((each.profile for each in opened if each.profile is not None), None)
        metrics = chosen_metrics(chosen, saved)
        counting = any(each.profile is None for each in opened)
        plan = _plan(metrics, chosen, saved, counting=counting)
        profiles = [each.profile or _counted(each, plan, chosen) for each in opened]
        subjects = [
            Subject(each.name, profile, each.corpus.documents if each.corpus else None)
            for each, profile in zip(opened, profiles, strict=True)
        ]
        compared = compare_profiles(
            subjects[0], subjects[1:], metrics, settings, plan.layers[plan.base]
        )
        summaries = [
            _summary(each, profile, "candidate" if i else "reference")
            for i, (each, profile) in enumerate(zip(opened, profiles, strict=True))
        ]
    summaries[0] = replace(summaries[0], reference_role=compared.reference_role)
    facts: dict[str, Setting] = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    said: dict[str, Setting] = {
        "alpha": alpha,
        "layer": plan.base,
        "tokenizer": dict(plan.versions)[plan.base],
        "groups": compared.matching.groups,
        "groups_kept": GROUPS,
        "metrics": ", ".join(chosen.metrics),
        "reference_role": reference_role,
        "test": test,
        "relabelings": relabelings if test == "permutation" else None,
        "self_check": self_check,
        "seed": seed,
        "on_error": chosen.on_error,
    }
    if chosen.spacy:
        said["spacy"] = chosen.spacy
    for name, limits in chosen.thresholds.items():
        said[f"thresholds.{name}"] = ", ".join(f"{limit:g}" for limit in limits)
    return Run(
        Record(
            said,
            tuple(summaries),
            compared.comparisons,
            compared.trend,
            (*compared.warnings, *_left_out(chosen, saved)),
            {} if reproducible else facts,
        )
    )


def profile(corpus: object, **options: Any) -> Profile:
    """Reduce ``corpus`` to a profile, to be saved, merged and compared.

    ``options`` are the fields of ``Options``.
    """
    chosen = _options(options)
    with ExitStack() as stack:
        (opened,) = _open_all((corpus,), chosen, stack)
        if opened.profile is not None:
            return opened.profile
        return _counted(opened, _plan(chosen_metrics(chosen, None), chosen, None), chosen)


def _options(options: Mapping[str, Any]) -> Options:
    known = Options.__dataclass_fields__
    for name in options:
        if name not in known:
            raise UsageError(f"no option {name!r}; {registry.nearest(name, known)}")
    chosen = Options(**options)
    if isinstance(chosen.metrics, str):
        chosen = replace(chosen, metrics=chosen.metrics.split(","))
    return chosen


def chosen_metrics(options: Options, saved: Profile | None) -> tuple[Metric, ...]:
    """Return the metrics asked for, with the caller's thresholds.

    Against a saved profile, those of the default that it holds. Raises ProfileError for one asked
    for by name that it does not hold.
    """
    catalogue = registry.catalogue(options.plugins)
    metrics = catalogue.select(options.metrics)
    for name in options.thresholds:
        catalogue.select([name])
    if saved is not None:
        held = {need.key for need in saved.plan.needs}
        missing = [m for m in metrics if not {need.key for need in m.needs} <= held]
        named = [m.name for m in missing if m.name in options.metrics]
        if named:
            raise ProfileError(f"the saved profile does not hold what {named[0]} needs")
        metrics = tuple(m for m in metrics if m not in missing)
    else:
        lacking = catalogue.out_of_reach(options.metrics, options.spacy)
        metrics = tuple(m for m in metrics if m.name not in lacking)
    return tuple(
        replace(m, thresholds=check_thresholds(m, tuple(options.thresholds[m.name])))
        if m.name in options.thresholds
        else m
        for m in metrics
    )


def left_out(options: Options) -> dict[str, str]:
    """Return the metrics that ``all`` asks for and that are left out, by reason, in one line."""
    lacking = registry.catalogue(options.plugins).out_of_reach(options.metrics, options.spacy)
    return {
        reason: ", ".join(name for name, why in lacking.items() if why == reason)
        for reason in dict.fromkeys(lacking.values())
    }


def _left_out(options: Options, saved: Profile | None) -> list[Caution]:
    if saved is not None:
        return []
    return [
        Caution("metrics-left-out", f"Left out: {names}; {reason}.", {"metrics": names})
        for reason, names in left_out(options).items()
    ]


def _plan(
    metrics: Sequence[Metric], options: Options, saved: Profile | None, *, counting: bool = True
) -> Plan:
    """Return the plan of a run; with nothing left to count, only the base layer is needed."""
    needs = {need.key: need for metric in metrics for need in metric.needs}
    asked = options.layer
    if saved is not None:
        # What is compared with a saved profile is counted as it was, and by the same tokenizer.
        bound = {
            need.key: need
            for m in registry.catalogue(options.plugins).metrics.values()
            for need in m.needs
        }
        needs = {need.key: bound.get(need.key, need) for need in saved.plan.needs}
        asked = dict(saved.plan.versions)[saved.plan.base].split(" ", 1)[0]
        if options.layer not in (BASE, asked):
            # A pipeline in a folder goes by its own name.
            if registry.layer(options.layer).name != asked:
                raise ProfileError(f"the saved profile counts {asked!r}, not {options.layer!r}")
            asked = options.layer
        if not counting:
            return replace(saved.plan, layers={BASE: registry.layer(asked)})
    names = {name for need in needs.values() for name in need.layers} | {BASE}
    layers: dict[str, Layer] = {
        name: registry.layer(
            asked if name == BASE else _as_saved(name, options, saved), options.spacy
        )
        for name in sorted(names)
    }
    return Plan.of(cast(Sequence[Need], needs.values()), BASE, layers, options.sampled_documents)


def _as_saved(name: str, options: Options, saved: Profile | None) -> str:
    """Return ``name`` with the pipeline that a saved profile was made with, if none is given."""
    if saved is None or options.spacy or name not in PIPELINE_LAYERS:
        return name
    return dict(saved.plan.versions)[name].split(" ", 1)[0]


def _open_all(specs: Sequence[object], options: Options, stack: ExitStack) -> list[_Opened]:
    opened = []
    for spec in specs:
        if isinstance(spec, Profile):
            opened.append(_Opened("profile", None, spec))
        elif isinstance(spec, str | Path) and str(spec).endswith(PROFILE_SUFFIX):
            opened.append(_Opened(Path(spec).stem, None, load_profile(spec)))
        else:
            text = options.text_fields.get(str(spec), options.text_field)
            corpus = open_corpus(
                spec,
                Fields(text, options.id_field, options.cluster_field),
                split=cast(Any, options.split),
                format=options.format,
                limit=options.limit,
                on_error=cast(Any, options.on_error),
                readers=registry.all_of(registry.READERS),
            )
            opened.append(_Opened(stack.enter_context(corpus).name, corpus, None))
    return _with_distinct_names(specs, opened)


def load_profile(path: str | Path) -> Profile:
    """Return the profile saved at ``path``, with the kinds of summary that metrics know."""
    from degrade.summaries import BUILT_IN

    kinds = {need.summary for m in registry.catalogue().metrics.values() for need in m.needs}
    return Profile.load(path, {*BUILT_IN, *kinds})


def _with_distinct_names(specs: Sequence[object], opened: list[_Opened]) -> list[_Opened]:
    names = [each.name for each in opened]
    out: list[_Opened] = []
    for spec, each in zip(specs, opened, strict=True):
        name = each.name
        if names.count(name) > 1 and isinstance(spec, str | Path):
            name = str(spec)
        number, base = 2, name
        while name in {other.name for other in out}:
            name, number = f"{base} ({number})", number + 1
        out.append(replace(each, name=name))
    return out


def _counted(opened: _Opened, plan: Plan, options: Options) -> Profile:
    corpus = cast(Corpus, opened.corpus)
    engine = registry.find(registry.ENGINES, options.engine)(workers=options.workers)
    advance = None
    if options.progress is not None:
        told = options.progress

        def advance(documents: int, characters: int) -> None:
            told(opened.name, documents, characters)

    counted: Profile = engine.profile_corpus(plan, corpus, advance, options.state)
    counted.skipped.update(corpus.skipped)
    return counted


def _summary(opened: _Opened, counted: Profile, role: Role) -> CorpusSummary:
    corpus = opened.corpus
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
        files=corpus.files() if corpus else (),
    )


__all__ = ["Options", "Run", "compare", "load_profile", "profile"]
