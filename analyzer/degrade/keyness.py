"""Key words: which words a candidate uses more, and which less, than a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from degrade.census.section import Section
from degrade.errors import ProfileError
from degrade.evidence import Place, Texts, located
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import Side, match, side
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.layer import Layer

FEWEST_DOCUMENTS = 5
FALSE_DISCOVERY = 0.05
PRIOR = 500.0
"""Words of the prior, distributed as those of both corpora together."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that the candidate uses more than the reference, or less.

    ``log_odds`` is the difference of log odds, candidate less reference, and ``z`` its value in
    errors of independent tokens, as published. ``statistic``, ``p`` and ``p_adjusted`` take groups
    of documents as units. Counts are occurrences. ``word`` and ``context`` are None where no
    document at hand shows it.
    """

    hash: int
    reference_count: int
    candidate_count: int
    log_odds: float
    z: float
    statistic: float
    p: float
    p_adjusted: float
    word: str | None = None
    context: str | None = None


def log_odds(
    reference: NDArray[np.int64] | Floats, candidate: NDArray[np.int64] | Floats, prior: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return log odds of the candidate less those of the reference, and both sides' variances.

    Counts and ``prior`` are by word, (words,), and the prior is above 0. Monroe, Colaresi and Quinn
    2008, eq. 16 with a Dirichlet prior, and eq. 19; their z (eq. 22) is the first over the root of
    the sum of the others.
    """
    odds = []
    variances = []
    for counts in (reference, candidate):
        posterior = counts + prior
        odds.append(np.log(posterior) - np.log(posterior.sum() - posterior))
        variances.append(1.0 / posterior)
    return odds[1] - odds[0], variances[0], variances[1]


def keywords(
    reference: Profile,
    candidate: Profile,
    texts: Sequence[Texts] = (),
    layer: Layer | None = None,
    most: int = 20,
) -> tuple[tuple[Keyword, ...], tuple[Keyword, ...]]:
    """Return the words that the candidate uses less, and those that it uses more, clearest first.

    At most ``most`` of each, those with a false discovery rate of .05 at most (Benjamini and
    Hochberg 1995) among words of 5 documents or more. Variances are multiplied by the
    overdispersion of a word between groups of documents, where it is above 1, and compared with
    Student's t: a word that one document repeats is not as telling as one of many documents.
    ``texts`` are where to look words up, by ``layer``. Where a sample of the words was counted, a
    part of the corpora is looked at in which all were. Raises ProfileError where there is none.
    """
    need = Need(Census, layer=reference.plan.base, n=1)
    for profile in (reference, candidate):
        if need not in profile.levels[0]:
            raise ProfileError(f"a profile without {need.key} tells no key words")
    matching = match((reference, candidate))
    sides = [
        side(name, profile, matching)
        for name, profile in (("the reference", reference), ("the candidate", candidate))
    ]
    sides = counted_in_full([need], sides)
    every = _tested(sides[0], sides[1], need)
    lost = sorted((k for k in every if k.statistic < 0), key=lambda k: (k.statistic, k.hash))
    gained = sorted((k for k in every if k.statistic > 0), key=lambda k: (-k.statistic, k.hash))
    return _named(lost[:most], texts, layer), _named(gained[:most], texts, layer)


def _tested(reference: Side, candidate: Side, need: Need) -> list[Keyword]:
    sections = [each.section(need) for each in (reference, candidate)]
    mine, theirs = sections
    if not isinstance(mine, Section) or not isinstance(theirs, Section):
        raise TypeError("key words are those of whole corpora")
    at, there, size = mine.alignment(theirs)
    counts = np.zeros((2, size))
    documents = np.zeros(size)
    statistic = np.zeros(size)
    freedom = 0
    pairs = ((reference, mine, at), (candidate, theirs, there))
    for row, (each, section, place) in enumerate(pairs):
        counts[row, place] = section.frequencies("occurrences", each.occupied)
        documents[place] += section.frequencies("documents", each.occupied)
        statistic[place] += _spread(each, section, counts[row, place])
        freedom += len(each.occupied_groups) - 1
    pooled = counts.sum(axis=0)
    odds, *variances = log_odds(counts[0], counts[1], PRIOR * pooled / pooled.sum())
    error = np.sqrt(variances[0] + variances[1])
    overdispersion = np.maximum(1.0, statistic / max(1, freedom))
    scaled = odds / (error * np.sqrt(overdispersion))
    tested = np.flatnonzero(documents >= FEWEST_DOCUMENTS)
    p = 2 * stats.t.sf(np.abs(scaled[tested]), max(1, freedom))
    adjusted = stats.false_discovery_control(p) if len(p) else p
    hashes = np.empty(size, dtype=np.uint64)
    hashes[at], hashes[there] = mine.hashes, theirs.hashes
    return [
        Keyword(
            hash=int(hashes[t]),
            reference_count=int(counts[0, t]),
            candidate_count=int(counts[1, t]),
            log_odds=float(odds[t]),
            z=float(odds[t] / error[t]),
            statistic=float(scaled[t]),
            p=float(p[i]),
            p_adjusted=float(adjusted[i]),
        )
        for i, t in enumerate(tested)
        if adjusted[i] <= FALSE_DISCOVERY
    ]


def _spread(side: Side, section: Section, totals: Floats) -> Floats:
    """Return Pearson's statistic of each word over groups: sum x^2 / e - sum x.

    With e the share of the tokens that are in the group, times the word's occurrences.
    """
    found = section.counts("occurrences")
    squares = np.zeros(len(section))
    for g in side.occupied_groups:
        inside = slice(found.starts[g], found.starts[g + 1])
        squares[found.owner[inside]] += found.sums[inside].astype(np.float64) ** 2 / side.sizes[g]
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = squares * float(side.sizes.sum()) / totals - totals
    return np.nan_to_num(statistic)


def _named(
    found: Sequence[Keyword], texts: Sequence[Texts], layer: Layer | None
) -> tuple[Keyword, ...]:
    wanted = {each.hash for each in found}
    places: dict[tuple[int, int], Place] = {}
    for look in texts:
        missing = wanted - {hashed for _, hashed in places}
        if missing and layer is not None:
            places |= located({1: missing}, look(), layer)
    named = []
    for each in found:
        place = places.get((1, each.hash))
        named.append(
            replace(each, word=place.text, context=place.context) if place is not None else each
        )
    return tuple(named)
