"""Concentration in a source: exact tails, clusters as units, and as rare by chance as said."""

import numpy as np
import pytest
from scipy import stats

from degrade.inference.concentration import concentrated, discoveries, upper_tail


def test_tails_are_binomial_and_bound_draws_without_replacement():
    here, elsewhere = np.meshgrid(np.arange(12), np.arange(12))
    here, elsewhere = here.ravel(), elsewhere.ravel()
    p = upper_tail(here, elsewhere, np.full(len(here), 0.2))
    assert p == pytest.approx(stats.binom.sf(here - 1, here + elsewhere, 0.2), rel=1e-9)
    # Above what is expected, where anything is told.
    many = here > 0.2 * (here + elsewhere) + 1
    drawn = stats.hypergeom.sf(here - 1, 100, 20, here + elsewhere)
    assert (p[many] >= drawn[many]).all()


def test_documents_of_one_group_count_as_one():
    sizes = np.full((2, 64), 10)
    rows = np.zeros((2, 64), dtype=np.int64)
    rows[0, 5] = 32
    rows[1, ::2] = 1
    one, spread = concentrated(rows, np.array([32, 32]), sizes, 6_400)
    # Pearson's statistic of 32 documents in one group of 64 is 32 * 64 - 32: 32 for each freedom.
    assert one == pytest.approx(stats.t.sf(stats.norm.isf(0.1), 63))
    assert spread < 1e-12


@pytest.mark.parametrize("size", [1, 4])
def test_chance_gives_small_p_as_rarely_as_said(size):
    # Clusters of ``size`` documents dealt to a source of 30% of them: all or none hold the thing.
    rng = np.random.default_rng(size)
    p = []
    for _ in range(2_000):
        held = int(rng.binomial(60, 0.3))
        groups = rng.integers(0, 64, held)
        rows = size * np.bincount(groups, minlength=64)[None, :]
        sizes = rows + size * rng.poisson(20, (1, 64))
        total = int(sizes.sum() / 0.3)
        p.append(concentrated(rows, np.array([60 * size]), sizes, total)[0])
    for alpha in (0.05, 0.01, 0.001):
        expected = 2_000 * alpha
        assert (np.array(p) <= alpha).sum() <= expected + 3 * np.sqrt(expected)
    # And it is a test: a good part of the rate is used where documents are no clusters.
    assert size > 1 or (np.array(p) <= 0.05).mean() > 0.01


def test_discoveries_are_adjusted_for_tests_that_are_not_at_hand():
    p = np.random.default_rng(0).random(20) ** 4
    every = np.append(p, np.ones(80))
    assert discoveries(p, 100) == pytest.approx(stats.false_discovery_control(every)[:20])
    assert len(discoveries(np.empty(0), 5)) == 0
