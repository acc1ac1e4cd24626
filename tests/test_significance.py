"""Tails and rates are those of scipy.stats, to the last digit."""

import numpy as np
import pytest
from scipy import stats

from degrade.significance import false_discovery_rates, student_tail, student_tail_of_normal

P = np.concatenate(([0.0, 1.0, 1e-300, 0.5], np.random.default_rng(0).uniform(size=200) ** 4))


@pytest.mark.parametrize("freedom", [1, 7.5, 63, 1e6])
def test_tails_of_t(freedom):
    statistic = np.array([-np.inf, -3.0, 0.0, 0.1, 2.0, 40.0, np.inf])
    assert (student_tail(statistic, freedom) == stats.t.sf(statistic, freedom)).all()
    expected = stats.t.sf(stats.norm.isf(P), freedom)
    assert (student_tail_of_normal(P, freedom) == expected).all()


@pytest.mark.parametrize("count", [1, 2, 3, len(P)])
def test_rates_of_false_discovery(count):
    assert (false_discovery_rates(P[:count]) == stats.false_discovery_control(P[:count])).all()


def test_no_test_has_no_rate():
    assert len(false_discovery_rates(P[:0])) == 0
