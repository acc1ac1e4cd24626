"""What is counted in generations of text, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import hypergeom

from degrade.generations import Generation
from degrade.learner import Learner
from degrade.recursion import Lineage
from degrade.text.document import Document

Documents = Sequence[str]


def lineage(
    documents: Documents, learner: Learner, how: Lineage, generations: int, seed: int
) -> list[Documents]:
    """Return the documents and so many generations, trained on one another as ``how`` says."""
    original = [Document(text, f"{i:03d}") for i, text in enumerate(documents)]
    past = [Generation(Path("gen0.jsonl"), original, "")]
    for number in range(1, generations + 1):
        drawn = 1000 * seed + number
        model = learner.train(how.training(past, drawn), drawn)
        texts = learner.sample(model, original, drawn, 1.0, 1.0)
        made = [Document(text, f"{i:03d}") for i, text in enumerate(texts)]
        past.append(Generation(Path(f"gen{number}.jsonl"), made, ""))
    return [[document.text for document in each.documents] for each in past]


def ngrams(text: str, n: int) -> Iterator[tuple[str, ...]]:
    """Yield the n-grams of a text of words and spaces."""
    words = text.split()
    return zip(*(words[i:] for i in range(n)), strict=False)


def types(documents: Documents, n: int = 1) -> int:
    """Return how many different n-grams there are."""
    return len({ngram for text in documents for ngram in ngrams(text, n)})


def simpson(documents: Documents) -> float:
    """Return the chance that two words of the text are the same."""
    counts = Counter(word for text in documents for word in text.split())
    total = counts.total()
    return sum(c * (c - 1) for c in counts.values()) / (total * (total - 1))


def repetition(documents: Documents) -> float:
    """Return 1 - distinct / all 4-grams of whole documents (seq-rep-4 of Welleck et al. 2020)."""
    found = [list(ngrams(text, 4)) for text in documents]
    return 1 - sum(len(set(each)) for each in found) / sum(map(len, found))


def once_seen_words_left(original: Documents, generation: Documents) -> float:
    """Return which share of the words that the original has once is in the generation."""
    counts = Counter(word for text in original for word in text.split())
    left = {word for text in generation for word in text.split()}
    once = [word for word, count in counts.items() if count == 1]
    return sum(word in left for word in once) / len(once)


def once_seen_kept(
    reference: Documents, candidate: Documents, n: int, size: int
) -> tuple[float, float]:
    """Return the shares that come back of the n-grams in one document of half the reference.

    They are looked for in ``size`` documents, of the reference's other half and of the candidate,
    averaged over all choices of half and documents.
    """
    held, other = (
        Counter(ngram for text in documents for ngram in set(ngrams(text, n)))
        for documents in (reference, candidate)
    )
    d = np.array(list(held.values()))
    e = np.array([other[ngram] for ngram in held])
    half = len(reference) // 2
    places = np.arange(len(reference) + 1)
    rare = hypergeom(2 * half, places, half).pmf(1)
    fresh = 1 - hypergeom(half, np.clip(places - 1, 0, half), size).pmf(0)
    kept = 1 - hypergeom(len(candidate), np.arange(len(candidate) + 1), size).pmf(0)
    total = rare[d].sum()
    return float(rare[d] @ fresh[d] / total), float(rare[d] @ kept[e] / total)
