"""Corpora of any two sizes meet at one size, from saved profiles alone."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.inference.matching import match, side
from degrade.text.document import Document

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT.parent / "shared/corpora/standard_ebooks.jsonl.gz"
PRIMARY = {"metrics": ["primary"], "workers": 2}
QUIET = {"reference_role": "heldout", "self_check": 0}


def invented(seed, count, types=2_500, words=40):
    """Return documents of words with Zipf-like frequencies and set phrases, drawn all at once."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(3.0, types + 3)
    drawn = rng.choice(types, (count, words), p=chances / chances.sum())
    start = 5 * (40 * rng.random(count) ** 2).astype(int)
    drawn[:, 10:15] = start[:, None] + np.arange(5)
    names = np.array([f"w{k}" for k in range(types)])
    return [Document(" ".join(row), f"{seed}/{i}") for i, row in enumerate(names[drawn])]


def theta(finding):
    value = finding.change.value
    if finding.change.scale == "nats":
        return value
    if finding.change.scale == "points":
        return math.log1p(-value)
    return math.log(value) if finding.change.scale == "ratio" else math.log1p(value)


def saved(folder, **corpora):
    """Return the paths of the profiles of ``corpora``."""
    paths = {}
    for name, corpus in corpora.items():
        paths[name] = folder / f"{name}.profile"
        degrade.profile(corpus, **PRIMARY).save(paths[name])
    return paths


def agree(one, other, errors=3.0):
    """Assert that two comparisons say the same but for what drawing a part makes of them."""
    assert one.verdict.level == other.verdict.level
    theirs = {finding.metric: finding for finding in other.findings}
    for finding in one.findings:
        twin = theirs[finding.metric]
        assert (finding.change is None) == (twin.change is None), finding.metric
        if finding.change is None or not finding.primary:
            continue
        # Both have the small corpus in common, so the error of either is more than enough.
        apart = abs(theta(finding) - theta(twin))
        assert apart < errors * max(finding.error, twin.error), finding.metric


@pytest.fixture(scope="module")
def profiles(tmp_path_factory):
    """A corpus of 24,000 documents, a random fiftieth of it, and 240 others, damaged and not."""
    everything = invented(1, 24_000)
    rng = np.random.default_rng(2)
    part = [everything[i] for i in rng.permutation(len(everything))[:480]]
    return saved(
        tmp_path_factory.mktemp("sizes"),
        large=everything,
        part=part,
        small=invented(3, 240),
        poorer=invented(4, 240, types=900),
    )


@pytest.mark.parametrize("candidate", ["small", "poorer"])
def test_a_corpus_a_hundred_times_larger_answers_as_a_random_part_of_it(profiles, candidate):
    whole, part = (
        degrade.compare(profiles[name], profiles[candidate], **QUIET).comparisons[0]
        for name in ("large", "part")
    )
    assert whole.matched_tokens == part.matched_tokens
    agree(whole, part)
    assert (whole.verdict.direction == "worse") == (candidate == "poorer")


def test_the_larger_corpus_may_be_the_candidate(profiles):
    whole, part = (
        degrade.compare(profiles["poorer"], profiles[name], **QUIET).comparisons[0]
        for name in ("large", "part")
    )
    agree(whole, part)
    types = {f.metric: f for f in whole.findings}["types_1"]
    assert types.change.value > 0.5
    # Fewer rare words of the reference come back, so more words are no praise.
    assert types.direction == "same"
    assert whole.verdict.families["rare n-gram loss"].level != "none"


def test_sizes_that_differ_are_told(profiles):
    run = degrade.compare(profiles["large"], profiles["small"], **QUIET)
    warning = {w.code: w for w in run.warnings}["sizes-differ"]
    assert warning.data["ratio"] == 100
    run = degrade.compare(profiles["part"], profiles["small"], **QUIET)
    assert "sizes-differ" not in {w.code for w in run.warnings}


def test_the_larger_corpus_is_seen_from_a_smaller_level_of_its_ladder(profiles):
    loaded = [degrade.Profile.load(profiles[name]) for name in ("large", "small")]
    matching = match(loaded)
    large, small = (side("x", each, matching) for each in loaded)
    assert (large.level, small.level) == (1, 0)
    # The level is 16 times smaller, and still more than is drawn of it.
    assert large.sizes.sum() == pytest.approx(24_000 * 40 / 16, rel=0.1)
    assert large.sizes.sum() > matching.tokens


def test_generations_of_different_sizes_meet_at_one_size(profiles):
    names = ("large", "part", "small", "poorer")
    run = degrade.compare(*(profiles[name] for name in names), **QUIET)
    alone = degrade.compare(profiles["large"], profiles["part"], **QUIET)
    sizes = {each.matched_tokens for each in run.comparisons}
    assert len(sizes) == 1
    assert sizes.pop() < alone.comparisons[0].matched_tokens
    # The reference is the same for all of them.
    types = [f.reference for each in run.comparisons for f in each.findings
             if f.metric == "types_1"]  # fmt: skip
    assert types[0] == types[1] == types[2]


@pytest.mark.slow
@pytest.mark.skipif(not BOOKS.exists(), reason="the books are not part of this repository")
def test_real_text_a_thousand_times_larger_answers_as_a_random_part_of_it(tmp_path):
    passages = []
    with gzip.open(BOOKS, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            words = record["text"].split()
            count = max(1, round(len(words) / 100))
            bounds = [len(words) * k // count for k in range(count + 1)]
            passages += [
                Document(" ".join(words[bounds[k] : bounds[k + 1]]), f"{record['id']}/{k}")
                for k in range(count)
            ]
    order = np.random.default_rng(5).permutation(len(passages))
    units = len(passages) // 1_001
    assert units >= 80
    chosen = {
        "small": order[:units],
        "large": order[units : 1_001 * units],
        "part": order[units : 9 * units],
    }
    paths = saved(tmp_path, **{name: [passages[i] for i in at] for name, at in chosen.items()})
    whole, part = (
        degrade.compare(paths["small"], paths[name], **QUIET).comparisons[0]
        for name in ("large", "part")
    )
    assert whole.matched_tokens == part.matched_tokens
    agree(whole, part)
