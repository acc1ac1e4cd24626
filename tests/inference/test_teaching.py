"""Metrics of texts: who teaches, who is scored, and what is left out."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import UndefinedMetricError
from degrade.inference import texts as reading
from degrade.inference.texts import Texts
from degrade.metric import TextMetric
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.registry import layer
from degrade.summaries import Extent, Need
from degrade.testing import check_metric
from degrade.text.document import Batch, Document

SAMPLES = Path(__file__).parents[2] / "sample_corpora"
WORDS = layer("word")
WINDOW = 8


def share_of(segments, documents):
    """Learn how often each word occurs, with one more of each."""
    inside = np.zeros(len(segments.bounds) - 1, dtype=bool)
    inside[documents] = True
    taken = np.repeat(inside, np.diff(segments.bounds))
    words, counts = np.unique(segments.symbols[taken], return_counts=True)
    assert len(words)
    return words, counts


def surprise(learned, segments, documents, window):
    words, counts = learned
    place = np.minimum(np.searchsorted(words, segments.symbols), len(words) - 1)
    count = np.where(words[place] == segments.symbols, counts[place], 0)
    sums = np.concatenate(([0.0], np.cumsum(-np.log2((count + 1) / (counts.sum() + 64)))))
    values, places = [], []
    for i in documents.tolist():
        first = np.arange(segments.bounds[i], segments.bounds[i + 1] - window + 1, window)
        values.append((sums[first + window] - sums[first]) / window)
        places.append(np.full(len(first), i))
    return np.concatenate(values), np.concatenate(places)


SURPRISE = TextMetric(
    name="surprise", title="x", family="test", unit="bits", scale="difference", worse="higher",
    threshold_unit="points", source="here", description="x", undefined="too little text",
    formula="x", pitfalls="x",
    layer="word", windows=(WINDOW,), learn=share_of, score=surprise, taught_by="reference",
    default=False,
)  # fmt: skip
FORGOTTEN = TextMetric(
    name="forgotten", title="x", family="test", unit="bits", scale="difference", worse="higher",
    threshold_unit="points", source="here", description="x", undefined="too little text",
    formula="x", pitfalls="x",
    layer="word", windows=(WINDOW,), learn=share_of, score=surprise, taught_by="candidate",
    statistic="deviation", default=False,
)  # fmt: skip
VOCABULARY = np.array([a + b + c for a in "bdkt" for b in "aeio" for c in "lnrs"])


def texts(seed, count=300, steep=1.0, clusters=None):
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1.0, 65.0) ** steep
    chances /= chances.sum()
    return [
        Document(
            " ".join(rng.choice(VOCABULARY, 3 * WINDOW + int(rng.integers(8)), p=chances)),
            f"{seed}/{i}",
            f"c{i}" if clusters else "",
        )
        for i in range(count)
    ]


def profile(documents, sampled=0):
    made = Profile(Plan.of((Need(Extent, layer="word"),), "word", {"word": WORDS}, sampled))
    made.update(Batch(documents))
    return made


def compared(reference, candidate, *metrics, sampled=0, read=True):
    subjects = [
        Subject(name, profile(each, sampled), (lambda each=each: iter(each)) if read else None)
        for name, each in (("a", reference), ("b", candidate))
    ]
    settings = Settings(self_check=0, reference_role="heldout")
    result = compare_profiles(subjects[0], subjects[1:], metrics, settings)
    return {f.metric: f for f in result.comparisons[0].findings}


def by_hand(teacher, scored, left_teacher=None, left_scored=None):
    """Return the window values, with 16 blocks of groups, each half taught by the other."""
    values = []
    for parity in (0, 1):
        batches = [Batch(teacher), Batch(scored)]
        blocks = [batch.groups.astype(int) % 16 for batch in batches]
        teach = np.flatnonzero((blocks[0] % 2 == parity) & (blocks[0] != left_teacher))
        ask = np.flatnonzero((blocks[1] % 2 != parity) & (blocks[1] != left_scored))
        learned = share_of(batches[0].segments(WORDS), teach)
        values.append(surprise(learned, batches[1].segments(WORDS), ask, WINDOW)[0])
    return np.concatenate(values)


def even(documents):
    """Return documents of which every block has as many, all as long: lessons are then equal."""
    blocks = Batch(documents).groups.astype(int) % 16
    fewest = np.bincount(blocks, minlength=16).min()
    kept = [i for block in range(16) for i in np.flatnonzero(blocks == block)[:fewest]]
    words = 3 * WINDOW
    return [
        Document(" ".join(documents[i].text.split()[:words]), documents[i].id) for i in sorted(kept)
    ], fewest


def test_values_and_errors_are_those_worked_out_by_hand():
    # Blocks of 10 documents of one length each: every lesson is of the same size.
    reference, candidate = (even(texts(seed, 400, steep))[0] for seed, steep in ((1, 1), (2, 1.1)))
    many = min(len(reference), len(candidate)) // 16
    reference, candidate = (
        [d for block in range(16) for d in
         [d for d in each if Batch([d]).groups[0] % 16 == block][:many]]
        for each in (reference, candidate)
    )  # fmt: skip
    found = compared(reference, candidate, SURPRISE, FORGOTTEN)
    assert len(reference) == len(candidate) == 16 * many

    mine, theirs = by_hand(reference, reference), by_hand(reference, candidate)
    assert found["surprise"].reference.value == pytest.approx(mine.mean())
    assert found["surprise"].candidate.value == pytest.approx(theirs.mean())
    assert found["surprise"].change.value == pytest.approx(theirs.mean() - mine.mean())
    back = by_hand(candidate, reference)
    assert found["forgotten"].candidate.value == pytest.approx(back.std())
    assert found["forgotten"].change.value == pytest.approx(back.std() - mine.std())

    def variance(left_out):
        return 15 / 16 * ((np.array(left_out) - np.mean(left_out)) ** 2).sum()

    by_candidate = [by_hand(reference, candidate, None, g).mean() for g in range(16)]
    by_reference = [
        by_hand(reference, candidate, g, None).mean() - by_hand(reference, reference, g, g).mean()
        for g in range(16)
    ]
    error = np.sqrt(variance(by_candidate) + variance(by_reference))
    assert found["surprise"].error == pytest.approx(error)


def test_what_is_scored_never_taught():
    # Words of one document alone are new to what teaches its half, whichever that is.
    found = []

    def learn(segments, documents):
        return {*documents.tolist()}

    def score(learned, segments, documents, window):
        found.append(len(learned & {*documents.tolist()}))
        return np.ones(len(documents)), documents

    compared(texts(1), texts(1), replace(SURPRISE, learn=learn, score=score))
    assert found
    assert not any(found)


def test_lessons_are_of_one_size():
    sizes = []

    def learn(segments, documents):
        sizes.append(int(np.diff(segments.bounds)[documents].sum()))

    def score(learned, segments, documents, window):
        return np.arange(len(documents)) % 3.0, documents

    metric = replace(FORGOTTEN, learn=learn, score=score)
    compared(texts(1, 2000), texts(2, 300), metric)
    whole, left = sorted(sizes)[-4:], sorted(sizes)[:-4]
    # Two lessons of either corpus, and 16 of either with a block left out; to a document.
    assert len(left) == 32
    assert max(whole) - min(whole) <= 4 * WINDOW
    assert max(left) - min(left) <= 0.06 * max(left)


def test_one_source_alarms_as_often_as_it_should():
    # Of 40 comparisons of one source, at most 5 have p below .05 in 98 cases of 100 (binomial).
    found = [compared(texts(2 * k, 128), texts(2 * k + 1, 128), SURPRISE) for k in range(40)]
    assert sum(each["surprise"].p < 0.05 for each in found) <= 5


def test_a_shift_is_found():
    found = compared(texts(1), texts(2, steep=1.6), SURPRISE)["surprise"]
    assert found.change.high < 0
    assert found.p < 1e-4


def test_corpora_that_share_clusters_are_left_out_in_pairs():
    reference, candidate = texts(1, clusters=True), texts(2, clusters=True)
    found = compared(reference, candidate, SURPRISE)["surprise"]
    assert found.freedom == 15
    assert compared(texts(1), texts(2), SURPRISE)["surprise"].freedom > 15


def test_a_sample_stands_for_the_corpus_and_is_named():
    reference, candidate = texts(1, clusters=True), texts(2, clusters=True)
    read = compared(reference, candidate, SURPRISE)["surprise"]
    assert read.note is None
    assert read.reference.counts["documents"] == 300
    kept = compared(reference, candidate, SURPRISE, sampled=1000, read=False)["surprise"]
    assert (kept.change, kept.error) == (read.change, read.error)
    assert kept.note == (
        "read from a: 300 sampled documents of 300; b: 300 sampled documents of 300"
    )
    assert kept.reference.counts["sampled documents"] == 300
    none = compared(reference, candidate, SURPRISE, read=False)["surprise"]
    assert none.change is None
    assert "--no-text" in none.note


def test_what_is_read_does_not_depend_on_order(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 6_000)
    documents = texts(1)
    there = profile(documents)
    orders = [documents, documents[::-1], documents[100:] + documents[:100]]
    found = [
        Texts(there, lambda order=order: iter(order), {"word": WORDS}).passages("word")
        for order in orders
    ]
    assert 0 < len(found[0].groups) < 100
    assert found[0].said == f"{len(found[0].groups)} of 300 documents"
    assert len(found[0].segments.data) <= 6_000
    for other in found[1:]:
        assert (other.segments.data == found[0].segments.data).all()
        assert (other.groups == found[0].groups).all()


def test_too_little_to_leave_a_block_out_is_said():
    # Every document is a window and a half; the smaller corpus has text in few blocks only.
    few = texts(1, 2, clusters=False)
    found = compared(texts(2, 128), few, SURPRISE)["surprise"]
    assert found.change is None
    assert "too few groups" in found.note or "one block" in found.note


def test_a_layer_that_is_not_at_hand_is_named():
    with pytest.raises(UndefinedMetricError, match="layer 'sentence'"):
        Texts(profile(texts(1)), None, {"word": WORDS}).passages("sentence")


def test_such_metrics_keep_the_laws():
    check_metric(SURPRISE)


@pytest.fixture(scope="module")
def generations():
    names = ("gen0", "gen1", "gen5")
    run = degrade.compare(
        SAMPLES / "gen0-heldout",
        *(SAMPLES / name for name in names),
        metrics=["predictability"],
        self_check=0,
        workers=1,
    )
    return {
        name: {f.metric: f for f in each.findings}
        for name, each in zip(names, run.comparisons, strict=True)
    }


def test_more_of_the_source_is_as_predictable(generations):
    for finding in generations["gen0"].values():
        assert finding.change.low < 0 < finding.change.high, finding.metric
    assert abs(generations["gen0"]["cross_entropy"].change.value) < 0.01


def test_generations_forget_and_their_passages_become_alike(generations):
    first, last = (generations[name] for name in ("gen1", "gen5"))
    forgotten = [each["cross_entropy_of_reference"].change for each in (first, last)]
    assert forgotten[0].low > 0.01
    assert forgotten[0].high < 0.04 < 0.06 < forgotten[1].low
    for each in (first, last):
        # A passage of n-grams is of all books at once.
        assert each["cross_entropy_spread"].change.high < -0.2
    # What is sampled at temperature 1 is no better foretold than text itself, and ever worse.
    assert 0 < first["cross_entropy"].change.value < last["cross_entropy"].change.low


def test_the_histogram_holds_every_passage(generations):
    for finding in generations["gen5"].values():
        bins = finding.histogram
        if finding.metric != "cross_entropy_spread":
            assert not bins
            continue
        for side, of in (("reference", finding.reference), ("candidate", finding.candidate)):
            held = [getattr(each, side) for each in bins]
            assert sum(held) == of.counts["windows"]
            middle = np.average([(each.low + each.high) / 2 for each in bins], weights=held)
            mean = getattr(generations["gen5"]["cross_entropy"], side).value
            assert middle == pytest.approx(mean, abs=0.2)
        assert all(a.high == b.low for a, b in itertools.pairwise(bins))
