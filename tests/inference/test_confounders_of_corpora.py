"""Warnings and levels on real corpora: silence, and lengths that change nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.text.document import Document

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_corpora"
CORPORA = ROOT.parent / "shared" / "corpora"
Corpus = Sequence[Document]


def compared(*corpora: Corpus) -> degrade.Run:
    return degrade.compare(*corpora, metrics=["primary"], workers=1)


def lines(name: str) -> list[dict[str, str]]:
    path = CORPORA / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("seed", range(3))
def test_halves_of_the_addresses_call_for_no_warning(seed):
    rows = lines("state_of_the_union")
    addresses = sorted({row["cluster"] for row in rows})
    chosen = set(np.random.default_rng(seed).permutation(addresses)[::2].tolist())
    halves = [
        [Document(r["text"], r["id"], r["cluster"]) for r in rows if (r["cluster"] in chosen) is on]
        for on in (True, False)
    ]
    assert compared(*halves).warnings == ()


@pytest.mark.parametrize("seed", range(2))
def test_halves_of_the_books_chapters_call_for_no_warning(seed):
    rows = lines("standard_ebooks")
    # Beginnings of chapters, so that lengths are alike; short ones are letters of contents.
    cut = [" ".join(row["text"].split()[:200]) for row in rows]
    documents = [
        Document(text, row["id"])
        for text, row in zip(cut, rows, strict=True)
        if len(text.split()) == 200
    ]
    mixed = np.random.default_rng(seed).permutation(len(documents))[:2_000]
    halves = [[documents[i] for i in mixed[k::2]] for k in range(2)]
    assert compared(*halves).warnings == ()


def sample(name: str) -> list[Document]:
    text = (SAMPLES / name / "part-000.jsonl").read_text(encoding="utf-8")
    return [Document(r["text"], r["id"]) for r in map(json.loads, text.splitlines())]


def halved(documents: Corpus) -> list[Document]:
    """Return the first half of the words of each document."""
    return [
        Document(" ".join(words[: len(words) // 2]), d.id)
        for d in documents
        for words in (d.text.split(),)
    ]


@cache
def primaries(name: str, cut: tuple[str, ...] = ()) -> degrade.Run:
    sides = {"reference": sample("gen0-heldout"), "candidate": sample(name)}
    sides.update({side: halved(sides[side]) for side in cut})
    return compared(*sides.values())


@pytest.mark.parametrize("name", ["gen0", "gen1", "gen5"])
@pytest.mark.parametrize("cut", ["reference", "candidate"])
def test_cutting_the_documents_of_one_side_to_half_changes_no_level(name, cut):
    whole, half = primaries(name), primaries(name, (cut,))
    assert [warning.code for warning in half.warnings] == ["lengths-differ"]
    assert half.comparisons[0].matched_length == 64
    assert half.verdict.level == whole.verdict.level


@pytest.mark.parametrize("name", ["gen2", "gen3"])
@pytest.mark.parametrize("cut", ["reference", "candidate"])
def test_cutting_one_side_shows_what_cutting_both_does(name, cut):
    # Losses grow with the text looked at: severe at 128,000 tokens, these are moderate at 64,000,
    # whether half of each document is gone or half of the documents.
    one, both = primaries(name, (cut,)), primaries(name, ("reference", "candidate"))
    assert both.warnings == ()
    assert one.verdict.level == both.verdict.level == "moderate"
    found = {f.metric: f.change for f in both.findings}
    for finding in one.findings:
        other = found[finding.metric]
        assert finding.change.low < other.high, finding.metric
        assert other.low < finding.change.high, finding.metric
