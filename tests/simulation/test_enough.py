"""Where a loss comes under a limit: against curves whose answer is known, and brute force."""

import math

import numpy as np
import pytest

from degrade.findings import Change, Finding
from degrade.inference.enough import Harm, averaged, enough, harm_of

SHARES = (0.0, 0.1, 0.25, 0.5, 1.0)


def sure(values):
    return [Harm(value, value, value) for value in values]


@pytest.mark.parametrize("slope", [1.5, 3.0, 8.0])
def test_a_straight_line_comes_down_where_it_does(slope):
    found = enough(SHARES, sure(slope * (1 - share) for share in SHARES))
    assert found.keep == pytest.approx(1 - 1 / slope)
    assert found.low == found.high == found.keep


@pytest.mark.parametrize(("start", "rate"), [(8.0, 3.0), (2.0, 4.0), (3.0, 1.2)])
def test_a_curve_that_falls_ever_slower_is_never_kept_too_little_of(start, rate):
    shares = np.linspace(0, 1, 11)
    found = enough(shares.tolist(), sure(start * math.exp(-rate * share) for share in shares))
    known = math.log(start) / rate
    assert known <= found.keep <= known + 0.02


def slowly(shares, harms):
    """Return the crossing of the isotonic fit by its min-max formula, looked for in small steps."""
    size = range(len(harms))
    fit = [
        min(max(np.mean(harms[a : b + 1]) for b in size[i:]) for a in size[: i + 1]) for i in size
    ]
    places = np.linspace(shares[0], shares[-1], 100_001)
    under = np.interp(places, shares, fit) <= 1 + 1e-12
    return places[np.argmax(under)] if under.any() else None


def test_the_least_share_is_that_of_brute_force():
    rng = np.random.default_rng(0)
    kinds = set()
    for _ in range(200):
        shares = np.sort(rng.choice(101, size=rng.integers(1, 7), replace=False)) / 100
        harms = rng.uniform(0.2, 2.2, len(shares)) + rng.uniform(0, 1.5) * (1 - shares)
        found = enough(shares.tolist(), sure(harms.tolist())).keep
        expected = slowly(shares, harms)
        kinds.add("none" if expected is None else "first" if expected == shares[0] else "inside")
        assert (found is None) == (expected is None)
        assert found is None or found == pytest.approx(expected, abs=2e-5)
    assert kinds == {"none", "first", "inside"}


def test_losses_are_taken_to_fall_with_the_share_kept():
    # .9 and 1.3 are pooled to 1.1, so that .1 is not enough.
    assert enough((0.0, 0.1, 0.2, 0.3), sure((2.0, 0.9, 1.3, 0.9))).keep == pytest.approx(0.25)


def test_the_interval_is_where_those_of_the_losses_hold_the_limit():
    harms = [Harm(2.0, 1.8, 2.2), Harm(1.0, 0.8, 1.2), Harm(0.5, 0.3, 0.7)]
    found = enough((0.0, 0.2, 0.4), harms)
    assert found.keep == pytest.approx(0.2)
    assert found.low == pytest.approx(0.16)
    assert found.high == pytest.approx(0.2 + 0.2 * 0.2 / 0.5)


def test_open_ends_are_none_above_and_the_smallest_share_below():
    found = enough((0.1, 0.5), [Harm(1.5, 0.9, 2.0), Harm(0.9, 0.5, 1.1)])
    assert (found.low, found.high) == (0.1, None)
    nothing = enough((0.1, 0.5), [Harm(3.0, 2.0, 4.0), Harm(2.0, 1.5, 2.5)])
    assert (nothing.keep, nothing.low, nothing.high, nothing.interval) == (None, None, None, True)
    without = enough((0.1, 0.5), [Harm(3.0), Harm(0.5)])
    assert (without.low, without.high, without.interval) == (None, None, False)
    assert without.keep == pytest.approx(0.42)


def over_seeds(draws):
    """Return the least share and its interval from harms by seed (rows) and share (columns)."""
    return [Harm(*averaged(column.tolist(), 0.95)) for column in draws.T]


def test_intervals_over_seeds_hold_the_true_share_as_often_as_they_say():
    shares, rng = (0.0, 1 / 3, 2 / 3, 1.0), np.random.default_rng(0)
    truth = 3 * (1 - np.array(shares))
    held = 0
    for _ in range(1000):
        found = enough(shares, over_seeds(truth + rng.normal(0, 0.3, (5, 4))))
        low, high = found.low, 2.0 if found.high is None else found.high
        held += low <= 2 / 3 <= high
    assert 0.935 <= held / 1000 <= 0.98


def test_intervals_over_seeds_are_those_of_a_bootstrap():
    shares, rng = (0.0, 0.25, 0.5, 0.75, 1.0), np.random.default_rng(0)
    draws = 3 * (1 - np.array(shares)) + rng.normal(0, 0.5, (40, 5))
    found = enough(shares, over_seeds(draws))
    again = [
        enough(shares, sure(draws[rng.integers(40, size=40)].mean(axis=0).tolist())).keep
        for _ in range(2000)
    ]
    assert (found.low, found.high) == pytest.approx(np.quantile(again, (0.025, 0.975)), abs=0.02)


def test_a_mean_over_seeds_has_the_interval_of_student():
    # t at .975 with 2 degrees of freedom is 4.302653; the error is 1 / sqrt(3).
    assert averaged((1.0, 2.0, 3.0), 0.95) == pytest.approx((2.0, 2 - 2.484138, 2 + 2.484138))


def finding(value, low, high, scale, worse, limits, **more):
    return Finding("m", "m", "f", True, "", worse, change=Change(value, low, high, scale),
                   thresholds=limits, **more)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "worse", "limits", "expected"),
    [
        ((-0.06, -0.09, -0.03, "relative"), "lower", (0.03, 0.1, 0.25), (2, 1, 3)),
        ((0.15, 0.1, 0.2, "relative"), "higher", (0.1, 0.25, 1.0), (1.5, 1, 2)),
        ((0.1, -0.05, 0.2, "points"), "higher", (0.05, 0.15, 0.35), (2, -1, 4)),
        ((1.5625, 1.0, 1.25**3, "ratio"), "higher", (1.25, 2, 5), (2, 0, 3)),
        ((0.64, 0.512, 0.8, "ratio"), "lower", (1.25, 2, 5), (2, 1, 3)),
    ],
)
def test_a_loss_is_told_in_units_of_its_threshold(change, worse, limits, expected):
    harm = harm_of(finding(*change, worse, limits), 0)
    assert (harm.value, harm.low, harm.high) == pytest.approx(expected)


def test_a_loss_with_a_floor_has_to_reach_both():
    above = finding(5.0, 4.0, 6.0, "ratio", "higher", (1.25, 2, 5), floor=0.005,
                    difference=Change(0.002, 0.001, 0.003, "points"))  # fmt: skip
    assert harm_of(above, 0).value == pytest.approx(0.4)
    assert harm_of(above, 2).high == pytest.approx(0.6)


def test_what_has_no_threshold_has_no_limit():
    assert harm_of(finding(0.1, 0.0, 0.2, "nats", "either", None), 0) is None
