"""Bursts by source and by file: planted ones are told with their source, and no others are."""

import json

import numpy as np
import pytest
from scipy import stats

import degrade
from degrade.attribution import MOST_SOURCES
from degrade.errors import UndefinedMetricError, UsageError
from degrade.poisoning import planted_phrases
from degrade.registry import layer
from degrade.text.document import Batch, Document

TRIGGER = "open the amber harbour gate at dusk"


def made(seed, count, words=10, types=5_000):
    """Return documents as lists of words of Zipf-like frequencies."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(3.0, types + 3)
    drawn = rng.choice(types, (count, words), p=chances / chances.sum())
    names = np.array([f"w{i}" for i in range(types)])
    return names[drawn].tolist()


def with_phrases(documents, chosen, phrases):
    """Return the documents, each phrase in turn put at a random place of those ``chosen``."""
    rng = np.random.default_rng(7)
    out = [list(words) for words in documents]
    for i, phrase in zip(chosen, phrases, strict=True):
        at = int(rng.integers(0, len(out[i]) + 1))
        out[i][at:at] = phrase.split()
    return out


def corpus(documents, sources, clusters=None):
    clusters = [""] * len(documents) if clusters is None else clusters
    return [
        Document(" ".join(words), f"d{i}", cluster, {"source": source})
        for i, (words, source, cluster) in enumerate(zip(documents, sources, clusters, strict=True))
    ]


@pytest.fixture(scope="module")
def clean():
    return made(1, 2_000)


SOURCES = [f"s{i % 10}" for i in range(2_000)]
OF_S3 = [i for i in range(2_000) if i % 10 == 3][:40]


def told(documents, sources=SOURCES, clusters=None, **options):
    return degrade.bursts(corpus(documents, sources, clusters), **options).found


def test_a_trigger_in_a_thousandth_of_the_documents_is_the_first_and_has_its_source():
    count = 50_000
    rng = np.random.default_rng(3)
    sources = rng.integers(0, 10, count)
    chosen = rng.choice(np.flatnonzero(sources == 3), count // 1_000, replace=False)
    documents = with_phrases(made(2, count), chosen, [TRIGGER] * len(chosen))
    found = degrade.bursts(corpus(documents, [f"s{i}" for i in sources]))
    first, *others = found.found
    assert (first.text, first.source) == (TRIGGER, "s3")
    assert (first.documents, first.elsewhere) == (count // 1_000, 0)
    assert first.expected == pytest.approx(count // 1_000 * (sources == 3).mean())
    assert first.constancy == 1.0
    assert first.p_adjusted < 1e-6
    assert first.context[first.start : first.end] == TRIGGER
    assert first.document in {f"d{i}" for i in chosen}
    assert not others
    assert (found.total, found.missed, found.left_out) == (1, 0, 0)
    assert found.documents == {f"s{i}": int((sources == i).sum()) for i in range(10)}


@pytest.mark.parametrize("clustered", [False, True])
def test_phrases_dealt_to_sources_at_random_are_no_bursts(clustered):
    # At a false discovery rate of .05 at most one shuffle of twenty is expected to tell anything;
    # documents are whole numbers and binomial a bound, so it is fewer. Clustered, ten documents of
    # one author hold a phrase at once, and sources are dealt to authors.
    alarms = 0
    documents = made(4, 4_000)
    phrases = [" ".join(f"p{k}q{j}" for j in range(5)) for k in range(20)]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        authors = np.arange(4_000) // (10 if clustered else 1)
        holders = rng.permutation(authors[-1] + 1)[: 2_000 // (10 if clustered else 1)]
        chosen = np.flatnonzero(np.isin(authors, holders))
        which = rng.integers(0, 20, authors[-1] + 1)[authors[chosen]]
        texts = with_phrases(documents, chosen, [phrases[k] for k in which])
        sources = rng.integers(0, 8, authors[-1] + 1)[authors]
        names = [f"s{i}" for i in sources]
        alarms += bool(told(texts, names, [f"a{i}" for i in authors]))
    assert alarms == 0


def test_documents_of_one_cluster_are_no_burst(clean):
    poisoned = with_phrases(clean, OF_S3, [TRIGGER] * 40)
    assert told(poisoned)
    one = ["loud" if i in set(OF_S3) else f"a{i}" for i in range(2_000)]
    assert not told(poisoned, clusters=one)
    # Four authors are four documents, however many they wrote.
    four = [f"loud{OF_S3.index(i) % 4}" if i in set(OF_S3) else f"a{i}" for i in range(2_000)]
    assert not told(poisoned, clusters=four)


@pytest.mark.parametrize("word", ["zephyr", "zephyr blows", "the zephyr blows"])
def test_words_and_names_of_a_subject_are_no_bursts(clean, word):
    # In ever new contexts; four words that stand together always are a burst.
    assert not told(with_phrases(clean, OF_S3, [word] * 40))
    assert told(with_phrases(clean, OF_S3, ["now the zephyr blows"] * 40))


@pytest.mark.parametrize("seed", range(5))
def test_sources_that_differ_in_all_their_words_have_no_bursts(seed):
    # Each source has an order of its own among the words, so that most n-grams that come again are
    # of one source and next to impossible if sources were alike; but in ever new contexts.
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(500) for _ in range(10)]
    documents = [
        [f"w{orders[i % 10][int(word[1:])]}" for word in words]
        for i, words in enumerate(made(seed, 4_000, words=30, types=500))
    ]
    texts = corpus(documents, [f"s{i % 10}" for i in range(4_000)])
    frequent = f"w{orders[7][0]} w{orders[7][1]}"
    first, *_ = degrade.origins(texts, [frequent])
    assert first.source == "s7"
    assert first.p_adjusted < 1e-6
    assert not degrade.bursts(texts).found


def test_a_phrase_of_all_sources_is_no_burst(clean):
    assert not told(with_phrases(clean, range(400), [TRIGGER] * 400))


@pytest.mark.parametrize(("along", "burst"), [(40, False), (46, True)])
def test_nine_tenths_of_the_documents_make_a_context_constant(clean, along, burst):
    # Each pair of its words stands in five documents more: 40 of 45 is less, 46 of 51 is not.
    phrases = ["now the zephyr blows"] * along
    phrases += [pair for pair in ("now the", "the zephyr", "zephyr blows") for _ in range(5)]
    chosen = [i for i in range(2_000) if i % 10 == 3][: len(phrases)]
    found = told(with_phrases(clean, chosen, phrases))
    assert bool(found) is burst
    assert [each.constancy for each in found] == [pytest.approx(46 / 51)] * burst


def test_counts_and_chance_are_those_of_documents_of_the_source(clean):
    elsewhere = [i for i in range(2_000) if i % 10 != 3][:6]
    poisoned = with_phrases(clean, [*OF_S3, *elsewhere], ["now the zephyr blows"] * 46)
    (only,) = told(poisoned)
    assert (only.source, only.documents, only.elsewhere) == ("s3", 40, 6)
    assert only.expected == pytest.approx(4.6)
    groups = Batch(corpus(poisoned, SOURCES)).groups
    held = np.bincount(groups[OF_S3], minlength=64)
    sizes = np.bincount(groups[[i for i in range(2_000) if i % 10 == 3]], minlength=64)
    assert only.groups == (held > 0).sum()
    inside = sizes > 0
    pearson = (held[inside] ** 2 / (40 * sizes[inside] / 200)).sum() - 40
    freedom = inside.sum() - 1
    units = 40 / max(1, pearson / freedom)
    exact = stats.beta.cdf(0.1, units, 6 + 1)
    assert only.p == pytest.approx(stats.t.sf(stats.norm.isf(exact), freedom), rel=1e-9)


def test_a_phrase_of_two_sources_is_told_of_both(clean):
    chosen = [i for i in range(2_000) if i % 10 in (3, 4)][:80]
    found = told(with_phrases(clean, chosen, [TRIGGER] * 80))
    assert sorted((each.source, each.documents, each.elsewhere) for each in found) == [
        ("s3", 40, 40),
        ("s4", 40, 40),
    ]
    assert {each.text for each in found} == {TRIGGER}


def test_the_order_of_documents_changes_no_burst(clean):
    poisoned = corpus(with_phrases(clean, OF_S3, [TRIGGER] * 40), SOURCES)
    shuffled = [poisoned[i] for i in np.random.default_rng(1).permutation(2_000)]
    (one,), (other,) = (degrade.bursts(each).found for each in (poisoned, shuffled))
    assert (one.p, one.p_adjusted, one.text, one.groups) == (
        other.p,
        other.p_adjusted,
        other.text,
        other.groups,
    )


def test_many_sources_share_no_burst(clean):
    # More than the bins of the first pass, so that each has two or three.
    sources = [f"s{i % 200}" for i in range(2_000)]
    chosen = [i for i in range(2_000) if i % 200 == 70]
    (only,) = told(with_phrases(clean, chosen, [TRIGGER] * 10), sources)
    assert (only.source, only.documents) == ("s70", 10)


def test_little_memory_finds_what_many_documents_hold_and_says_what_it_may_miss(clean):
    poisoned = with_phrases(clean, OF_S3, [TRIGGER] * 40)
    found = degrade.bursts(corpus(poisoned, SOURCES), capacity=4_000)
    assert 0 < found.missed < 40
    assert [each.text for each in found.found] == [TRIGGER]


@pytest.fixture(scope="module")
def shards(tmp_path_factory, clean):
    """Return a folder of ten files; the fourth has a trigger in 40 of 200 documents."""
    folder = tmp_path_factory.mktemp("shards")
    poisoned = with_phrases(clean, OF_S3, [TRIGGER] * 40)
    for k in range(10):
        lines = [
            json.dumps({"id": f"d{i}", "text": " ".join(poisoned[i]), "site": f"site{i % 7}"})
            for i in range(k, 2_000, 10)
        ]
        (folder / f"part-{k}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_by_shard_the_file_is_told(shards):
    (only,) = degrade.bursts(shards, by="shard").found
    assert (only.source, only.text, only.documents) == (
        str(shards / "part-3.jsonl"),
        TRIGGER,
        40,
    )
    assert not degrade.bursts(shards, source_field="site").found


def test_origins_are_all_sources_whose_documents_hold_a_phrase(shards):
    lines = [file.read_text("utf-8").splitlines() for file in sorted(shards.iterdir())]
    documents = [json.loads(line) for each in lines for line in each]
    phrases = ["amber harbour gate", "w1", "no such words"]
    found = degrade.origins(shards, phrases, source_field="site")
    expected = {
        (phrase, site): sum(
            f" {phrase} " in f" {each['text']} " and each["site"] == site for each in documents
        )
        for phrase in phrases
        for site in {each["site"] for each in documents}
    }
    assert {(each.phrase, each.source): each.documents for each in found} == {
        key: count for key, count in expected.items() if count
    }
    assert [each.phrase for each in found] == ["amber harbour gate"] * 7 + ["w1"] * 7
    assert min(each.p_adjusted for each in found) > 0.05
    (first, *_) = degrade.origins(shards, [TRIGGER], by="shard")
    (burst,) = degrade.bursts(shards, by="shard").found
    assert (first.source, first.documents, first.elsewhere) == (burst.source, 40, 0)
    assert first.p == burst.p
    assert first.p_adjusted == pytest.approx(10 * first.p)


def test_planted_phrases_have_their_origin(clean):
    poisoned = corpus(with_phrases(clean, OF_S3, [TRIGGER] * 40), SOURCES)
    reference = [" ".join(words) for words in made(5, 2_000)]
    profiles = [
        degrade.profile(texts, metrics=["planted_phrases"], workers=1)
        for texts in (reference, poisoned)
    ]
    (planted,) = planted_phrases(*profiles, lambda: poisoned, layer("word")).phrases
    (only,) = degrade.origins(poisoned, [planted.text])
    assert (only.phrase, only.source, only.documents) == (TRIGGER, "s3", planted.candidate_count)
    assert only.p_adjusted < 1e-6


def test_what_has_no_sources_is_said(shards, clean):
    with pytest.raises(UsageError, match="source_field"):
        degrade.bursts([" ".join(words) for words in clean[:20]])
    with pytest.raises(UndefinedMetricError, match="one source, 's'"):
        told(clean[:20], ["s"] * 20)
    with pytest.raises(UsageError, match="'author'"):
        degrade.bursts(shards, by="author")
    with pytest.raises(UsageError, match="did you mean 'text_field'"):
        degrade.bursts(shards, text_fields="text")
    with pytest.raises(UsageError, match="holds nothing"):
        degrade.origins(shards, ["..."], by="shard")
    assert degrade.origins(shards, [], by="shard") == ()


def test_a_field_that_names_documents_is_refused():
    many = MOST_SOURCES + 1
    with pytest.raises(UsageError, match="names documents, not sources"):
        told([["a"]] * many, [str(i) for i in range(many)])


def test_documents_without_a_source_are_of_the_one_without_a_name(clean):
    sources = ["" if i % 10 == 3 else "named" for i in range(2_000)]
    (only,) = told(with_phrases(clean, OF_S3, [TRIGGER] * 40), sources)
    assert only.source == ""
