"""What survives of training data, against what drawing it anew would leave."""

import numpy as np
import pytest
from made_corpora import METRICS, documents, profile

import degrade
from degrade.inference.matching import match, side
from degrade.inference.survival import BANDS, survival
from degrade.summaries import Census, Need
from degrade.text.document import Document

WORDS = Need(Census, layer="word", n=1)
METRIC = (METRICS["types_1"],)


def survived(*corpora):
    profiles = [profile(corpus, METRIC) for corpus in corpora]
    matching = match(profiles)
    sides = [side(name, each, matching) for name, each in zip("ab", profiles, strict=True)]
    return {(s.seen_from, s.seen_to): s for s in survival(*sides, WORDS)}


def resampled(corpus, seed, factor=1.0):
    """Return documents of words drawn one by one from all words of ``corpus``."""
    rng = np.random.default_rng(seed)
    words = np.array([w for d in corpus for w in d.text.split()])
    lengths = [len(d.text.split()) for d in corpus] * round(max(1, factor))
    if factor < 1:
        lengths = lengths[: round(factor * len(lengths))]
    return [
        Document(" ".join(rng.choice(words, length)), f"{seed}/{i}")
        for i, length in enumerate(lengths)
    ]


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_drawing_words_anew_leaves_what_is_expected(factor):
    original = documents(1, 500, 60, types=6_000)
    found = survived(original, resampled(original, 5, factor))
    assert set(found) == set(BANDS)
    for (low, _), band in found.items():
        # Words of one text are drawn alone here, so the binomial error is the right one.
        error = np.sqrt(band.expected * (1 - band.expected) / band.types)
        assert abs(band.kept - band.expected) < 4 * error + 1e-3, low
        assert band.low <= band.kept <= band.high
    ratio = min(1.0, 0.95 * factor)
    assert found[1, 1].expected == pytest.approx(1 - np.exp(-ratio), abs=0.03)


def test_types_are_counted_by_how_often_they_were_seen():
    original = documents(1)
    counts = {}
    for d in original:
        for w in d.text.split():
            counts[w] = counts.get(w, 0) + 1
    found = survived(original, documents(2))
    for low, high in BANDS:
        assert found[low, high].types == sum(low <= n <= high for n in counts.values())


def test_text_learned_by_heart_keeps_more_than_chance():
    original = documents(1)
    copies = [Document(d.text + " w1", f"copy {d.id}") for d in original]
    for band in survived(original, copies).values():
        assert band.low > band.expected
        assert band.kept > 0.9


def test_a_narrowed_model_keeps_less_than_chance():
    original = documents(1)
    found = survived(original, documents(2, types=800))
    assert found[1, 1].high < found[1, 1].expected


def test_survival_is_shown_where_the_reference_was_training_data_and_only_there():
    original = documents(1)
    candidate = [Document(d.text + " w1", f"copy {d.id}") for d in original]
    profiles = [profile(corpus, METRIC) for corpus in (original, candidate)]
    for role, orders in (("training", {1}), ("heldout", set())):
        run = degrade.compare(*profiles, metrics=["types_1"], reference_role=role, self_check=0)
        assert {s.n for s in run.comparisons[0].survival} == orders
