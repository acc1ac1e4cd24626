"""Style is told from content: an imitation that says nothing is not called an improvement."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cityblock
from scipy.stats import zscore

import degrade
from degrade.inference.matching import match, side
from degrade.text.style_words import FUNCTION_WORDS
from degrade_metrics import style, substance

ROOT = Path(__file__).resolve().parents[2]
FAMILY = "style against content"
METRICS = {metric.name: metric for metric in (*style.METRICS, *substance.METRICS)}


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(2, 8), st.integers(0, 2**32))
def test_delta_is_that_of_z_scores(texts, features, seed):
    # Burrows 2002: "the mean of the absolute differences between the z-scores for a set of
    # word-variables in a given text-group and the z-scores for the same set in a target text".
    # Of texts of equal size, frequencies over texts of 1,000 words spread as theirs do, scaled.
    rng = np.random.default_rng(seed)
    size = 4_000
    counts = rng.integers(1, 500, (texts, features))
    assert style.spread(counts, np.full(texts, size)) == pytest.approx(
        (counts / size).std(axis=0, ddof=1) * np.sqrt(size / style.TEXT)
    )
    one, other = rng.random(features), rng.random(features)
    sigma = counts.std(axis=0, ddof=1)
    if not sigma.all():
        return
    pooled = np.vstack((counts, one, other))
    z = (pooled - counts.mean(axis=0)) / sigma
    np.testing.assert_allclose(z[:texts], zscore(counts, ddof=1))
    assert style.delta(one, other, sigma) == pytest.approx(cityblock(z[-2], z[-1]) / features)


def test_the_spread_does_not_depend_on_how_much_a_group_holds():
    # Documents of 100 words, a tenth of them one word on average, with a beta-binomial spread.
    rng = np.random.default_rng(3)
    per_document = rng.binomial(100, rng.beta(2, 18, 64_000))
    spreads = [
        style.spread(per_document.reshape(groups, -1).sum(axis=1)[:, None],
                     np.full(groups, 6_400_000 // groups))[0]
        for groups in (64, 640)
    ]  # fmt: skip
    expected = per_document.std() / 100 * np.sqrt(100 / style.TEXT)
    assert spreads == pytest.approx([expected] * 2, rel=0.2)


def texts(name):
    path = ROOT / f"sample_corpora/{name}/part-000.jsonl"
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]


def dressed(text):
    """Return ``text`` with a heading, and every third sentence as an item of a list."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    lines = [f"- {s}" if i % 3 == 2 else s for i, s in enumerate(sentences)]
    return "## **Passage**\n\n" + "\n".join(lines)


def strewn(documents, seed=0):
    """Return documents with their words of content strewn over all of them.

    Everything else is as it was: length, function words, capitals, punctuation, markup.
    """
    rng = np.random.default_rng(seed)
    known = {*FUNCTION_WORDS}
    cut = [re.split(r"(\w[\w’']*)", document) for document in documents]
    places = {True: [], False: []}
    for d, parts in enumerate(cut):
        for i in range(1, len(parts), 2):
            if parts[i].lower() not in known:
                places[parts[i][0].isupper()].append((d, i))
    for where in places.values():
        words = [cut[d][i] for d, i in where]
        for (d, i), k in zip(where, rng.permutation(len(words)), strict=True):
            cut[d][i] = words[k]
    return ["".join(parts) for parts in cut]


@pytest.fixture(scope="module")
def corpora():
    return [dressed(t) for t in texts("gen0-heldout")], [dressed(t) for t in texts("gen0")]


def compared(reference, candidate, *more):
    return degrade.compare(
        reference, candidate, metrics=["primary", FAMILY, *more], workers=1, self_check=0
    )


def test_an_imitation_of_style_without_substance_is_told_so_and_not_praised(corpora):
    target, other = corpora
    run = compared(target, strewn(other))
    found = {finding.metric: finding for finding in run.findings}
    for metric in METRICS.values():
        if metric.aspect == "style":
            assert abs(found[metric.name].change.value) < metric.thresholds[0]
    assert found["burstiness"].change.high < -0.04
    (warning,) = [w for w in run.warnings if w.code == "style-without-substance"]
    assert "took on the style of documents, not the substance" in warning.message
    assert warning.data["candidate"] == run.comparisons[0].candidate
    assert "burrows_delta" in warning.data["near"]
    assert "burstiness" in warning.data["lost"]
    assert "not the substance" in run.verdict.headline
    assert run.verdict.direction in ("same", "worse")
    assert not any(finding.direction == "better" for finding in run.findings)


def test_the_same_style_with_its_substance_is_told_nothing(corpora):
    run = compared(*corpora)
    assert "style-without-substance" not in [w.code for w in run.warnings]
    assert "substance" not in run.verdict.headline
    for finding in run.findings:
        if finding.family == FAMILY and finding.change.low is not None:
            assert abs(finding.change.value) < 0.2


def test_another_style_without_substance_is_no_imitation(corpora):
    target, other = corpora
    plain = [text.replace("- ", "").replace("## **Passage**\n\n", "") for text in strewn(other)]
    run = compared(target, plain)
    assert "style-without-substance" not in [w.code for w in run.warnings]


def test_what_it_gains_is_no_improvement_where_the_rest_is_strewn():
    # Few set phrases make poor pairs; strewn over one another, they make many new ones.
    rng = np.random.default_rng(1)
    function = FUNCTION_WORDS[:40]

    def document(seed):
        topic = np.random.default_rng(seed)
        about = [f"{function[k % 40]} w{k}" for k in topic.integers(0, 3_000, 6).tolist()]
        words = [about[k] for k in rng.integers(0, 6, 60).tolist()]
        return ", ".join(words) + "."

    reference, candidate = ([document((s, i)) for i in range(400)] for s in (1, 2))
    praised = degrade.compare(
        reference, strewn(candidate), metrics=["types_2"], workers=1, self_check=0
    )
    assert praised.verdict.direction == "better"
    told = degrade.compare(
        reference, strewn(candidate), metrics=["types_2", FAMILY], workers=1, self_check=0
    )
    assert told.verdict.direction == "same"
    assert "style-without-substance" in [w.code for w in told.warnings]
    assert "has more variety" in praised.verdict.headline
    assert "has more variety" not in told.verdict.headline


def test_burstiness_is_occurrences_over_documents_of_rare_words():
    corpus = texts("gen0")[:300]
    profile = degrade.profile(corpus, metrics=[FAMILY], workers=1)
    metric = METRICS["burstiness"]
    found = metric.compute(side("gen0", profile, match([profile])).view(metric.needs))
    counts, held = {}, {}
    for document in corpus:
        words = re.findall(r"[^\W_](?:[\w]|[’'.:](?=[^\W_]))*", document.lower())
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        for word in {*words}:
            held[word] = held.get(word, 0) + 1
    rare = [word for word in counts if held[word] <= substance.RARE * len(corpus)]
    expected = sum(counts[w] for w in rare) / sum(held[w] for w in rare)
    # The expression stands in for Unicode's words; the two part a few of them otherwise.
    assert found == pytest.approx(expected, rel=2e-3)


def test_names_and_numbers_that_no_longer_come_back_are_lost(corpora):
    target, other = corpora
    emptied = [re.sub(r"(?<=[a-z] )[A-Z][a-z]+", "Alice", re.sub(r"\d+", "7", t)) for t in other]
    (names,) = (f for f in compared(target, emptied).findings if f.metric == "name_loss")
    assert names.change.low > 0.35
    (names,) = (f for f in compared(target, other).findings if f.metric == "name_loss")
    assert names.change.low < 0 < names.change.high
