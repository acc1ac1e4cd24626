"""Metrics of windows and of style, as they are registered, against plain computations."""

import gzip
from collections import Counter
from math import comb

import numpy as np
import pytest
import zstandard
from heldout_words import DOCUMENTS, SEGMENTS, WORDS, ngrams

import degrade
from degrade import registry
from degrade.inference.matching import match, side
from degrade.text.document import Document

METRICS = registry.catalogue().metrics


def windows(words, size):
    return [words[k : k + size] for k in range(0, len(words) - size + 1, size)]


def ratio_of_sums(numerator, size):
    full = [one for words in WORDS for one in windows(words, size)]
    return sum(numerator(one) for one in full) / (len(full) * size)


def drawn_42(words):
    counts, size = Counter(words).values(), len(words)
    return sum(1 - comb(size - c, 42) / comb(size, 42) for c in counts) / 42 * size


def moving(words, size):
    every = [len({*words[k : k + size]}) for k in range(len(words) - size + 1)]
    return sum(every), len(every) * size


def mattr(size):
    sums = np.array([moving(words, size) for words in WORDS]).sum(axis=0)
    return sums[0] / sums[1]


def repeats(n):
    def share(size):
        full = [ngrams(one, n) for words in WORDS for one in windows(words, size)]
        return sum(len(g) - len({*g}) for g in full) / sum(map(len, full))

    return share


def longest(words):
    held = (k for k in range(len(words), 0, -1) if len({*ngrams(words, k)}) < len(words) - k + 1)
    return next(held, 0)


def mean_longest(size):
    full = [one for words in WORDS for one in windows(words, size)]
    return sum(map(longest, full)) / len(full)


def compressed(pack):
    def ratio(size):
        data = "".join(document.text for document in DOCUMENTS).encode()
        chunks = [
            data[SEGMENTS.starts[at] : SEGMENTS.ends[at + size - 1]]
            for first, words in zip(SEGMENTS.bounds.tolist(), WORDS, strict=False)
            for at in range(first, first + len(words) - size + 1, size)
        ]
        return sum(map(len, chunks)) / sum(len(pack(chunk)) for chunk in chunks)

    return ratio


WINDOWED = {
    "mattr": mattr,
    "msttr": lambda size: ratio_of_sums(lambda one: len({*one}), size),
    "hdd": lambda size: ratio_of_sums(drawn_42, size),
    **{f"repetition_{n}": repeats(n) for n in range(1, 7)},
    "longest_repeat": mean_longest,
    "compression_gzip": compressed(gzip.compress),
    "compression_zstd": compressed(zstandard.ZstdCompressor(level=3).compress),
}


@pytest.mark.parametrize("name", WINDOWED)
def test_metrics_of_windows(name):
    numerators, denominators = METRICS[name].measure(SEGMENTS, 100)
    value = numerators.sum() / denominators.sum()
    assert value == pytest.approx(WINDOWED[name](100), rel=1e-9)


LISTED = (
    "## A title\n\n"
    "- perhaps the **cat** sat\n"
    "- and the `dog`, it ran.\n\n"
    "| a row | of a table |\n"
    "Plain line; see [here](there)!\n"
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Of 21 words: a, the, and, the, it, a, of, a, here, there.
        ("function_words", 10 / 21),
        ("hedges", 1 / 21),
        # Two of five lines that are not blank.
        ("list_items", 2 / 5),
        # Heading, row, a pair of asterisks and of backticks counted mark by mark, link.
        ("markup_marks", 7 / 21),
        # Comma, full stop, semicolon, exclamation mark, and the brackets of the link.
        ("punctuation_marks", 6 / 21),
    ],
)
def test_shares_of_style_by_hand(name, value):
    profile = degrade.profile([Document(LISTED, str(i)) for i in range(100)], metrics=[name])
    metric = METRICS[name]
    seen = side("by hand", profile, match([profile]))
    assert metric.compute(seen.view(metric.needs)) == pytest.approx(value)
