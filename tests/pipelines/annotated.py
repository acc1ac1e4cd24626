"""A small spaCy pipeline whose annotations can be told by looking at a word."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from zlib import crc32

import numpy as np
import pytest

from degrade.text.document import Document

spacy = pytest.importorskip("spacy")
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

TAGS = ("NN", "NNS", "VB", "DT", "IN", "JJ", "PRP", "RB")
SENTENCE = 10
GIVEN = ("token.tag", "token.lemma", "token.head", "token.dep", "doc.sents", "doc.ents")


def tag(word):
    return "." if not any(c.isalnum() for c in word) else TAGS[crc32(word.encode()) % len(TAGS)]


@Language.component("by_the_look", assigns=list(GIVEN))
def by_the_look(doc):
    """Tag by a checksum; chain every sentence of ten tokens; take capitalized words for names."""
    words = [token.text for token in doc]
    starts = range(0, len(words), SENTENCE)
    heads = [i if i in starts else i - 1 for i in range(len(words))]
    return Doc(
        doc.vocab,
        words=words,
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[tag(word) for word in words],
        lemmas=[word.rstrip("s") for word in words],
        heads=heads,
        deps=["ROOT" if head == i else "dep" for i, head in enumerate(heads)],
        ents=["B-NAME" if word[:1].isupper() else "O" for word in words],
    )


@Language.component("tag_only", assigns=["token.tag"])
def tag_only(doc):
    """Tag by a checksum, and do no more."""
    for token in doc:
        token.tag_ = tag(token.text)
    return doc


def saved(*components, language="en", name="look", rest=None):
    """Return the folder of a blank pipeline with ``components``."""
    nlp = spacy.blank(language, meta={"name": name, "version": "1.2.3"})
    for component in components:
        nlp.add_pipe(component)
    folder = Path(mkdtemp(prefix="degrade-test-")) / (rest or "pipeline")
    nlp.to_disk(folder)
    return folder


@cache
def folder():
    """Return the path of the pipeline that gives everything."""
    return str(saved("by_the_look"))


def written(seed, count=130, words=90, types=2_000, skew=3.0, name="w"):
    """Return documents of words with Zipf-like frequencies, one in twelve of them a name."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(skew, types + skew)
    chances /= chances.sum()
    found = []
    for i in range(count):
        drawn = rng.choice(types, int(rng.integers(words - 15, words + 15)), p=chances)
        text = " ".join(f"{name}{k}".capitalize() if k % 12 == 5 else f"{name}{k}" for k in drawn)
        found.append(Document(text, f"{name} {seed}/{i}"))
    return found
