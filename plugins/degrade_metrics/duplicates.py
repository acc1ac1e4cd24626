"""Duplicates across documents: whole texts, sentences, and spans of fifty words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Contents, Need, Spans
from degrade.text.once import once
from degrade.urn import missed
from degrade_metrics.company import GROUPS, drawn_groups, repeated_texts, weight_in_company

FAMILY = "repetition"
TEXTS = Need(Contents)
SENTENCES = Need(Census, layer="sentence", n=1)
FIFTY = Need(Spans, layer="word", n=50)


def _exact_duplicates(view: View) -> float:
    contents = view.summary(TEXTS)
    assert isinstance(contents, Contents)
    inside = np.packbits(view.inside, bitorder="little").view("<u8").astype(np.uint64)[0]
    drawn = drawn_groups(view)
    light, heavy = contents.light, contents.heavy[0]
    repeated, documents = repeated_texts(
        contents.groups[light],
        contents.documents[light],
        len(view.selection.sizes),
        inside,
        np.uint64(view.selected),
        drawn / view.groups,
        missed(GROUPS, float(view.groups), drawn),
    )
    if not documents:
        raise UndefinedMetricError("no document holds any text")
    return heavy + (1 - heavy) * repeated / (documents * drawn / view.groups)


def _repeated_sentences(view: View) -> float:
    total = view[SENTENCES].expected_occurrences(view.tokens)
    if not total:
        raise UndefinedMetricError("no document holds a sentence")
    # Where none repeats, rounding must not make a difference between corpora.
    return max(0.0, round(1 - view[SENTENCES].expected_types(view.tokens) / total, 12))


def holders(spans: Spans) -> NDArray[np.uint64]:
    """Return for each entry the groups where another document holds its span, as bit sets."""
    hashes, bits = spans.hashes, np.uint64(1) << spans.groups.astype(np.uint64)
    first = np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]))
    every = np.bitwise_or.reduceat(bits, first) if len(first) else bits
    all_holders: NDArray[np.uint64] = np.repeat(every, np.diff(first, append=len(bits)))
    return all_holders & ~np.where(spans.documents > 1, np.uint64(0), bits)


def _shared_spans(view: View) -> float:
    spans = view.summary(FIFTY)
    assert isinstance(spans, Spans)
    weights = spans.documents.astype(np.float64)
    held = float(weights[view.inside[spans.groups]].sum())
    if not held:
        raise UndefinedMetricError("no document is of fifty words")
    company = once(spans.keys, "holders", holders, spans)
    return weight_in_company(view, spans.groups, weights, company) / held


METRICS = (
    CorpusMetric(
        name="exact_duplicates",
        instances="duplicates",
        title="Documents that repeat another",
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        needs=(TEXTS,),
        compute=_exact_duplicates,
        view="incidence",
        source="1 - distinct / all documents, at matched size by Colwell et al. 2012, eq. 17",
        description="Documents whose text another one has, byte by byte but for white space at the "
        "ends, all but one of each text, in as much text as the smaller corpus has. Of more than "
        "16,384 different texts, those of smallest hash are looked at, and what they do not "
        "account for is taken to be texts that very many documents hold.",
        formula="1 - S(n) / (D n / G): distinct texts expected in n of G groups, over documents; "
        "where texts are sampled, h + (1 - h) times that, h the share of documents in texts of 64 "
        "times as many as the median text, which are left out of the rest",
        undefined="no document holds any text",
        pitfalls="One changed character makes another text: see near_duplicates. Documents of one "
        "id are one cluster; an identical corpus read twice doubles every document. Where texts "
        "are sampled, one that makes up less than some 4% of a corpus may be missed.",
    ),
    CorpusMetric(
        name="repeated_sentences",
        title="Repeated sentences",
        family=FAMILY,
        unit="share of sentences",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        needs=(SENTENCES,),
        compute=_repeated_sentences,
        view="incidence",
        source="1 - distinct-1 of Li et al. 2016 on sentences, at matched size by Colwell et al. "
        "2012, eq. 17",
        description="Sentences that stand elsewhere in the corpus or earlier in their document, "
        "all but one of each, in as much text as the smaller corpus has. Case counts, the width "
        "of white space does not.",
        formula="1 - S(n) / T(n): distinct sentences over all, expected in n of G groups",
        undefined="no document holds a sentence",
        pitfalls="Short sentences repeat in any text, so genres differ; a text without full stops "
        "is one long sentence a line, and repeats nothing.",
        default=False,
    ),
    CorpusMetric(
        name="shared_spans_50",
        title="Fifty-word spans shared by documents",
        family=FAMILY,
        unit="share of spans",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        needs=(FIFTY,),
        compute=_shared_spans,
        view="incidence",
        source="Lee et al. 2022, section 4.1 (ExactSubstr, 50 tokens), between documents",
        description="Of all runs of fifty words of a document, those that another document holds "
        "too, in as many documents as the smaller corpus has. Whole documents are looked at. Of "
        "more than 131,072 runs, those of smallest hash are, a sample of which every run has the "
        "same chance: its error is part of the interval.",
        formula="sum over distinct spans of a document of P(another one holds it | n of G groups) "
        "/ spans",
        undefined="no document is of fifty words",
        pitfalls="A shared passage of k words counts k - 49 times, and one below 50 not at all: as "
        "a share of words it is somewhat more. Runs of one passage go together, so a sample of "
        "131,072 says no more than its passages are many.",
        default=False,
    ),
)
