"""Where every n-gram was counted: the level that metrics of frequent n-grams are read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from degrade.errors import ProfileError, SampledCountsError, UndefinedMetricError, blaming
from degrade.inference.matching import (
    REFERENCE_SIZES,
    TESTED_GROUPS,
    Matching,
    Side,
    fitting_level,
    folded_groups,
    side,
    sizes_of,
    usable,
)
from degrade.metric import CorpusMetric, Metric, PairMetric
from degrade.summaries import Census, Need
from degrade.text.document import LEVELS

Elsewhere = Side | UndefinedMetricError


def with_exact_levels(metrics: Iterable[Metric], sides: Sequence[Side]) -> list[Side]:
    """Return ``sides`` with those that metrics which read the counts of all n-grams are read from.

    Where a census they need was sampled, that is the largest level of each corpus's ladder at which
    it was not. They meet at the matched size of the run, or at what the smallest of these levels
    allows. Whether a metric reads such counts is seen from what it asks its views for.
    """
    sampled = sides[0].matching.thresholds
    known: dict[tuple[Need, ...], list[Elsewhere]] = {}
    elsewhere: list[dict[str, Elsewhere]] = [{} for _ in sides]
    for metric in metrics if sampled else ():
        needs = tuple(need for need in metric.needs if need in sampled)
        if needs and reads_all(metric, sides[0], sides[1]):
            if needs not in known:
                known[needs] = _exact(needs, sides)
            for places, there in zip(elsewhere, known[needs], strict=True):
                places[metric.name] = there
    return [replace(each, elsewhere=places) for each, places in zip(sides, elsewhere, strict=True)]


def reads_all(metric: Metric, reference: Side, candidate: Side) -> bool:
    """Return whether ``metric`` reads the counts of all n-grams, where a sample was counted.

    So do all functions of selections of whole groups, and what asks a view for frequencies or
    matches. A number of n-grams, or of groups that hold them, can be had of a sample.
    """
    if isinstance(metric, CorpusMetric) and metric.view == "selection":
        return True
    selected = reference.at_most(REFERENCE_SIZES * reference.matching.tokens)
    try:
        with blaming(f"metric {metric.name!r}"):
            if isinstance(metric, PairMetric):
                metric.compute(reference.view(metric.needs, selected), candidate.view(metric.needs))
            elif isinstance(metric, CorpusMetric):
                seen = reference.view(metric.needs)
                metric.compute(seen, *(() if metric.anchor is None else (metric.anchor(seen),)))
    except SampledCountsError:
        return True
    except UndefinedMetricError:
        return False
    return False


def counted_in_full(needs: Sequence[Need], sides: Sequence[Side]) -> list[Side]:
    """Return ``sides``, or parts of the corpora in which all of ``needs`` were counted.

    Raises ProfileError where there are none.
    """
    censuses = [each.profile.levels[each.level][need] for each in sides for need in needs]
    if all(isinstance(census, Census) and census.table.exact for census in censuses):
        return list(sides)
    try:
        return exact_sides(needs, sides)
    except UndefinedMetricError as error:
        raise ProfileError(str(error)) from error


def exact_sides(needs: Sequence[Need], sides: Sequence[Side]) -> list[Side]:
    """Return ``sides`` at the largest level of each at which all of ``needs`` were counted.

    Raises UndefinedMetricError where there is none, or with too few documents.
    """
    matching = sides[0].matching
    levels = [_exact_level(needs, each) for each in sides]
    profiles = [each.profile for each in sides]
    own = [folded_groups(profile, level) for profile, level in zip(profiles, levels, strict=True)]
    common = None if matching.groups is None else min(matching.groups, *own)
    sizes = [
        sizes_of(profile, level, matching.length, common or groups)
        for profile, level, groups in zip(profiles, levels, own, strict=True)
    ]
    tokens = min(matching.tokens, *(usable(size) for size in sizes))
    met = Matching(tokens, matching.length, common)
    return [_at(each, met, level) for each, level in zip(sides, levels, strict=True)]


def _exact(needs: Sequence[Need], sides: Sequence[Side]) -> list[Elsewhere]:
    """Return the same, of those corpora that have such a level, and why others have not."""
    lacking: dict[int, UndefinedMetricError] = {}
    for i, each in enumerate(sides):
        try:
            _exact_level(needs, each)
        except UndefinedMetricError as error:
            lacking[i] = error
    if 0 in lacking:
        return [lacking[0]] * len(sides)
    there = iter(exact_sides(needs, [each for i, each in enumerate(sides) if i not in lacking]))
    return [lacking[i] if i in lacking else next(there) for i in range(len(sides))]


def _exact_level(needs: Sequence[Need], each: Side) -> int:
    for level in range(each.level, LEVELS):
        summaries: Mapping[Need, object] = each.profile.levels[level]
        censuses = [summaries[need] for need in needs]
        if all(isinstance(census, Census) and census.table.exact for census in censuses):
            break
    else:
        raise UndefinedMetricError(
            f"it reads the counts of all n-grams, and those of {each.name} were counted in a "
            "sample in every part of the corpus"
        )
    if folded_groups(each.profile, level) < min(TESTED_GROUPS, each.groups):
        clusters = int(each.profile.clusters.at_level(level).sum())
        raise UndefinedMetricError(
            f"it reads the counts of all n-grams; all were counted in a part of {each.name} only, "
            f"which holds too few independent documents: {clusters:,} (a larger --capacity counts "
            "more)"
        )
    return level


def _at(each: Side, matching: Matching, least: int) -> Side:
    """Return the corpus seen at ``matching``, from level ``least`` of its ladder or a smaller."""
    there = side(each.name, each.profile, matching, fitting_level(each.profile, matching, least))
    return replace(there, texts=each.texts, least=least)
