"""What follows from an estimate with each group left out."""

import numpy as np
import pytest

from degrade.inference.jackknife import Replicates


def replicated(value, data):
    """Return the replicates of ``value`` on ``data``, a number for each group."""
    return Replicates(value(data), np.array([value(np.delete(data, g)) for g in range(len(data))]))


@pytest.mark.parametrize("groups", [8, 16, 64])
def test_less_its_bias_a_squared_mean_is_unbiased_to_the_digit(groups):
    # The mean squared overstates by the variance of the mean, s**2 / G, whatever the data.
    data = np.random.default_rng(groups).lognormal(size=groups)
    squared = replicated(lambda x: x.mean() ** 2, data)
    assert squared.bias == pytest.approx(data.var(ddof=1) / groups, rel=1e-9)


def test_less_its_bias_a_ratio_of_unequal_groups_is_far_less_biased():
    # Groups to tokens, by which sizes are matched: 1 / mean of lognormal sizes. Known is its mean.
    rng = np.random.default_rng(0)
    sizes = rng.lognormal(sigma=0.5, size=(4_000, 32))
    plain = np.array([replicated(lambda x: 1 / x.mean(), row).value for row in sizes])
    bias = np.array([replicated(lambda x: 1 / x.mean(), row).bias for row in sizes])
    truth = np.exp(-0.125)
    error = plain.std() / np.sqrt(len(plain))
    assert plain.mean() - truth > 5 * error
    assert abs((plain - bias).mean() - truth) < 3 * error


def test_a_mean_has_no_bias_and_moving_it_changes_neither_that_nor_its_variance():
    mean = replicated(np.mean, np.arange(16.0))
    assert mean.bias == pytest.approx(0, abs=1e-12)
    moved = mean.shifted(3.0)
    assert moved.value == mean.value + 3
    assert moved.variance == pytest.approx(mean.variance)
    assert moved.bias == pytest.approx(mean.bias, abs=1e-12)
