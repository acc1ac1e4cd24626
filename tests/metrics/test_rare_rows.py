"""Bands of rare n-grams, coverage, once-seen n-grams and rare text, against enumeration."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from degrade import registry
from degrade.census.section import Section
from degrade.census.table import Table
from degrade.errors import UndefinedMetricError
from degrade.metric import View
from degrade.summaries import Census, Need
from degrade.view import Selection
from degrade_metrics.halves import HALVINGS, excess
from degrade_metrics.rare_halves import RARE, once_seen_kept, rare_mass
from degrade_metrics.rare_ngrams import covered, kept_in_band

METRICS = registry.catalogue().metrics
WORDS = Need(Census, layer="word", n=1)


@dataclass(frozen=True)
class Corpus:
    """One document of small numbers a group."""

    documents: list[list[int]]

    def view(self, tokens, *, paired=False, n=1):
        bounds = np.cumsum([0, *map(len, self.documents)])
        symbols = np.array([s for d in self.documents for s in d], dtype=np.uint64)
        groups = len(self.documents)
        table = Table.count(symbols, bounds, np.arange(groups, dtype=np.uint8), n)
        sizes = np.diff(bounds)
        whole = sum(1 << int(g) for g in np.flatnonzero(sizes))
        sections = {Need(Census, layer="word", n=n): Section(table, None, groups)}
        return View(sections, float(tokens), Selection(sizes, whole), paired=paired)

    @property
    def sets(self):
        return [set(d) for d in self.documents]

    def ngrams(self, n):
        """Return the corpus whose tokens are the n-grams of this one."""
        return Corpus([list(zip(*(d[k:] for k in range(n)), strict=False)) for d in self.documents])


def even(seed, length, types=40, groups=8):
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    drawn = rng.choice(types, (groups, length), p=weights / weights.sum())
    return Corpus(drawn.tolist())


def brute_kept(reference, candidate, band, drawn, drawn_there, *, paired=False):
    """Enumerate every halving, and every draw of groups from the other half and the candidate."""
    mine, theirs = reference.sets, candidate.sets
    rare_total = fresh_total = returned_total = 0.0
    for half in combinations(range(len(mine)), len(mine) // 2):
        rest = [g for g in range(len(mine)) if g not in half]
        types = set().union(*(mine[g] for g in half))
        rare = {t for t in types if band[0] <= sum(t in mine[g] for g in half) <= band[1]}
        seen = [set().union(*(mine[g] for g in draw)) for draw in combinations(rest, drawn)]
        places = rest if paired else range(len(theirs))
        there = [
            set().union(*(theirs[g] for g in draw)) for draw in combinations(places, drawn_there)
        ]
        rare_total += len(rare)
        fresh_total += sum(len(rare & s) for s in seen) / len(seen)
        returned_total += sum(len(rare & s) for s in there) / len(there)
    return fresh_total / rare_total, returned_total / rare_total


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("band", [(2, 3), (1, 2)])
def test_a_band_is_averaged_over_all_halvings(band, paired):
    reference, candidate = even(3, 10), even(4, 10)
    views = [each.view(30, paired=paired) for each in (reference, candidate)]
    expected = brute_kept(reference, candidate, band, 3, 3, paired=paired)
    assert kept_in_band(*views, WORDS, band) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("seed", [3, 5])
def test_coverage_is_averaged_over_all_halvings(seed, paired):
    reference, candidate = even(seed, 10), even(4, 10)
    views = [each.view(30, paired=paired) for each in (reference, candidate)]
    expected = brute_kept(reference, candidate, (1, 8), 3, 3, paired=paired)
    assert covered(*views, WORDS) == pytest.approx(expected, rel=1e-9)
    # The bands together are all n-grams.
    assert kept_in_band(*views, WORDS, (1, 8)) == pytest.approx(expected, rel=1e-9)


def test_coverage_of_disjoint_vocabularies_is_nothing():
    reference = even(3, 10)
    other = replace(reference, documents=[[t + 100 for t in d] for d in reference.documents])
    fresh, back = covered(reference.view(30), other.view(30), WORDS)
    assert fresh > 0.2
    assert back == pytest.approx(0, abs=1e-12)


def brute_halves(reference, candidate, *, paired):
    """Yield a half, the other one, and the halves of the candidate that may be looked at."""
    groups = len(reference.documents)
    for start in HALVINGS:
        first = start * groups // 8
        order = [g % groups for g in range(first, first + groups)]
        halves = order[:3], order[3:6]
        mine, theirs = (
            [[t for g in half for t in each.documents[g]] for half in halves]
            for each in (reference, candidate)
        )
        for i in (0, 1):
            yield mine[i], mine[1 - i], [theirs[1 - i]] if paired else theirs


@pytest.mark.parametrize("paired", [False, True])
def test_once_seen_and_rare_mass_count_what_halves_hold(paired):
    # Halves leave room for two groups to be left out: they are three of eight groups each.
    reference, candidate = even(3, 25, types=60), even(4, 25, types=60)
    views = [each.view(400, paired=paired) for each in (reference, candidate)]
    once = [0.0, 0.0, 0.0]
    mass = [[0.0, 0.0], [0.0, 0.0]]
    for half, fresh, there in brute_halves(reference, candidate, paired=paired):
        single = {t for t in half if half.count(t) == 1}
        rare = {t for t in half if half.count(t) <= RARE}
        once[0] += len(single)
        once[1] += len(single & set(fresh))
        once[2] += np.mean([len(single & set(each)) for each in there])
        for total, texts in zip(mass, ([fresh], there), strict=True):
            total[0] += np.mean([sum(t in rare for t in text) for text in texts])
            total[1] += np.mean([len(text) for text in texts])
    found = once_seen_kept(*views, WORDS)
    assert found == pytest.approx((once[1] / once[0], once[2] / once[0]))
    assert rare_mass(*views, WORDS) == pytest.approx([top / below for top, below in mass])


BANDS = {"": (1, 1), "_band_2_3": (2, 3), "_band_4_7": (4, 7)}


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("band", BANDS)
def test_losses_go_by_the_order_and_the_band_of_their_names(band, n):
    reference, candidate = even(3, 10, types=4), even(4, 10, types=4)
    views = [each.view(30, n=n) for each in (reference, candidate)]
    expected = brute_kept(reference.ngrams(n), candidate.ngrams(n), BANDS[band], 3, 3)
    assert METRICS[f"rare_loss_{n}{band}"].compute(*views) == pytest.approx(expected, rel=1e-9)


def test_coverage_goes_by_its_name():
    views = [even(seed, 10).view(30) for seed in (3, 4)]
    assert METRICS["vocabulary_coverage"].compute(*views) == covered(*views, WORDS)


def test_names_and_numbers_are_lost_as_words_are():
    for name in ("name", "number"):
        need = Need(Census, layer=name, n=1)
        views = [
            View({need: view.sections[WORDS]}, view.tokens, view.selection)
            for view in (even(seed, 10).view(30) for seed in (3, 4))
        ]
        expected = brute_kept(even(3, 10), even(4, 10), (1, 1), 3, 3)
        assert METRICS[f"{name}_loss"].compute(*views) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_is_counted_in_halves_goes_by_the_order_of_its_name(n):
    types = {1: 60, 2: 12, 3: 6}[n]
    reference, candidate = even(3, 25, types=types), even(4, 25, types=types)
    views = [each.view(400, n=n) for each in (reference, candidate)]
    for name, compute in (("once_seen_loss", once_seen_kept), ("rare_mass", rare_mass)):
        expected = compute(*views, Need(Census, layer="word", n=n))
        assert METRICS[f"{name}_{n}"].compute(*views) == expected
    grams = reference.ngrams(n), candidate.ngrams(n)
    every = sorted({g for each in grams for d in each.documents for g in d})
    apart = []
    for start in HALVINGS:
        order = [g % 8 for g in range(start, start + 8)]
        counts = [
            Counter(gram for g in half for gram in each.documents[g])
            for each in grams
            for half in (order[:3], order[3:6])
        ]
        shares = np.array([[c[gram] / c.total() for gram in every] for c in counts])
        far = np.array([[jensenshannon(a, b) ** 2 for b in shares] for a in shares])
        apart.append(far[:2, 2:].mean() - (far[0, 1] + far[2, 3]) / 2)
    assert METRICS[f"jsd_{n}"].compute(*views) == pytest.approx(np.mean(apart), abs=1e-12)


def test_what_never_comes_back_has_no_loss():
    alone = Corpus([[10 * g + k for k in range(5)] for g in range(8)])
    for compute in (once_seen_kept, rare_mass):
        with pytest.raises(UndefinedMetricError, match="in its other half"):
            compute(alone.view(40), alone.view(40), WORDS)


def test_the_excess_is_what_lies_between_beyond_what_lies_within():
    table = np.array([[0, 1, 5, 7], [2, 0, 6, 8], [9, 9, 0, 3], [9, 9, 4, 0]], dtype=float)
    assert excess([table], paired=False) == (5 + 7 + 6 + 8) / 4 - (1 + 2 + 3 + 4) / 4
    # In pairs, the first half of one shares its clusters with the first of the other.
    assert excess([table, table], paired=True) == (7 + 6) / 2 - (1 + 2 + 3 + 4) / 4
