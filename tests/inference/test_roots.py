"""Roots are those of scipy, step by step."""

import math

import pytest
from scipy.optimize import brentq

from degrade.inference.roots import root

FUNCTIONS = [
    (lambda x: x * x - 2, 0, 2),
    (lambda x: math.exp(-x) - 0.05, -10, 30),
    (lambda x: x**3 - 0.2, -1, 1.5),
    (lambda x: math.atan(1e4 * (x - 0.3)), -5, 7),
    (lambda x: math.copysign(1, x - 0.1), -1, 1),
    (lambda x: x, 0, 1),
    (lambda x: x, -1, 0),
]


@pytest.mark.parametrize(("function", "low", "high"), FUNCTIONS)
def test_roots_are_those_of_scipy_to_the_last_digit(function, low, high):
    assert root(function, low, high) == brentq(function, low, high)


def test_a_root_that_is_too_flat_to_find_is_not_made_up():
    with pytest.raises(ArithmeticError, match="no root within 100 steps"):
        root(lambda x: x**9, -1, 1.5)


def test_one_sign_at_both_ends_is_refused():
    with pytest.raises(ValueError, match="one sign at 1 and 2"):
        root(lambda x: x, 1, 2)
