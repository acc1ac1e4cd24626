"""A corpus, a plan, and the profile of the one by the other, for tests of engines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from degrade.engines.local import LocalEngine
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.summaries import Census, Moments, Need
from degrade.text.layers import built_in

PART_BYTES = 2_000


def records(number: int = 60) -> list[dict[str, str]]:
    """Return documents of 40 to 500 bytes."""
    return [
        {
            "id": str(i),
            "text": f"Né {i} said to {i % 7}: one “two” three, ".ljust(30) * (i % 10 + 1),
        }
        for i in range(number)
    ]


def lines(made: list[dict[str, str]]) -> bytes:
    """Return records as JSON Lines."""
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made).encode()


def plan(layer=None) -> Plan:
    """Return a small plan that counts words by ``layer``."""
    needs = [Need(Census, layer="word", n=n) for n in (1, 2)]
    needs.append(Need(Moments, measure=first_words, layer="word", window=0, low=0, high=1,
                      metric="first"))  # fmt: skip
    return Plan.of(needs, "word", {"word": layer or built_in("word")}, sampled_documents=20)


def unlocked_plan(capacity: int = 0) -> Plan:
    """Return a plan of which all is counted in kernels: two workers are threads."""
    needs = [Need(Census, layer="word", n=n) for n in (1, 2)]
    return Plan.of(needs, "word", {"word": built_in("word")}, 20, capacity)


def first_words(segments, window):
    """Return, of each document, the share of its words that are its first one."""
    starts, lengths = segments.bounds[:-1], segments.bounds[1:] - segments.bounds[:-1]
    first = [
        (segments.symbols[s : s + n] == segments.symbols[s]).sum() if n else 0
        for s, n in zip(starts, lengths, strict=True)
    ]
    return first, lengths


def in_processes(monkeypatch: pytest.MonkeyPatch, part_bytes: int = PART_BYTES) -> None:
    """Have corpora of any size counted in processes, in parts of ``part_bytes``."""
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.engines.local.MOST_THREADS", 0)
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", part_bytes)


def count(path: Path, workers: int = 2, layer=None, advance=None, state=None, **options) -> Profile:
    """Return the profile of the corpus at ``path``, with what was skipped."""
    with open_corpus(path, **options) as corpus:
        profile = LocalEngine(workers).profile_corpus(plan(layer), corpus, advance, state)
        profile.skipped.update(corpus.skipped)
        return profile


def saved(profile: Profile, folder: Path) -> bytes:
    """Return the bytes of the profile's file."""
    profile.save(folder / "saved.profile")
    return (folder / "saved.profile").read_bytes()
