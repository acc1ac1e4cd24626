"""Duplicates across documents against brute force: all draws of groups, all pairs of documents."""

from itertools import combinations

import numpy as np
import pytest

import degrade
from degrade.errors import UndefinedMetricError
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.registry import layer
from degrade.summaries import Contents, Spans, sketches, spans
from degrade.text.document import Batch, Document
from degrade.view import Selection, View
from degrade_metrics import duplicates, near_duplicates

WORD = layer("word")
METRICS = {m.name: m for m in (*duplicates.METRICS, *near_duplicates.METRICS)}


def summary_of(need, documents):
    made = need.summary(need)
    for i in range(0, len(documents), 50):
        made.update(Batch(documents[i : i + 50]), {"word": WORD})
    return made


def view_of(need, documents, drawn, groups=8, left_out=None):
    """Return a view of groups of equal size, at the size of ``drawn`` of them."""
    whole = Selection(np.full(groups, 100), (1 << groups) - 1)
    return View({}, drawn * 100.0, whole, left_out, summaries={need: summary_of(need, documents)})


def words(rng, count, vocabulary=1_000_000):
    return [f"w{k}" for k in rng.integers(0, vocabulary, count)]


def changed(rng, text, places):
    text = list(text)
    for place in places:
        text[place] = words(rng, 1)[0]
    return text


def corpus(seed=0, count=60):
    """Return documents of 70 words, of which some repeat, nearly repeat or quote another."""
    rng = np.random.default_rng(seed)
    texts = []
    for i in range(count):
        new = words(rng, 70)
        old = texts[int(rng.integers(0, len(texts)))] if texts else new
        kind = i % 6
        if kind == 1:
            new = list(old)
        elif kind == 2:
            new = changed(rng, old, [3])
        elif kind == 3:
            new = changed(rng, old, range(5, 70, 8))
        elif kind == 4:
            new[10:65] = old[10:65]
        texts.append(new)
    return [Document(" ".join(text), f"{seed}/{i}") for i, text in enumerate(texts)]


def group(document, groups=8):
    return int(Batch([document]).groups[0]) % groups


def runs(document, n):
    tokens = document.text.split()
    return {tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)}


def jaccard(one, two):
    return len(one & two) / len(one | two)


def surplus(documents):
    return len(documents) - len({d.text for d in documents}), len(documents)


def in_near_company(documents):
    grams = [runs(d, 5) for d in documents]
    found = sum(
        any(jaccard(one, two) >= 0.8 for j, two in enumerate(grams) if j != i)
        for i, one in enumerate(grams)
    )
    return found, len(documents)


def in_shared_spans(documents):
    held = [runs(d, 50) for d in documents]
    found = 0
    for i, mine in enumerate(held):
        others = set().union(*(held[j] for j in range(len(held)) if j != i))
        found += len(mine & others)
    return found, sum(map(len, held))


SLOW = {
    "exact_duplicates": surplus,
    "near_duplicates": in_near_company,
    "shared_spans_50": in_shared_spans,
}


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("drawn", [8, 3])
def test_shares_are_those_expected_over_all_draws_of_groups(name, drawn):
    documents = corpus()
    of = [group(d) for d in documents]
    (need,) = METRICS[name].needs
    draws = [
        SLOW[name]([d for d, g in zip(documents, of, strict=True) if g in chosen])
        for chosen in combinations(range(8), drawn)
    ]
    found, total = np.sum(draws, axis=0)
    value = METRICS[name].compute(view_of(need, documents, drawn))
    assert 0.03 < found / total < 0.8
    assert value == pytest.approx(found / total, rel=1e-9)


@pytest.mark.parametrize("name", SLOW)
def test_a_group_left_out_is_as_if_it_had_not_been_there(name):
    documents = corpus(1)
    (need,) = METRICS[name].needs
    rest = [d for d in documents if group(d) != 5]
    found, total = SLOW[name](rest)
    value = METRICS[name].compute(view_of(need, documents, 7, left_out=5))
    # Of a text held by several groups, twice by one, only the sum of documents is known.
    slack = 0.02 if name == "exact_duplicates" else 1e-9
    assert value == pytest.approx(found / total, abs=slack)


@pytest.mark.parametrize("name", SLOW)
def test_without_text_there_is_no_share(name):
    (need,) = METRICS[name].needs
    for documents in ([], [Document("", "nothing")], [Document(" \n", "white")]):
        with pytest.raises(UndefinedMetricError, match="no document"):
            METRICS[name].compute(view_of(need, documents, 4))


def test_resemblances_are_known_within_their_error():
    # Sketches of 128: an error of sqrt(.8 * .2 / 128) = .035; exact where the union is no larger.
    rng = np.random.default_rng(5)
    for length, most in ((100, 0.0), (600, 0.045)):
        errors = []
        for _ in range(40):
            one = words(rng, length)
            two = changed(rng, one, rng.choice(length, length // 40, replace=False))
            pair = [Document(" ".join(t), f"{i}") for i, t in enumerate((one, two))]
            found = Batch(pair).segments(WORD)
            last = np.uint64(sketches.ALL_HASHES - 1)
            rows = sketches.sketched(found.symbols, found.bounds, 5, sketches.SIZE, last)[3]
            errors.append(near_duplicates.resemblance(*rows) - jaccard(*(runs(d, 5) for d in pair)))
        assert np.sqrt(np.mean(np.square(errors))) <= most


@pytest.mark.parametrize(
    ("name", "module", "capacity", "most"),
    # Of 1,500 documents 300 are kept: 240 clusters, of which .4 are pairs; runs of one document go
    # together. Both errors are those of shares of that many, at four standard errors.
    [("near_duplicates", sketches, 300, 0.12), ("shared_spans_50", spans, 4_000, 0.04)],
)
def test_samples_estimate_what_the_whole_holds(name, module, capacity, most, monkeypatch):
    rng = np.random.default_rng(6)
    texts = []
    for i in range(1_500):
        copied = i % 5 < 2 and i % 5 > 0
        texts.append(changed(rng, texts[-1], [75]) if copied else words(rng, 80))
    documents = [Document(" ".join(text), f"{i}") for i, text in enumerate(texts)]
    metric = METRICS[name]
    (need,) = metric.needs
    exact = metric.compute(view_of(need, documents, 8))
    monkeypatch.setattr(module, "CAPACITY", capacity)
    kept = summary_of(need, documents)
    assert not kept.exact
    assert 0.5 * capacity < len(kept.keys) <= capacity
    sampled = metric.compute(view_of(need, documents, 8))
    assert 0.3 < exact < 0.7
    assert sampled != exact
    assert sampled == pytest.approx(exact, abs=most)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("copies", [0, 1_200])
def test_more_near_copies_than_can_be_kept_are_told(seed, copies, monkeypatch):
    rng = np.random.default_rng(seed)
    template = words(rng, 60)
    others = [words(rng, 60) for _ in range(600)]
    texts = others + [changed(rng, template, [59]) for _ in range(copies)]
    documents = [Document(" ".join(text), f"{i}") for i, text in enumerate(texts)]
    metric = METRICS["near_duplicates"]
    monkeypatch.setattr(sketches, "CAPACITY", 300)
    found = metric.compute(view_of(metric.needs[0], documents, 8))
    # Of the others 200 are kept, so their number is told to 7%: 2 points of the share, at 5 errors.
    assert found == pytest.approx(copies / len(texts), abs=0.12 if copies else 1e-9)


def test_near_copies_are_kept_in_parts_as_in_the_whole(monkeypatch):
    rng = np.random.default_rng(9)
    template = words(rng, 40)
    texts = [words(rng, 40) for _ in range(200)]
    texts += [changed(rng, template, [39]) for _ in range(300)]
    documents = [Document(" ".join(text), f"{i}") for i, text in enumerate(texts)]
    monkeypatch.setattr(sketches, "CAPACITY", 96)
    (need,) = METRICS["near_duplicates"].needs
    whole = summary_of(need, documents).arrays()
    assert whole["beyond"].any()
    for parts in (7, 3):
        joined = need.summary(need)
        for i in rng.permutation(parts).tolist():
            joined.merge(summary_of(need, documents[i::parts]))
        for name, column in joined.arrays().items():
            assert np.array_equal(column, whole[name]), name


def test_repeated_sentences_are_all_but_one_of_each():
    rng = np.random.default_rng(7)
    said = ["It was so.", "Nothing else mattered."]
    texts = [
        f"One {' '.join(words(rng, 5))} ended. {said[i % 2]} Two {' '.join(words(rng, 4))} too."
        for i in range(200)
    ]
    run = degrade.compare(
        texts, texts[:150], metrics=["repeated_sentences"], self_check=0, workers=1
    )
    (finding,) = run.findings
    # At the size of about 120 of 200 documents, a third of the sentences are said but by two.
    assert finding.reference.value == pytest.approx(1 / 3 - 2 / (3 * 120), abs=0.003)
    assert finding.candidate.value == pytest.approx(1 / 3 - 2 / (3 * 120), abs=0.003)


def test_planted_duplicates_are_found_from_saved_profiles_too(tmp_path):
    rng = np.random.default_rng(8)
    plain = [" ".join(words(rng, 60, 3_000)) for _ in range(400)]
    degraded = []
    for i in range(400):
        degraded.append(degraded[-1] if i % 4 == 1 else " ".join(words(rng, 60, 3_000)))
    documents = [[Document(text, f"{i}") for i, text in enumerate(d)] for d in (plain, degraded)]
    metrics = [*SLOW]
    run = degrade.compare(*documents, metrics=metrics, self_check=0, workers=1)
    for finding in run.findings:
        assert finding.reference.value == 0
        # A quarter repeat another: half are in company, of whom some pair is parted by the draw.
        low, high = (0.15, 0.26) if finding.metric == "exact_duplicates" else (0.3, 0.51)
        assert low < finding.candidate.value < high
        assert finding.p < 1e-6
    saved = []
    for name, side in zip("ab", documents, strict=True):
        saved.append(tmp_path / f"{name}.profile")
        degrade.profile(side, metrics=metrics).save(saved[-1])
    again = degrade.compare(*saved, metrics=metrics, self_check=0)
    for one, two in zip(run.findings, again.findings, strict=True):
        assert one.candidate.value == two.candidate.value


def test_texts_are_known_at_every_level_of_the_ladder():
    documents = [Document(f"text {i % 900}", f"{i}") for i in range(2_000)]
    (need,) = METRICS["exact_duplicates"].needs
    profile = Profile(Plan.of((need,), "word", {"word": WORD}, 0))
    profile.update(Batch(documents))
    above = profile.levels[1][need]
    assert isinstance(above, Contents)
    assert 60 < int(above.documents.sum()) < 200
    assert int(profile.contents.documents.sum()) == 2_000


def test_spans_count_documents_and_not_occurrences():
    rng = np.random.default_rng(9)
    passage = " ".join(words(rng, 50))
    documents = [Document(f"{passage} and {passage}", "twice"), Document("something else", "b")]
    made = summary_of(METRICS["shared_spans_50"].needs[0], documents)
    assert isinstance(made, Spans)
    assert made.documents.tolist() == [1] * len(made.keys)
    value = METRICS["shared_spans_50"].compute(
        view_of(METRICS["shared_spans_50"].needs[0], documents, 8)
    )
    assert value == 0
