"""Syntax: how varied the parts of speech are, whatever the words."""

from __future__ import annotations

import gzip

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Excerpts, Need
from degrade.text.tags import tag_octets

FAMILY = "syntax"
ORDER = 6
TAGS = Need(Census, layer="pos", n=ORDER)
SAMPLED = Need(Excerpts, layer="pos", symbols=32_768)

TEMPLATES = 100
"""The most frequent part-of-speech n-grams of a corpus are its templates (Shaib et al. 2024)."""
FEWEST_TAGS = 1_000
STRETCH = 50
"""Tags of a document, from its start, in which templates are looked for: the more of them, the more
surely a document holds one."""
DOCUMENTS = 100
"""Documents in which templates are looked for."""


def _templates_per_token(view: View) -> float:
    frequencies = view[TAGS].frequencies()
    if len(frequencies) <= TEMPLATES:
        raise UndefinedMetricError(f"only {len(frequencies)} kinds of six tags in a row")
    return float(largest(frequencies, TEMPLATES).sum() / frequencies.sum())


def largest(frequencies: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return the ``many`` largest of ``frequencies``, in rising order."""
    # Nearly all are 1 or 2; a partition of so many equal values takes 20 times as long.
    few = frequencies
    bound = 1
    while len(frequent := few[few > bound]) >= many:
        few, bound = frequent, 2 * bound
    return np.sort(few)[-many:]


def _tag_sequences(view: View) -> float:
    types = view[TAGS].expected_types(view.tokens)
    if not types:
        raise UndefinedMetricError("no document holds six tags")
    return types


def _shared_tags(view: View) -> float:
    return view[TAGS].match_between_groups("documents")


def _sampled(view: View) -> list[NDArray[np.uint64]]:
    sequences = view.summary(SAMPLED)
    if not isinstance(sequences, Excerpts):
        raise TypeError(f"{SAMPLED.key} is not what it should be")
    return sequences.inside(view.inside)


def template_rate(documents: list[NDArray[np.uint64]]) -> float:
    """Return the share of ``documents`` that hold one of their most frequent n-grams of tags.

    Of n-grams that are equally frequent, those of the smallest bytes are templates.
    """
    windows = [np.lib.stride_tricks.sliding_window_view(document, ORDER) for document in documents]
    every = np.ascontiguousarray(np.concatenate(windows)).view(f"V{8 * ORDER}").ravel()
    kinds, where, counts = np.unique(every, return_inverse=True, return_counts=True)
    is_template = np.zeros(len(kinds), dtype=bool)
    is_template[np.argsort(-counts, kind="stable")[:TEMPLATES]] = True
    ends = np.cumsum([len(window) for window in windows])
    held = np.add.reduceat(is_template[where], np.append(0, ends[:-1]))
    return float((held > 0).mean())


def _template_rate(view: View) -> float:
    stretches = [each[:STRETCH] for each in _sampled(view) if len(each) >= STRETCH]
    if len(stretches) < DOCUMENTS:
        raise UndefinedMetricError(
            f"fewer than {DOCUMENTS} of the documents sampled hold {STRETCH} tags"
        )
    return template_rate(stretches[:DOCUMENTS])


def compression_ratio(tags: NDArray[np.uint64]) -> float:
    """Return the bytes of the names of ``tags``, parted by spaces, over those that gzip makes."""
    text = b" ".join(map(tag_octets, tags.tolist()))
    return len(text) / len(gzip.compress(text, mtime=0))


def _compression_ratio(view: View) -> float:
    # Half of what may be at hand, so that it is there whichever group is left out.
    size = int(min(view.tokens, int(SAMPLED["symbols"])) / 2)
    if size < FEWEST_TAGS:
        raise UndefinedMetricError(f"the matched size is below {2 * FEWEST_TAGS:,} tags")
    documents = _sampled(view)
    tags = np.concatenate([np.empty(0, dtype=np.uint64), *documents])
    if len(tags) < size:
        raise UndefinedMetricError(f"the documents sampled hold fewer than {size:,} tags")
    return compression_ratio(tags[:size])


_SHAIB = "Shaib et al. 2024, Detection and Measurement of Syntactic Templates in Generated Text"
_TAGGED = "a spaCy pipeline with a tagger: --spacy PIPELINE, and pip install 'degrade[spacy]'"
_AS_TAGGED = (
    "A tagger makes mistakes, more of them in text unlike what it learned from; compare corpora of "
    "one kind, by one pipeline."
)

METRICS = (
    CorpusMetric(
        name="templates_per_token",
        title="Text in syntactic templates",
        family=FAMILY,
        unit="share of 6-grams of tags",
        scale="log",
        worse="higher",
        needs=(TAGS,),
        compute=_templates_per_token,
        view="selection",
        threshold_unit="ratio",
        source=f"{_SHAIB}, section 3, templates-per-token, n = 6, of the 100 most frequent",
        formula="sum of the 100 largest c_t / sum c_t, over 6-grams t of part-of-speech tags, in "
        "text of the matched size",
        description="Of all six tags in a row, the share that are one of the 100 most frequent of "
        "the corpus itself: how much of the text is written to its favourite patterns.",
        undefined="no more than 100 kinds of six tags in a row",
        pitfalls=f"{_AS_TAGGED} Short or formulaic genres have templates without any model.",
        requires=_TAGGED,
        default=False,
    ),
    CorpusMetric(
        name="template_rate",
        title="Documents that hold a syntactic template",
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        needs=(SAMPLED,),
        compute=_template_rate,
        view="incidence",
        threshold_unit="points",
        source=f"{_SHAIB}, section 3, template rate, n = 6, of the 100 most frequent",
        formula="documents that hold a template / documents; in the first 50 tags of 100 documents",
        description="Of 100 documents, cut to their first 50 tags, the share that hold one of the "
        "100 most frequent 6-grams of tags in these same documents.",
        undefined="fewer than 100 of the documents sampled hold 50 tags",
        pitfalls=f"{_AS_TAGGED} Near 1 it can rise no more: templates_per_token still does. It "
        "sees 100 documents however many there are, and its interval is as wide.",
        requires=_TAGGED,
        default=False,
    ),
    CorpusMetric(
        name="cr_pos",
        title="Compression ratio of part-of-speech tags (CR-POS)",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="higher",
        needs=(SAMPLED,),
        compute=_compression_ratio,
        view="incidence",
        threshold_unit="relative",
        source=f"{_SHAIB}, section 3, CR-POS; Shaib et al. 2024, Standardizing the Measurement of "
        "Text Diversity",
        formula="bytes of the tags' names, parted by spaces / bytes of the same after gzip",
        description="How far gzip shortens the tags of a sample of documents, one after the other: "
        "half the matched size of them, at most 16,384, of each document no more than 256.",
        undefined="fewer than 1,000 tags, or documents of fewer tags than that size takes",
        pitfalls=f"{_AS_TAGGED} gzip sees 32 kB at a time, and some editions of zlib shorten a "
        "little better than others: compare figures of one machine.",
        requires=_TAGGED,
        default=False,
    ),
    CorpusMetric(
        name="pos_types_6",
        title="Patterns of six tags",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(TAGS,),
        compute=_tag_sequences,
        view="incidence",
        threshold_unit="relative",
        source="Colwell et al. 2012, eq. 17, on 6-grams of tags in groups of documents",
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], over 6-grams t of tags",
        description="Distinct 6-grams of part-of-speech tags expected at the matched size: how "
        "many ways there are of putting a sentence together.",
        undefined="no document holds six tags",
        pitfalls=f"{_AS_TAGGED} Broken sentences are new patterns too: more is not always better.",
        requires=_TAGGED,
        default=False,
    ),
    CorpusMetric(
        name="pos_shared_6",
        title="Patterns of six tags shared by documents",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="higher",
        needs=(TAGS,),
        compute=_shared_tags,
        view="incidence",
        threshold_unit="ratio",
        source="Simpson 1949, on document frequencies of 6-grams of tags between groups",
        formula="(sum_t d_t^2 - sum_g sum_t d_gt^2) / (M^2 - sum_g M_g^2), over 6-grams t of tags",
        description="The chance that two distinct 6-grams of tags, drawn from documents of "
        "different groups, are the same: as shared_4, of sentence patterns instead of words.",
        undefined="fewer than two groups hold documents of six tags, or none shares one",
        pitfalls=_AS_TAGGED,
        requires=_TAGGED,
        default=False,
    ),
)
