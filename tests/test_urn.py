"""Closed forms of drawing groups against enumeration of every draw."""

from itertools import combinations

import numpy as np
import pytest
from scipy.special import gammaln

from degrade import urn

pytestmark = pytest.mark.kernel

SIZES = (1, 4, 6, 7)


def draws(groups, drawn):
    return list(combinations(range(groups), drawn))


def made(groups, types=25):
    """Return counts, (types, groups), of types that are all held somewhere."""
    rng = np.random.default_rng(groups)
    counts = rng.poisson(rng.uniform(0.1, 1.2, (types, 1)), (types, groups))
    return counts[counts.sum(axis=1) > 0]


def incidence(counts):
    return np.bincount((counts > 0).sum(axis=1), minlength=counts.shape[1] + 1)


def single(counts):
    held = (counts > 0).sum(axis=1)
    once = (counts == 1).sum(axis=1)
    return np.bincount(held, weights=once, minlength=counts.shape[1] + 1).astype(np.int64)


@pytest.mark.parametrize("groups", SIZES)
def test_expected_types_average_over_all_draws(groups):
    counts = made(groups)
    for drawn in range(groups + 1):
        found = [(counts[:, chosen].sum(axis=1) > 0).sum() for chosen in draws(groups, drawn)]
        assert urn.expected_types(incidence(counts), drawn) == pytest.approx(np.mean(found))


@pytest.mark.parametrize("groups", SIZES)
def test_expected_hapaxes_average_over_all_draws(groups):
    counts = made(groups)
    for drawn in range(1, groups + 1):
        found = [(counts[:, chosen].sum(axis=1) == 1).sum() for chosen in draws(groups, drawn)]
        assert urn.expected_hapaxes(single(counts), drawn) == pytest.approx(np.mean(found))


@pytest.mark.parametrize("groups", SIZES)
def test_missed_is_the_share_of_draws_without_the_held_groups(groups):
    for drawn in range(groups + 1):
        every = draws(groups, drawn)
        for held in range(groups + 1):
            share = np.mean([not set(chosen) & set(range(held)) for chosen in every])
            assert urn.missed(groups, groups, drawn)[held] == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("groups", [2, 4, 6, 8])
def test_rarity_is_the_share_of_halvings_that_find_so_many(groups):
    halvings = draws(groups, groups // 2)
    for held in range(groups + 1):
        for found in range(groups + 1):
            share = np.mean([len(set(half) & set(range(held))) == found for half in halvings])
            chances = urn.rarity(groups, groups, groups / 2, found)
            assert chances[held] == pytest.approx(share, abs=1e-12)


def test_halves_of_an_odd_number_of_groups_find_every_type_somewhere():
    # Vandermonde's identity, which holds at real arguments where no term leaves its domain.
    for held in range(8):
        total = sum(urn.rarity(8, 63, 31.5, found)[held] for found in range(held + 1))
        assert total == pytest.approx(1, rel=1e-12)


def log_binomial(a, b):
    """Return log C(a, b) through log-gamma, -inf where b <= -1 or a - b <= -1."""
    inside = (b > -1) & (a - b > -1)
    low = np.where(inside, b, 0.0)
    value = gammaln(a + 1) - gammaln(low + 1) - gammaln(np.where(inside, a - b, 0.0) + 1)
    return np.where(inside, value, -np.inf)


@pytest.mark.parametrize("groups", [6.0, 31.5, 63.0, 64.0])
def test_products_are_the_binomials_of_real_arguments(groups):
    held = np.arange(int(groups) + 1)
    for drawn in (0.3, 1.0, 2.7, groups / 2, groups - 1.5, groups):
        binomial = np.exp(log_binomial(groups - held, drawn) - log_binomial(groups, drawn))
        assert urn.missed(len(held) - 1, groups, drawn) == pytest.approx(binomial, rel=1e-11)
    half = groups / 2
    for found in (0, 1, 2, 5):
        binomial = np.exp(
            log_binomial(held, found)
            + log_binomial(groups - held, half - found)
            - log_binomial(groups, half)
        )
        rarity = urn.rarity(len(held) - 1, groups, half, found)
        assert rarity == pytest.approx(binomial, rel=1e-11)


def test_parts_of_a_group_can_be_drawn():
    # Of one group, half of it: what is held by it is in the half with chance 1/2.
    assert urn.rarity(1, 1.0, 0.5, 1).tolist() == [0, 0.5]
    assert urn.missed(1, 1.0, 0.5).tolist() == [1, 0.5]
    assert urn.expected_hapaxes(np.array([0, 3]), 0.5) == 1.5
    binomial = np.exp(log_binomial(0.0, -0.5) - log_binomial(1.0, 0.5))
    assert urn.rarity(1, 1.0, 0.5, 1)[1] == pytest.approx(binomial)


def test_what_cannot_be_drawn_has_no_chance():
    # Naively, |C(3, 4.5)| is .054: garbage that looks plausible.
    assert urn.missed(8, 8, 4.5)[5:].tolist() == [0, 0, 0, 0]
    assert urn.missed(8, 8, 4.5)[4] > 0
    assert urn.rarity(8, 8, 4, 2)[:2].tolist() == [0, 0]
    assert urn.rarity(8, 8, 1, 2).tolist() == [0] * 9


@pytest.mark.parametrize("groups", SIZES)
def test_real_sizes_rise_without_jumps_between_whole_ones(groups):
    counts = made(groups)
    sizes = np.linspace(0, groups, 50 * groups + 1)
    types = np.array([urn.expected_types(incidence(counts), size) for size in sizes])
    assert (np.diff(types) > 0).all()
    # A group more finds at most all types not yet found; between draws the curve stays concave
    # enough for no step of a fiftieth of a group to find a tenth of them.
    assert np.diff(types).max() < 0.1 * len(counts)
    for whole in range(1, groups):
        near = [urn.expected_types(incidence(counts), whole + step) for step in (-1e-7, 0, 1e-7)]
        assert near[0] == pytest.approx(near[1], rel=1e-6)
        assert near[2] == pytest.approx(near[1], rel=1e-6)


def test_more_held_groups_are_missed_less_at_any_real_size():
    for drawn in np.linspace(0.1, 15.9, 80):
        missed = urn.missed(16, 16, drawn)
        assert missed[0] == pytest.approx(1)
        assert (np.diff(missed) <= 0).all()
        assert missed[1] == pytest.approx(1 - drawn / 16)


def test_more_groups_than_there_are_cannot_be_drawn():
    counts = made(6)
    with pytest.raises(ValueError, match=r"6\.5 groups of 6"):
        urn.expected_types(incidence(counts), 6.5)
    with pytest.raises(ValueError, match="7 groups of 6"):
        urn.expected_hapaxes(single(counts), 7)
    with pytest.raises(ValueError, match="-1 groups of 6"):
        urn.missed(1, 6, -1)
