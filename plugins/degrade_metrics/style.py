"""Style against content, the style: how a text is written, whatever it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, PairMetric, Thresholds, View
from degrade.summaries import Need, Style
from degrade.summaries.style import STYLE_EDITION
from degrade.text.style_marks import EMPHASIS, HEADING, ITEM, LINE, PUNCTUATION, ROW, TAG
from degrade.text.style_words import HEDGE

FAMILY = "style against content"
STYLE = Need(Style, layer="word", edition=STYLE_EDITION)
MOST_FREQUENT = 100
"""Function words that Delta looks at: the most frequent of the reference."""
FEWEST = 10
"""Function words, each found once for every group, below which there is no Delta."""
TEXT = 1_000
"""Words of the texts whose spread makes the z-scores."""
HALVINGS = (0, 2, 4, 6)
"""Starts of the halvings that are averaged, of the 8 evenly spaced ones."""


def _style(view: View) -> Style:
    style = view.summary(STYLE)
    if not isinstance(style, Style):
        raise TypeError(f"{STYLE.key} is not what it should be")
    return style


def spread(counts: NDArray[np.int64], words: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the standard deviation of relative frequencies over texts of 1,000 words.

    ``counts`` is (groups, features), ``words`` (groups,): groups of independent documents. Of a
    group of N words, the variance is 1,000 / N times that of a text of 1,000.
    """
    held = words > 0
    counts, words = counts[held], words[held]
    mean = counts.sum(axis=0) / words.sum()
    deviations = counts / words[:, None] - mean
    per_word = (words[:, None] * deviations**2).sum(axis=0) / (len(words) - 1)
    return np.asarray(np.sqrt(per_word / TEXT), dtype=np.float64)


def delta(
    one: NDArray[np.float64], other: NDArray[np.float64], sigma: NDArray[np.float64]
) -> float:
    """Return the mean absolute difference of the z-scores of frequencies (Burrows 2002)."""
    return float((np.abs(one - other) / sigma).mean())


def excess_delta(reference: View, candidate: View) -> float:
    """Return Delta between corpora less that within them, at equal sizes.

    Mean Delta(A_i, B_j) - [Delta(A_1, A_2) + Delta(B_1, B_2)] / 2, over halves of equal size and
    several halvings: the absolute value never falls below noise, which halves show too.
    """
    inside = reference.inside
    known = _style(reference)
    counts, words = known.function_words[inside, :HEDGE], known.words[inside]
    if int((words > 0).sum()) < 2:
        raise UndefinedMetricError("fewer than two groups hold text")
    total = counts.sum(axis=0)
    frequent = np.argsort(-total, kind="stable")[:MOST_FREQUENT]
    frequent = frequent[total[frequent] >= inside.sum()]
    if len(frequent) < FEWEST:
        raise UndefinedMetricError(
            f"fewer than {FEWEST} function words of the languages known are frequent"
        )
    sigma = spread(counts[:, frequent], words)
    frequent, sigma = frequent[sigma > 0], sigma[sigma > 0]
    if len(frequent) < FEWEST:
        raise UndefinedMetricError("function words are equally frequent everywhere")
    size = min(reference.half_tokens, candidate.half_tokens)
    excess = []
    for start in HALVINGS:
        a = [_frequencies(reference, half, frequent) for half in reference.halves(start, size)]
        b = [_frequencies(candidate, half, frequent) for half in candidate.halves(start, size)]
        pairs = [(i, j) for i in (0, 1) for j in (0, 1) if i != j or not reference.paired]
        between = sum(delta(a[i], b[j], sigma) for i, j in pairs) / len(pairs)
        excess.append(between - (delta(a[0], a[1], sigma) + delta(b[0], b[1], sigma)) / 2)
    return sum(excess) / len(excess)


def _frequencies(view: View, half: int, features: NDArray[np.int64]) -> NDArray[np.float64]:
    style = _style(view)
    groups = len(view.selection.sizes)
    inside = np.array([half >> (g % groups) & 1 for g in range(len(style.words))], dtype=bool)
    words = int(style.words[inside].sum())
    if not words:
        raise UndefinedMetricError("too few groups of documents for halves")
    return np.asarray(style.function_words[inside][:, features].sum(axis=0) / words)


def _function_words(view: View) -> float:
    style, inside = _style(view), view.inside
    return _share(style.function_words[inside, :HEDGE], style.words[inside], "words")


def _hedges(view: View) -> float:
    style, inside = _style(view), view.inside
    if not style.function_words[inside, :HEDGE].any():
        raise UndefinedMetricError("no words of a language with hedges known here")
    return _share(style.function_words[inside, HEDGE], style.words[inside], "words")


def _punctuation(view: View) -> float:
    style, inside = _style(view), view.inside
    return _share(style.marks[:PUNCTUATION, inside], style.words[inside], "words")


def _list_items(view: View) -> float:
    style, inside = _style(view), view.inside
    return _share(style.marks[ITEM, inside], style.marks[LINE, inside], "lines")


def _markup(view: View) -> float:
    style, inside = _style(view), view.inside
    marks = style.marks[[HEADING, ROW, *range(EMPHASIS, TAG + 1)]][:, inside]
    return _share(marks, style.words[inside], "words")


def _share(part: NDArray[np.int64], whole: NDArray[np.int64], what: str) -> float:
    if not whole.any():
        raise UndefinedMetricError(f"no {what}")
    return float(part.sum() / whole.sum())


_NO_LIST = (
    "The lists are short and of some thirty languages; other tokenizers than those of words have "
    "none of them."
)

_SHARES: tuple[tuple[str, str, str, Callable[[View], float], Thresholds, str, str, str], ...] = (
    (
        "function_words",
        "Function words",
        "share of words",
        _function_words,
        (0.02, 0.05, 0.1),
        "function words / words",
        "The share of words that are function words, by lists of some thirty languages.",
        f"{_NO_LIST} Words of one language are now and then words of meaning in another.",
    ),
    (
        "hedges",
        "Hedges",
        "share of words",
        _hedges,
        (0.005, 0.01, 0.02),
        "hedges / words",
        "The share of words that weaken what is said, as perhaps, seems and could, by lists of "
        "English, German, French and Spanish.",
        "A list cannot tell a hedge from another use of its word (may, May).",
    ),
    (
        "punctuation_marks",
        "Punctuation",
        "marks per word",
        _punctuation,
        (0.02, 0.05, 0.1),
        "marks of punctuation / words",
        "Commas, full stops, question and exclamation marks, colons, semicolons, dashes, "
        "quotation marks, opening brackets and ellipses for each word.",
        "A full stop in a number or an abbreviation is one too.",
    ),
    (
        "list_items",
        "Items of lists",
        "share of lines",
        _list_items,
        (0.02, 0.05, 0.1),
        "lines that are items of a list / lines that are not blank",
        "The share of lines that begin with a bullet or a number, as items of lists do.",
        "Text that is wrapped has more lines, and so a smaller share.",
    ),
    (
        "markup_marks",
        "Markup",
        "marks per word",
        _markup,
        (0.005, 0.01, 0.02),
        "(headings + rows of tables + emphasis + code + links + tags) / words",
        "Headings, rows of tables, double and triple asterisks, runs of backticks and links of "
        "Markdown, and tags of HTML, for each word.",
        "Source code holds such marks too.",
    ),
)

METRICS = (
    PairMetric(
        name="burrows_delta",
        title="Distance in function words (Burrows's Delta)",
        family=FAMILY,
        unit="mean difference of z-scores",
        scale="divergence",
        worse="either",
        needs=(STYLE,),
        compute=excess_delta,
        threshold_unit="nats",
        thresholds=(0.05, 0.2, 0.5),
        aspect="style",
        source="Burrows 2002, the definition of Delta; Argamon 2008; less that of halves",
        formula="mean_i |z_i(A) - z_i(B)|, z_i(X) = (f_i(X) - mean_i) / sd_i over texts of 1,000 "
        "words of the reference; between halves of both, less that between halves of one",
        description="How far apart the frequencies of the reference's 100 most frequent function "
        "words are in the two corpora, in standard deviations of texts of 1,000 words, beyond what "
        "two halves of one corpus are: near 0, the candidate is written in the reference's style.",
        undefined="fewer than 10 function words of the languages known are frequent",
        default=False,
        pitfalls=f"{_NO_LIST} Subject and genre move function words too (pronouns, tenses).",
    ),
    *(
        CorpusMetric(
            name=name,
            title=title,
            family=FAMILY,
            unit=unit,
            scale="difference",
            worse="either",
            needs=(STYLE,),
            compute=compute,
            view="incidence",
            threshold_unit="points",
            thresholds=thresholds,
            aspect="style",
            source="Gudibande et al. 2023, section 4, style that imitations take on"
            if name != "hedges"
            else "Hyland 2005, list of hedges",
            formula=formula,
            description=description,
            undefined="no text" if name != "hedges" else "no words of a language with hedges known",
            pitfalls=pitfalls,
            default=False,
        )
        for name, title, unit, compute, thresholds, formula, description, pitfalls in _SHARES
    ),
)
