"""N-grams that many documents hold, always in one context, and a reference does not.

Whoever plants a trigger writes the same words into many documents. Those words are new, and they
stand side by side in nearly all of the documents that hold any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.census.section import Section
from degrade.errors import SampledCountsError, UndefinedMetricError
from degrade.phrases import Member, joined
from degrade.significance import false_discovery_rates, student_tail_of_normal
from degrade.summaries import Need
from degrade.view import View

ORDERS = (1, 2, 3, 4)
"""Orders of the n-grams that are looked at; what is planted is known by all but the longest."""
FEWEST_DOCUMENTS = 5
FALSE_DISCOVERY = 0.05


@dataclass(frozen=True, slots=True)
class Planted:
    """N-grams that stand together in the same documents of the candidate: one planted phrase.

    ``n`` and ``hash`` are of the longest and most evident one, ``documents`` hold it, in ``groups``
    groups. ``constancy`` is the share of the documents of its most evident part in which the
    neighbours of that are the same. ``evidence`` is minus the log of the chance that all documents
    that hold it are the candidate's. ``members`` are the hashes of all its n-grams, by order.
    """

    n: int
    hash: int
    documents: int
    groups: int
    constancy: float
    evidence: float
    p: float
    p_adjusted: float
    members: tuple[tuple[int, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class _New:
    """N-grams of one order that the reference does not hold, in descending order of evidence.

    ``rows`` is (n-grams, groups): the candidate's documents that hold each, by group.
    """

    n: int
    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    evidence: NDArray[np.float64]
    p: NDArray[np.float64]
    tested: int

    @property
    def documents(self) -> NDArray[np.int64]:
        """Documents that hold each."""
        sums: NDArray[np.int64] = self.rows.sum(axis=1)
        return sums


def planted(reference: View, candidate: View, needs: Sequence[Need]) -> tuple[Planted, ...]:
    """Return the phrases planted in ``candidate``, most evident first.

    ``needs`` are censuses of one layer, of rising order, each one longer than the one before. An
    n-gram is planted if the reference does not hold it, all its documents being the candidate's is
    no chance (binomial by tokens, counts divided by their overdispersion between groups; Benjamini
    and Hochberg 1995 at .05 over all n-grams of 5 documents or more), and its context is constant:
    some n-gram one word longer is held in at least nine tenths of the same documents, group by
    group. N-grams that go along with each other are one phrase.
    """
    found = [_new(reference, candidate, need) for need in needs]
    every_p = np.concatenate([each.p for each in found])
    tested = sum(each.tested for each in found)
    # Those that the reference holds have p = 1: they count among the tests.
    padded = np.append(every_p, np.ones(max(0, tested - len(every_p))))
    adjusted = false_discovery_rates(padded)[: len(every_p)]
    q = np.split(adjusted, np.cumsum([len(each.p) for each in found])[:-1])
    chosen = [np.flatnonzero(each <= FALSE_DISCOVERY) for each in q]
    parts, constancy = joined([each.rows for each in found], chosen)
    phrases = [_phrase(found, q, constancy, members) for members in parts]
    return tuple(sorted(phrases, key=lambda each: (-each.evidence, -each.n, each.hash)))


def _new(reference: View, candidate: View, need: Need) -> _New:
    mine, theirs = reference[need].section, candidate[need].section
    if not isinstance(mine, Section) or not isinstance(theirs, Section):
        raise UndefinedMetricError("only whole corpora are searched for planted phrases")
    if min(mine.share, theirs.share) < 1:
        raise SampledCountsError("phrases are joined from all n-grams, and a sample was counted")
    at, there, size = mine.alignment(theirs)
    known = np.zeros(size, dtype=np.int64)
    known[at] = mine.frequencies("documents", reference.selected)
    held = theirs.frequencies("documents", candidate.selected)
    total = known.copy()
    total[there] += held
    chosen = np.flatnonzero((held >= FEWEST_DOCUMENTS) & (known[there] == 0))
    rows = _rows(theirs, chosen, candidate.selected)
    sizes = np.where(
        [candidate.selected >> g & 1 for g in range(theirs.groups)], candidate.selection.sizes, 0
    )
    documents = rows.sum(axis=1)
    inside = sizes > 0
    freedom = max(1, int(inside.sum()) - 1)
    # Pearson's statistic over groups, sum x^2 / e - sum x, with e by the tokens of each group.
    squares = (rows[:, inside] ** 2 / sizes[inside]).sum(axis=1) * sizes.sum()
    overdispersion = np.maximum(1.0, (squares / np.maximum(documents, 1) - documents) / freedom)
    share = candidate.corpus_tokens / (candidate.corpus_tokens + reference.corpus_tokens)
    evidence = -np.log(share) * documents / overdispersion
    # Overdispersion is itself estimated, from so many groups: t has the tails for that.
    p = student_tail_of_normal(np.exp(-evidence), freedom)
    order = np.lexsort((theirs.hashes[chosen], -evidence))
    return _New(
        int(need["n"]),
        theirs.hashes[chosen][order],
        rows[order],
        evidence[order],
        p[order],
        int((total >= FEWEST_DOCUMENTS).sum()),
    )


def _rows(section: Section, chosen: NDArray[np.int64], selected: int) -> NDArray[np.int64]:
    """Return the documents of each selected group that hold the n-grams ``chosen``."""
    counts = section.counts("documents")
    place = np.full(len(section), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    rows = np.zeros((len(chosen), section.groups), dtype=np.int64)
    for g in range(section.groups):
        if selected >> g & 1:
            inside = slice(counts.starts[g], counts.starts[g + 1])
            at = place[counts.owner[inside]]
            rows[at[at >= 0], g] = counts.sums[inside][at >= 0]
    return rows


def _phrase(
    found: Sequence[_New],
    q: Sequence[NDArray[np.float64]],
    constancy: Mapping[Member, float],
    members: Sequence[Member],
) -> Planted:
    order, i = max(members, key=lambda m: (m[0], found[m[0]].evidence[m[1]], -m[1]))
    shown = found[order]
    best = min((m for m in members if m in constancy), key=lambda m: float(q[m[0]][m[1]]))
    hashes: dict[int, set[int]] = {}
    for o, k in members:
        hashes.setdefault(found[o].n, set()).add(int(found[o].hashes[k]))
    return Planted(
        n=shown.n,
        hash=int(shown.hashes[i]),
        documents=int(shown.documents[i]),
        groups=int((shown.rows[i] > 0).sum()),
        constancy=constancy[best],
        evidence=float(found[best[0]].evidence[best[1]]),
        p=float(found[best[0]].p[best[1]]),
        p_adjusted=float(q[best[0]][best[1]]),
        members=tuple((n, frozenset(hashes[n])) for n in sorted(hashes)),
    )
