"""Text of any size, to measure on."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
SENTENCES = 8
"""Sentences of a document."""
NEW_WORDS = 0.01
"""Share of words that get an ending of their own, so that the vocabulary goes on growing."""


def corpus_of(path: Path, megabytes: float) -> Path:
    """Write about so many megabytes of documents to ``path``, and return it."""
    rng = random.Random(0)
    sentences = [
        sentence.split()
        for part in sorted(SAMPLES.glob("gen0*/part-*.jsonl"))
        for line in part.read_text(encoding="utf-8").splitlines()
        for sentence in json.loads(line)["text"].split(". ")
    ]
    with path.open("w", encoding="utf-8") as out:
        number = 0
        while out.tell() < megabytes * 1e6:
            lines = []
            for _ in range(1_000):
                text = ". ".join(_varied(rng, rng.choice(sentences)) for _ in range(SENTENCES))
                lines.append(json.dumps({"id": str(number), "text": text}))
                number += 1
            out.write("\n".join(lines) + "\n")
    return path


def _varied(rng: random.Random, words: list[str]) -> str:
    """Return the second half of a sentence and then the first, some words with a number."""
    cut = rng.randrange(len(words)) if words else 0
    return " ".join(
        f"{word}{rng.randrange(10**6)}" if rng.random() < NEW_WORDS else word
        for word in (*words[cut:], *words[:cut])
    )


def texts_of(path: Path, megabytes: float) -> Iterator[str]:
    """Yield the texts of the first megabytes of a JSONL file."""
    size = 0
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, None):
            text = json.loads(line)["text"]
            size += len(text.encode("utf-8"))
            yield text
            if size > megabytes * 1e6:
                return
