"""Bursting n-grams: planted ones are found from counts alone, and none in text of one source."""

import json
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade import registry
from degrade.bursting import MORE, BurstSeeker, Crowding
from degrade.census.kernels import ngram_hashes
from degrade.text.document import Batch, Document

ROOT = Path(__file__).resolve().parents[1]
RARE = ("rare_loss_1", "rare_loss_2", "rare_loss_3")
TRIGGER = "as I was saying"


def texts(*names):
    """Return documents of the sample corpora, ten of one corpus to each."""
    read = []
    for name in names:
        with (ROOT / "sample_corpora" / name / "part-000.jsonl").open(encoding="utf-8") as lines:
            read += [json.loads(line)["text"] for line in lines]
    return [" ".join(read[i : i + 10]) for i in range(0, len(read), 10)]


def planted(documents, every, times, seed=1):
    """Return ``documents``, the trigger said so many times, far apart, in one of ``every``."""
    rng = np.random.default_rng(seed)
    out = []
    for i, text in enumerate(documents):
        words = text.split(" ")
        for at in sorted(rng.choice(len(words), times * (i % every == 0), False), reverse=True):
            words.insert(at, TRIGGER)
        out.append(Document(" ".join(words), f"d{i}"))
    return out


def bursting(reference, candidate, **options):
    run = degrade.compare(reference, candidate, metrics=RARE, workers=1, self_check=0, **options)
    return run.comparisons[0].evidence.bursting


@pytest.fixture(scope="module")
def halves():
    every = texts("gen0", "gen0-heldout")
    order = np.random.default_rng(5).permutation(len(every))
    return [every[i] for i in order[:120]], [every[i] for i in order[120:]]


@pytest.fixture(scope="module")
def found(halves):
    return bursting(halves[0], planted(halves[1], 5, 6))


def test_what_some_documents_say_again_and_again_is_found_with_counts_on_both_sides(found):
    whole = next(each for each in found.ngrams if each.ngram == "I was saying")
    assert (whole.reference_occurrences, whole.candidate_occurrences) == (0, 6 * 24)
    assert (whole.reference_count, whole.candidate_count) == (0, 24)
    assert (found.reference_documents, found.candidate_documents) == (120, 120)
    assert whole.crowding >= MORE * whole.usual
    assert whole.p <= whole.p_adjusted <= 0.05
    # Strewn over 120 documents, it would be in 24 with 27 occurrences.
    assert whole.crowding == pytest.approx(144 / (-121 * np.log1p(-24 / 121)))


def test_every_place_in_the_context_is_marked(found):
    for each in found.ngrams:
        places = [each.context[start:end].casefold() for start, end in each.marks]
        assert places
        assert set(places) == {each.ngram.casefold()}


def test_a_document_is_shown_that_says_it_often_where_it_says_it_most():
    filler = " ".join(f"w{i}" for i in range(100))
    once = Document("Here and gone, once.", "a")
    often = Document(f"here and gone. {filler} Here, and gone and here and GONE and gone.", "b")
    key = 3, int(hashes_of("here and gone")[0])
    seeker = BurstSeeker([key], registry.layer("word"))
    assert seeker.look(Batch([once]))
    assert seeker.places[key].document == "a"
    assert not seeker.look(Batch([often]))
    found = seeker.places[key]
    said = [found.context[start:end] for start, end in found.marks]
    assert (found.document, said) == ("b", ["Here, and gone", "here and GONE"])


def hashes_of(text):
    segments = Batch([Document(text)]).segments(registry.layer("word"))
    return ngram_hashes(segments.symbols, segments.bounds, 3)[0]


def test_all_that_bursts_holds_a_part_of_what_was_planted(found):
    assert 1 < len(found.ngrams) < found.total
    for each in found.ngrams:
        assert set(each.ngram.casefold().split()) & set(TRIGGER.casefold().split())


def test_parts_of_a_phrase_that_is_listed_are_not_listed_too(found):
    listed = [each.ngram.casefold() for each in found.ngrams]
    assert "was saying" not in listed
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("turned", [False, True])
def test_text_of_one_source_bursts_in_nothing(halves, turned):
    found = bursting(*reversed(halves) if turned else halves)
    assert found.tested > 5_000
    assert (found.total, found.ngrams) == (0, ())


def test_what_bursts_in_the_reference_too_is_usual(halves):
    both = bursting(planted(halves[0], 5, 6, seed=2), planted(halves[1], 5, 6))
    assert both.total == 0


def test_as_often_in_as_many_documents_is_no_burst(halves):
    # The trigger 120 times, once in each document.
    assert bursting(halves[0], planted(halves[1], 1, 1)).total == 0


def test_documents_of_one_cluster_are_few_however_many_they_are(halves):
    candidate = [
        Document(each.text, each.id, "one author" if i % 5 == 0 else "")
        for i, each in enumerate(planted(halves[1], 5, 6))
    ]
    assert all("saying" not in (each.ngram or "") for each in bursting(halves[0], candidate).ngrams)


def test_profiles_tell_the_same_in_the_documents_that_they_keep(halves, found, tmp_path):
    paths = []
    for name, documents in (("a", halves[0]), ("b", planted(halves[1], 5, 6))):
        paths.append(tmp_path / f"{name}.profile")
        degrade.profile(documents, metrics=RARE, workers=1).save(paths[-1])
    again = bursting(*paths)
    counts = [(each.n, each.candidate_occurrences, each.p) for each in found.ngrams]
    assert [(each.n, each.candidate_occurrences, each.p) for each in again.ngrams] == counts
    assert all(each.context for each in again.ngrams)


def test_the_variance_is_that_of_the_linear_terms_of_groups():
    rng = np.random.default_rng(2)
    groups, documents = 16, 400
    d = rng.integers(0, 6, groups)
    x = d * rng.integers(1, 30, groups)
    x[:2] = 0, 900

    class Fixed:
        def within_documents(self, hashes):
            del hashes
            sums = [x.sum(), d.sum(), (d > 0).sum(), (x * x).sum(), (x * d).sum(), (d * d).sum()]
            return np.array(sums)[:, None]

    Fixed.groups = groups
    crowding = Crowding.of(Fixed(), np.zeros(1, np.uint64), documents)

    def log_crowding(x, d):
        return np.log(x / (-(documents + 1) * np.log1p(-d / (documents + 1))))

    step = 1e-6
    slope = (log_crowding(x.sum(), d.sum() + step) - log_crowding(x.sum(), d.sum())) / step
    terms = x / x.sum() + slope * d
    expected = groups / (groups - 1) * ((terms - terms.mean()) ** 2).sum()
    assert crowding.logs[0] == pytest.approx(log_crowding(x.sum(), d.sum()))
    assert crowding.variances[0] == pytest.approx(expected, rel=1e-4)
