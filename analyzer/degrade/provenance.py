"""Where a text comes from: how much of it is a machine's, and what it took over from which.

All functions take corpora as ``degrade.compare`` does: paths, profiles, or iterables of texts. They
look at sampled documents: those that a profile keeps, or up to ``DOCUMENTS`` of a corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.api import profile
from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.findings import Caution
from degrade.inference.excess import beyond_chance, excess_of
from degrade.inference.mixture import unmixed
from degrade.inference.occurrence import Occurrence
from degrade.profiles import Profile
from degrade.summaries import Sample
from degrade.text.document import GROUPS
from degrade.text.layer import Layer
from degrade.traces import Excess, MachineShare, Phrase

DOCUMENTS = 5_000
APART = 0.5
"""Below this, documents of the two references are told apart too badly."""
STRANGE = 0.15
"""Share of documents beyond the references' least familiar 5% from which neither of them fits."""
UNLIKE = 3.0
"""Errors between the two ways to a share from which they disagree."""


def machine_share(
    text: object, human: object, machine: object, *, alpha: float = 0.05, **options: Any
) -> MachineShare:
    """Return the share of documents of ``text`` that are like ``machine`` and not ``human``.

    Liang et al. 2024: a mixture of two products of word-occurrence probabilities; see
    ``degrade.inference.mixture``. The references have to be of the domain of the text and of its
    time, and the machine reference made by the prompts that people use: of anything else there is a
    warning at best. Documents are cut at the shortest median length of the three. ``options`` are
    those of ``degrade.profile``. Raises UndefinedMetricError where there is too little text.
    """
    if not 0 < alpha < 0.5:
        raise UsageError(f"alpha is between 0 and 0.5, not {alpha:g}")
    samples, layer = _sampled((human, machine, text), options)
    found = Occurrence.of(samples, layer, alike=True)
    mixture = unmixed(found)
    contrast = mixture.contrast
    reach = contrast.reach(alpha) * contrast.error
    warnings = []
    if mixture.apart < APART:
        warnings.append(
            Caution(
                "references-alike",
                f"By their words, the references' own documents are told apart only "
                f"{mixture.apart:.0%} of the way: the share is hardly identified. Take references "
                "that differ more, or more and longer documents.",
                {"apart": mixture.apart},
            )
        )
    if mixture.strange > STRANGE:
        warnings.append(
            Caution(
                "references-do-not-fit",
                f"{mixture.strange:.0%} of the documents are stranger to both references than 95% "
                "of the references' own: they are of another domain, and the share means nothing.",
                {"strange": mixture.strange},
            )
        )
    if abs(mixture.likeliest - min(1.0, max(0.0, contrast.value))) > UNLIKE * contrast.error:
        means = f"{contrast.value:.1%}" if 0 <= contrast.value <= 1 else "none at all"
        warnings.append(
            Caution(
                "estimates-disagree",
                f"By likelihood the share is {mixture.likeliest:.1%}, by means {means}: the text "
                "is no mixture of these references.",
                {"likelihood": mixture.likeliest, "means": contrast.value},
            )
        )
    return MachineShare(
        mixture.likeliest,
        max(0.0, mixture.likeliest - reach),
        min(1.0, mixture.likeliest + reach),
        contrast.value,
        contrast.error,
        mixture.apart,
        mixture.strange,
        (len(samples[0]), len(samples[1]), len(samples[2])),
        mixture.words,
        tuple(warnings),
    )


def excess_words(text: object, before: object, **options: Any) -> Excess:
    """Return the words that occur in more documents of ``text`` than ``before`` had them.

    Kobak et al. 2024: the excess of a word is its frequency in documents less what was to be
    expected, p - q, here that in ``before``, and the ratio p / q. At least as large a share of
    documents was touched as hold one of a set of such words, less the share that held one before.
    ``options`` are those of ``degrade.profile``.
    """
    samples, layer = _sampled((before, text), options)
    return excess_of(Occurrence.of(samples, layer, alike=True))


def inherited_phrases(
    text: object,
    human: object,
    teacher: object,
    *,
    n: Sequence[int] = (2, 3, 4),
    ratio: float = 5.0,
    documents: int = 5,
    **options: Any,
) -> tuple[Phrase, ...]:
    """Return phrases of ``teacher`` that are rare in ``human`` text and frequent in ``text``.

    N-grams that at least ``documents`` documents of the teacher and of the text hold, in three
    groups of documents each, and both ``ratio`` times as large a share of them as of the human
    documents (counted with one more than hold it), and more than by chance; the most frequent
    first, each only in its longest form. ``options`` are those of ``degrade.profile``.
    """
    if min(n, default=1) < 1:
        raise UsageError(f"phrases of {min(n)} words: of 1 word or more")
    samples, layer = _sampled((human, teacher, text), options)
    phrases: list[tuple[float, Phrase]] = []
    for length in n:
        found = Occurrence.of(samples, layer, length)
        shares, held, spread = [], [], []
        for corpus in range(3):
            inside = found.corpora == corpus
            counts = found.frequencies(inside)
            held.append(counts)
            shares.append(counts / max(1, int(inside.sum())))
            spread.append(_groups(found, inside))
        sizes = [int((found.corpora == corpus).sum()) for corpus in range(3)]
        limit = ratio * (held[0] + 1) / sizes[0]
        chosen = np.ones(len(found), dtype=bool)
        for corpus in (1, 2):
            # Tested before it is asked for often enough now: to choose by that would be to peek.
            tested = chosen & (held[0] + held[corpus] >= documents)
            chosen &= beyond_chance(held[0], held[corpus], sizes[0], sizes[corpus], tested)
            chosen &= held[corpus] >= documents
            chosen &= spread[corpus] >= 3
            chosen &= shares[corpus] >= limit
        for i in np.flatnonzero(chosen):
            phrase = Phrase(found.text(int(i)), *(float(share[i]) for share in shares))
            phrases.append((min(phrase.teacher, phrase.now), phrase))
    phrases.sort(key=lambda each: (-each[0], -len(each[1].text), each[1].text))
    return tuple(_longest([phrase for _, phrase in phrases]))


def _groups(found: Occurrence, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return in how many groups documents ``inside`` hold each n-gram."""
    taken = np.repeat(inside, np.diff(found.bounds))
    groups = np.repeat(found.groups, np.diff(found.bounds))[taken]
    pairs = np.unique(found.ngrams[taken] * GROUPS + groups) // GROUPS
    return np.bincount(pairs, minlength=len(found)).astype(np.int64)


def _longest(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Leave out what is part of a longer phrase that nearly as many documents hold."""
    kept = []
    for phrase in phrases:
        words = f" {phrase.text.casefold()} "
        covered = any(
            len(other.text) > len(phrase.text)
            and words in f" {other.text.casefold()} "
            and other.now >= 0.8 * phrase.now
            for other in phrases
        )
        if not covered:
            kept.append(phrase)
    return kept


def _sampled(corpora: Sequence[object], options: dict[str, Any]) -> tuple[list[Sample], Layer]:
    """Return documents of each corpus, and the layer that they are all read by."""
    settings = {"metrics": (), "sampled_documents": DOCUMENTS, **options}
    profiles: list[Profile] = [profile(corpus, **settings) for corpus in corpora]
    names = {dict(each.plan.versions)[each.plan.base] for each in profiles}
    if len(names) > 1:
        raise ProfileError(f"corpora were profiled in different layers: {', '.join(sorted(names))}")
    samples = [each.sample for each in profiles]
    if not all(len(sample) for sample in samples):
        raise UndefinedMetricError("a corpus has no documents at hand; was it kept with --no-text?")
    return samples, registry.layer(names.pop().split(" ", 1)[0])
