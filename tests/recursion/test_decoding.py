"""What degrade says of one model's text at lower temperatures and smaller nuclei.

An interpolated trigram model of all of Moby Dick, 420 documents of 500 words a corpus, compared
with its own text at temperature 1: what differs is the decoding and nothing else (nucleus sampling
of Holtzman et al. 2020). All levels were so with each of the seeds 0 to 3; here it is 0.
"""

from itertools import pairwise

import numpy as np
import pytest
from ngram_model import Model

import degrade

TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.5)
NUCLEI = (1.0, 0.95, 0.9, 0.8)


@pytest.fixture(scope="module")
def decoded(moby_dick):
    """Return fresh text, and text by temperature and by nucleus, the first of each the plain."""
    documents, _ = moby_dick
    model, rng = Model.trained(documents), np.random.default_rng(0)

    def sample(**decoding):
        return model.sample(*documents.shape, rng, **decoding)

    fresh, plain = sample(), sample()
    by_temperature = [plain, *(sample(temperature=t) for t in TEMPERATURES[1:])]
    return fresh, by_temperature, [plain, *(sample(top_p=p) for p in NUCLEI[1:])]


@pytest.fixture(scope="module")
def profiles(decoded, text):
    fresh, by_temperature, by_nucleus = decoded
    cooler = [degrade.profile(text(each), workers=1) for each in by_temperature]
    smaller = [degrade.profile(text(each), workers=1) for each in by_nucleus[1:]]
    return degrade.profile(text(fresh), workers=1), cooler, [cooler[0], *smaller]


@pytest.fixture(scope="module")
def temperatures(profiles):
    return degrade.compare(profiles[0], *profiles[1], reference_role="heldout")


@pytest.fixture(scope="module")
def nuclei(profiles):
    return degrade.compare(profiles[0], *profiles[2], reference_role="heldout")


def found(run, metric):
    return [finding for finding in run.findings if finding.metric == metric]


def families(run):
    return [
        {name: family.level for name, family in each.verdict.families.items()}
        for each in run.comparisons
    ]


def types(documents, n):
    ngrams = np.lib.stride_tricks.sliding_window_view(documents, n, axis=1).reshape(-1, n)
    return len(np.unique(ngrams @ 20_000 ** np.arange(n)))


def simpson(documents):
    counts = np.bincount(documents.ravel())
    return (counts * (counts - 1)).sum() / (documents.size * (documents.size - 1))


def repetition(documents):
    """Return 1 - distinct / all 4-grams of whole documents (seq-rep-4 of Welleck et al. 2020)."""
    ngrams = documents.shape[1] - 3
    distinct = [len({tuple(d[i : i + 4]) for i in range(ngrams)}) for d in documents.tolist()]
    return 1 - sum(distinct) / (ngrams * len(documents))


def test_text_by_temperature_has_the_known_figures(decoded):
    # Of half as much text as is trained on. Between seeds, types stray by 1%, Simpson by 1.5%, and
    # repetition at .5 by 2%; at 1 it is some 20 of 100,000 4-grams.
    _, (plain, *_, coolest), _ = decoded
    plain, coolest = plain[:210], coolest[:210]
    assert types(plain, 1) == pytest.approx(10_420, rel=0.03)
    assert types(coolest, 1) == pytest.approx(8_100, rel=0.03)
    assert simpson(plain) == pytest.approx(0.0100, rel=0.05)
    assert simpson(coolest) == pytest.approx(0.0202, rel=0.05)
    assert repetition(plain) == pytest.approx(0.00017, abs=0.00013)
    assert repetition(coolest) == pytest.approx(0.0147, rel=0.1)


def test_text_by_nucleus_has_the_known_figures(decoded):
    _, _, by_nucleus = decoded
    halves = [each[:210] for each in by_nucleus]
    known_pairs, known_simpson = (55_323, 51_662, 48_276, 44_673), (0.0100, 0.0106, 0.0115, 0.0134)
    assert [types(each, 2) for each in halves] == pytest.approx(known_pairs, rel=0.02)
    assert [simpson(each) for each in halves] == pytest.approx(known_simpson, rel=0.05)


def test_words_of_the_text_are_those_of_the_model(decoded, temperatures):
    for documents, finding in zip(decoded[1], found(temperatures, "types_1"), strict=True):
        assert finding.candidate.counts["types"] == types(documents, 1)
        assert finding.candidate.counts["tokens"] == documents.size


def test_fresh_text_of_the_model_is_none(temperatures):
    verdict = temperatures.comparisons[0].verdict
    assert (verdict.level, verdict.direction, verdict.shifted) == ("none", "same", False)
    assert verdict.ruled_out in ("minor", "moderate")


def test_types_fall_and_simpson_rises_with_temperature(temperatures):
    for metric, sign in (("types_1", -1), ("types_2", -1), ("simpson", 1)):
        values = [sign * finding.candidate.value for finding in found(temperatures, metric)]
        assert all(later > earlier for earlier, later in pairwise(values))
        assert all(
            sign * finding.change.value > 0 and finding.change.low * finding.change.high > 0
            for finding in found(temperatures, metric)[1:]
        )
    # 1.00 -> 2.02e-2, against which fresh text strays by 2%.
    assert found(temperatures, "simpson")[-1].change.value == pytest.approx(1.02, abs=0.08)


def test_low_temperature_is_lost_diversity_and_repetition(temperatures):
    *_, warm, coolest = families(temperatures)
    assert coolest["lexical diversity"] == "severe"
    assert coolest["repetition"] == "severe"
    assert coolest["rare n-gram loss"] == "moderate"
    # At .7, loops are four times as many and still far too few to count.
    assert warm["repetition"] == "none"
    assert warm["lexical diversity"] == "moderate"
    verdict = temperatures.comparisons[-1].verdict
    assert verdict.level == "severe"
    assert "repeats itself more" in verdict.headline
    assert "has lost variety" in verdict.headline


def test_repetition_rises_with_falling_temperature(temperatures):
    # Windows of 200 words see half of what whole documents of 500 repeat.
    cooler = found(temperatures, "repetition_4")[1:]
    values = [finding.candidate.value for finding in cooler]
    assert values == sorted(values)
    assert cooler[-1].candidate.counts["window"] == 200
    assert cooler[-1].candidate.value == pytest.approx(0.0077, abs=0.0008)
    assert found(temperatures, "repetition_4")[0].candidate.value < 0.0005


def test_pairs_fall_and_simpson_rises_as_the_nucleus_shrinks(nuclei):
    pairs = [finding.candidate.value for finding in found(nuclei, "types_2")]
    same = [finding.candidate.value for finding in found(nuclei, "simpson")]
    assert pairs == sorted(pairs, reverse=True)
    assert same == sorted(same)
    for metric in ("types_1", "types_2"):
        assert all(finding.change.high < 0 for finding in found(nuclei, metric)[1:])
    assert all(finding.change.low > 0 for finding in found(nuclei, "simpson")[1:])
    assert found(nuclei, "simpson")[-1].change.value == pytest.approx(0.34, abs=0.05)


def test_a_smaller_nucleus_is_tail_and_concentration_and_not_repetition(nuclei):
    assert all(each["repetition"] == "none" for each in families(nuclei))
    assert all(finding.candidate.value <= 0.0005 for finding in found(nuclei, "repetition_4"))
    assert [each["lexical diversity"] for each in families(nuclei)] == [
        "none",
        "minor",
        "moderate",
        "moderate",
    ]
    # The tail: once-seen words go at .95 already, and are shown to go at .9.
    rare = found(nuclei, "rare_loss_1")
    assert all(finding.change.low > 0 for finding in rare[1:])
    assert [finding.level for finding in rare[:2]] == ["none", "none"]
    assert all(finding.level in ("minor", "moderate") for finding in rare[2:])
    for verdict in (each.verdict for each in nuclei.comparisons[1:]):
        # Mixed where few phrases take over, so that rare word triples return more often.
        assert verdict.direction in ("worse", "mixed")
        assert "lost variety" in verdict.headline
        assert "repeats itself" not in verdict.headline


def test_concentrated_text_is_not_taken_for_text_of_a_model_that_saw_the_reference(profiles):
    # At .8, words and pairs are lost (.09, .04) while triples come back more often (-.22).
    fresh, cooler, smaller = profiles
    run = degrade.compare(fresh, cooler[2], smaller[3])
    assert run.record.corpora[0].reference_role == "heldout"
    assert run.warnings == ()


def test_concentrated_text_is_not_praised_for_its_rare_phrases(temperatures):
    # At .9 and .8, once-seen words are lost and triples come back more often: no gain of both.
    for each in temperatures.comparisons[1:]:
        assert "keeps more rare words" not in each.verdict.headline
