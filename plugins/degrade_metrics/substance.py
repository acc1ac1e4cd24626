"""Style against content, the content: names, numbers and what each document is about."""

from __future__ import annotations

from functools import partial

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, PairMetric, View
from degrade.summaries import Census, Extent, Need
from degrade_metrics.rare_ngrams import kept

FAMILY = "style against content"
WORDS = Need(Census, layer="word", n=1)
EXTENT = Need(Extent, layer="word")
NAMES = Need(Census, layer="name", n=1)
NUMBERS = Need(Census, layer="number", n=1)
RARE = 0.02
"""Share of the documents that hold a word up to which it is rare: a word of content."""
FEWEST_DOCUMENTS = 100


def burstiness(view: View) -> float:
    """Return the occurrences of rare words over the documents that hold them, summed over words."""
    extent = view.summary(EXTENT)
    if not isinstance(extent, Extent):
        raise TypeError(f"{EXTENT.key} is not what it should be")
    documents = int(extent.documents[view.inside].sum())
    if documents < FEWEST_DOCUMENTS:
        raise UndefinedMetricError(f"fewer than {FEWEST_DOCUMENTS} documents")
    held = view[WORDS].frequencies("documents")
    rare = held <= RARE * documents
    if not rare.any():
        raise UndefinedMetricError("no word is rare")
    return float(view[WORDS].frequencies()[rare].sum() / held[rare].sum())


_KINDS = (
    (
        "name_loss",
        "Once-seen names lost",
        NAMES,
        "names",
        "capitalized words that do not begin a sentence",
        "In German every noun is capitalized, and in Chinese, Arabic or Hindi nothing is.",
    ),
    (
        "number_loss",
        "Once-seen numbers lost",
        NUMBERS,
        "numbers",
        "words that hold a digit",
        "Numbers in words (twenty) are not seen, and 1,000 and 1000 are two.",
    ),
)

METRICS = (
    CorpusMetric(
        name="burstiness",
        title="Rare words that come again in their document",
        family=FAMILY,
        unit="occurrences per document",
        scale="log",
        worse="lower",
        needs=(WORDS, EXTENT),
        compute=burstiness,
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.02, 0.04, 0.08),
        aspect="content",
        source="Church and Gale 1995, burstiness cf / df, over all rare words",
        formula="sum c_t / sum d_t, over words t in at most 2% of the documents; c_t occurrences, "
        "d_t documents that hold t",
        description="How often a rare word occurs in a document that holds it. A text that is "
        "about something comes back to its words; where words of content are strewn over documents "
        "that are about nothing, each occurs once.",
        undefined="fewer than 100 documents, or no rare word",
        pitfalls="Longer documents come back to their words more often. So do loops: read it "
        "beside repetition_4.",
        default=False,
    ),
    *(
        PairMetric(
            name=name,
            title=title,
            instances="once-seen n-grams",
            family=FAMILY,
            unit="share kept",
            scale="loss",
            worse="higher",
            needs=(need,),
            compute=partial(kept, need=need, found=1),
            closed_form=True,
            threshold_unit="points",
            thresholds=(0.05, 0.15, 0.35),
            aspect="content",
            source="as rare_loss_1, of names and numbers; Gudibande et al. 2023, section 4",
            formula="1 - rho_g / rho_0: share kept by the candidate over that kept by fresh "
            f"reference text, of {what} found in one group of half the reference",
            description=f"Of the {what} ({which}) found in one group of documents of half the "
            "reference, the share kept by the candidate over the share that fresh reference text "
            "keeps, less 1: what is said of whom, where and when, and no longer comes back.",
            undefined=f"none of the reference's rare {what} comes back in its own other half",
            pitfalls=pitfalls,
            default=False,
        )
        for name, title, need, what, which, pitfalls in _KINDS
    ),
)
