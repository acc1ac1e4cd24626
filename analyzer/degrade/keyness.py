"""Key words: which words a candidate uses more, and which less, than a reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from degrade.census.section import Section
from degrade.errors import ProfileError
from degrade.exhibits import Keyword, Keywords
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import Side, in_like_groups, match, side
from degrade.profiles import Profile
from degrade.seeking import Place, Places, Texts, located
from degrade.significance import false_discovery_rates, student_tail
from degrade.summaries import Census, Need
from degrade.text.layer import Layer

FEWEST_DOCUMENTS = 5
FALSE_DISCOVERY = 0.05
PRIOR = 500.0
"""Words of the prior, distributed as those of both corpora together."""

Floats = NDArray[np.float64]


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
    texts: tuple[Texts, Texts] | None = None,
    layer: Layer | None = None,
    most: int = 20,
) -> Keywords:
    """Return the words that the candidate uses less, and those that it uses more, clearest first.

    Both corpora are seen as ``degrade.compare`` sees them; where a sample of the words was counted,
    in parts of them in which all were. The rest is as in ``key_words``.
    Raises ProfileError where the profiles hold no words, or no such part.
    """
    need = Need(Census, layer=reference.plan.base, n=1)
    for profile in (reference, candidate):
        if need not in profile.levels[0]:
            raise ProfileError(f"a profile without {need.key} tells no key words")
    matching = match((reference, candidate))
    mine, theirs = counted_in_full(
        [need],
        [
            side(name, profile, matching)
            for name, profile in (("the reference", reference), ("the candidate", candidate))
        ],
    )
    return keywords_of((mine, theirs), need, texts, layer, most)


def keywords_of(
    sides: tuple[Side, Side],
    need: Need,
    texts: tuple[Texts, Texts] | None,
    layer: Layer | None,
    most: int = 20,
) -> Keywords:
    """Return the key words of ``key_words``, looked up in ``texts`` by ``layer``.

    What is used less is looked up in those of the reference, what is used more in those of the
    candidate.
    """
    found = key_words(sides, need, most)
    places: list[Places] = [{}, {}]
    if texts is not None and layer is not None:
        places = [
            located(wanted, each(), layer) if wanted[1] else {}
            for wanted, each in zip(found.wanted, texts, strict=True)
        ]
    return found.shown((places[0], places[1]))


@dataclass(frozen=True, slots=True)
class KeyWords:
    """Words used less and more, by their hashes, to be looked up in the text."""

    less: tuple[tuple[int, Keyword], ...]
    more: tuple[tuple[int, Keyword], ...]
    found: Keywords

    @property
    def wanted(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        """What to look up in the reference and in the candidate: hashes by order."""
        return {1: {hashed for hashed, _ in self.less}}, {1: {hashed for hashed, _ in self.more}}

    def shown(self, places: tuple[Places, Places]) -> Keywords:
        """Return them with their ``places``, those found in reference and in candidate."""
        less, more = (
            tuple(_placed(word, found.get((1, hashed))) for hashed, word in words)
            for words, found in zip((self.less, self.more), places, strict=True)
        )
        return replace(self.found, less=less, more=more)


def key_words(sides: tuple[Side, Side], need: Need, most: int = 20) -> KeyWords:
    """Return the key words of the second of ``sides`` beside the first, by their census ``need``.

    At most ``most`` of each, those with a false discovery rate of .05 at most (Benjamini and
    Hochberg 1995) among words of 5 documents or more. Variances are multiplied by the
    overdispersion of a word between groups of documents, where it is above 1, and compared with
    Student's t: a word that one document repeats is not as telling as one of many documents.
    """
    reference, candidate = in_like_groups(sides)
    every, tested = _tested(reference, candidate, need)
    less = sorted((k for k in every if k[1].statistic < 0), key=lambda k: (k[1].statistic, k[0]))
    more = sorted((k for k in every if k[1].statistic > 0), key=lambda k: (-k[1].statistic, k[0]))
    sizes = (int(each.sizes.sum()) for each in sides)
    found = Keywords((), (), len(less), len(more), tested, *sizes)
    return KeyWords(tuple(less[:most]), tuple(more[:most]), found)


def _tested(reference: Side, candidate: Side, need: Need) -> tuple[list[tuple[int, Keyword]], int]:
    """Return the key words with their hashes, and how many words were tested."""
    sections = [each.section(need) for each in (reference, candidate)]
    mine, theirs = sections
    if not isinstance(mine, Section) or not isinstance(theirs, Section):
        raise TypeError("key words are those of whole corpora")
    at, there, size = mine.alignment(theirs)
    if size < 2:
        return [], 0
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
    p = 2 * student_tail(np.abs(scaled[tested]), max(1, freedom))
    adjusted = false_discovery_rates(p)
    hashes = np.empty(size, dtype=np.uint64)
    hashes[at], hashes[there] = mine.hashes, theirs.hashes
    found = [
        (
            int(hashes[t]),
            Keyword(
                word=None,
                reference_count=int(counts[0, t]),
                candidate_count=int(counts[1, t]),
                log_odds=float(odds[t]),
                z=float(odds[t] / error[t]),
                statistic=float(scaled[t]),
                p=float(p[i]),
                p_adjusted=float(adjusted[i]),
            ),
        )
        for i, t in enumerate(tested)
        if adjusted[i] <= FALSE_DISCOVERY
    ]
    return found, len(tested)


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


def _placed(word: Keyword, place: Place | None) -> Keyword:
    if place is None:
        return word
    return replace(
        word,
        word=place.text,
        context=place.context,
        start=place.start,
        end=place.start + len(place.text),
        document=place.document,
    )
