"""What is behind a finding of a saved run: the n-grams, loops or copies, each in its context."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from degrade import registry
from degrade.corpora import Opened, counted, engine_for
from degrade.errors import UsageError
from degrade.findings import Comparison, Finding
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import match, side, with_common_thresholds
from degrade.instances import Asked, Behind, Listing
from degrade.instances_copied import duplicates, near_duplicates
from degrade.instances_counted import Look, once_seen, one_sided, shared
from degrade.instances_listed import kept_listings, planted_listed, words_listed
from degrade.instances_read import loops, repeats
from degrade.kept import Kind, listings_kept
from degrade.keyness import keywords_of
from degrade.metric import Instances, Metric
from degrade.options import BASE, Options, options_of
from degrade.planning import chosen_metrics, plan_of
from degrade.poisoning import planted_phrases
from degrade.record import CorpusSummary, Record
from degrade.rereading import opened_again, settings_of_run, texts_of
from degrade.run import Run
from degrade.summaries import Census, Need
from degrade.text.layer import Layer

WORDS = Need(Census, layer=BASE, n=1)
_NGRAMS: Mapping[Instances, Callable[[Look, Need, Asked], tuple[Listing, ...]]] = {
    "once-seen n-grams": once_seen,
    "n-grams": one_sided,
    "shared n-grams": shared,
}
_READ: frozenset[Instances] = frozenset({"repeats", "loops", "duplicates", "near-duplicates"})
"""What is read off documents, without counting anything."""
_KEPT: Mapping[Instances, Kind] = {
    "key words": "words",
    "planted phrases": "planted",
    "loops": "loops",
    "duplicates": "duplicates",
    "near-duplicates": "duplicates",
}
"""What a run file itself holds of what is behind metrics, by its kind there."""
_MOST = 5_000
"""Key words and phrases of each kind among which a search looks."""


def behind(
    record: Record,
    metric: str,
    *,
    candidate: str | None = None,
    folder: str | os.PathLike[str] = ".",
    corpora: Mapping[str, str] | None = None,
    most: int = 20,
    search: str = "",
    **options: Any,
) -> Behind:
    """Return what is behind the finding of ``metric`` on ``candidate``, of several the worst.

    Corpora are read again where the run file says, seen from here or from ``folder``, if they have
    not changed; ``corpora`` names others by name. Where they cannot be, what the run file itself
    holds is returned. At most ``most`` of each kind are returned, only such as hold ``search``.
    ``options`` are those of ``degrade.options.Options`` in place of the run's.
    Raises UsageError for a metric or candidate that the run does not hold, for a metric that has
    nothing behind it to show, and where there is no text at all.
    """
    comparison = comparison_of(record, candidate)
    chosen = options_of({**settings_of_run(record, options), "metrics": [metric]})
    known = registry.catalogue(chosen.plugins).metrics
    finding = _finding(comparison, metric, known)
    given = dict(corpora or {})
    two = [_summary(record, name) for name in (comparison.reference, comparison.candidate)]
    for name in given:
        if name not in (each.name for each in two):
            raise UsageError(
                f"--corpus {name}: this comparison has no such corpus; "
                f"{registry.nearest(name, (each.name for each in two))}"
            )
    asked = Asked(most, search)
    with ExitStack() as stack:
        found = [
            opened_again(each, Path(folder), given.get(each.name), chosen, record.settings, stack)
            for each in two
        ]
        notes = tuple(said for _, said in found)
        opened = [each for each, _ in found if each is not None]
        if len(opened) < 2:
            listings = _from_record(comparison, known[metric], asked)
            if not listings:
                raise UsageError(
                    f"the text behind {metric} is not at hand. {' '.join(notes)} Say where it is "
                    "with --corpus NAME=PATH"
                )
            notes += (
                "Shown is what the run file itself holds, which need not be the most telling.",
            )
        else:
            listings = _read(opened, known[metric], chosen, asked)
    return Behind(
        metric, finding.title, comparison.reference, comparison.candidate, listings, notes
    )


def comparison_of(record: Record, candidate: str | None) -> Comparison:
    """Return the comparison with ``candidate``; without a name, with the one that fares worst.

    Raises UsageError for a candidate that the run does not hold.
    """
    names = [each.candidate for each in record.comparisons]
    if candidate is None:
        worst = Run(record).verdict
        return next(each for each in reversed(record.comparisons) if each.verdict is worst)
    if candidate not in names:
        raise UsageError(
            f"the run has no candidate {candidate!r}; {registry.nearest(candidate, names)}"
        )
    return record.comparisons[names.index(candidate)]


def _finding(comparison: Comparison, metric: str, known: Mapping[str, Metric]) -> Finding:
    """Return the finding of ``metric``. Raises UsageError where there is nothing to show of it."""
    held = {each.metric: each for each in comparison.findings}
    if metric not in held:
        hint = registry.nearest(metric, held, "degrade metrics")
        raise UsageError(f"the run holds no metric {metric!r}; {hint}")
    if metric not in known:
        raise UsageError(f"metric {metric!r} is of a plugin that is not here; name it: --plugin")
    if not known[metric].instances:
        able = ", ".join(name for name in held if name in known and known[name].instances)
        raise UsageError(
            f"metric {metric!r} has no n-grams or places behind it; in this run, these have: {able}"
        )
    return held[metric]


def _summary(record: Record, name: str) -> CorpusSummary:
    for corpus in record.corpora:
        if corpus.name == name:
            return corpus
    raise UsageError(f"the run file does not say what {name} was read from")


def _from_record(comparison: Comparison, metric: Metric, asked: Asked) -> tuple[Listing, ...]:
    """Return what a run file holds that is behind ``metric``; nothing if it holds none."""
    if metric.instances in _KEPT:
        return listings_kept(comparison, _KEPT[metric.instances], asked)
    if metric.instances in _NGRAMS:
        need = _census(metric)
        return kept_listings(comparison, int(need["n"]), asked) if need["layer"] == BASE else ()
    return ()


def _read(
    opened: Sequence[Opened], metric: Metric, options: Options, asked: Asked
) -> tuple[Listing, ...]:
    """Return what is behind ``metric`` in two corpora that are at hand."""
    if metric.instances in _READ:
        layer = registry.layer(options.layer)
        # What was found is the candidate's; the reference says how usual it is.
        return tuple(_found(each, metric.instances, layer, asked) for each in reversed(opened))
    saved = next((each.profile for each in opened if each.profile is not None), None)
    metrics = chosen_metrics(options, saved)
    plan = plan_of(metrics, options, saved, counting=any(each.profile is None for each in opened))
    with ExitStack() as workers:
        engine = engine_for(opened, options, workers)
        profiles = [counted(each, plan, options, engine) for each in opened]
    looks = [texts_of(*each) for each in zip(opened, profiles, strict=True)]
    texts, names = (looks[0], looks[1]), (opened[0].name, opened[1].name)
    most = _MOST if asked.search else asked.limit
    layer = plan.layers[BASE]
    if metric.instances == "planted phrases":
        planted = planted_phrases(profiles[0], profiles[1], texts[1], layer, most)
        return (planted_listed(names, planted, asked),)
    matching = match(profiles)
    sides = with_common_thresholds(
        [side(name, made, matching) for name, made in zip(names, profiles, strict=True)]
    )
    if metric.instances in _NGRAMS:
        need = _census(metric)
        own = plan.layers.get(str(need["layer"])) or registry.layer(str(need["layer"]))
        return _NGRAMS[metric.instances](Look((sides[0], sides[1]), texts, own), need, asked)
    mine, theirs = counted_in_full([WORDS], sides)
    words = keywords_of((mine, theirs), WORDS, texts, layer, most)
    return words_listed(names, words, asked)


def _found(opened: Opened, kind: Instances, layer: Layer, asked: Asked) -> Listing:
    texts = texts_of(opened, opened.profile)
    if kind == "duplicates":
        return duplicates(opened.name, texts, asked)
    if kind == "near-duplicates":
        return near_duplicates(opened.name, texts, layer, asked)
    return (repeats if kind == "repeats" else loops)(opened.name, texts, layer, asked)


def _census(metric: Metric) -> Need:
    return next(need for need in metric.needs if need.summary is Census)
