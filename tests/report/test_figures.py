import pytest

from degrade.findings import Change
from degrade.report import figures


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(-0.187, -0.21, -0.163, "relative"), "-18.7% [-21.0, -16.3]"),
        (Change(0.049, 0.02, 0.07, "relative"), "+4.9% [2.0, 7.0]"),
        (Change(-0.0001, -0.01, 0.01, "relative"), "0.0% [-1.0, 1.0]"),
        (Change(0.0001, -0.01, 0.01, "relative"), "0.0% [-1.0, 1.0]"),
        (Change(12.0, 3.0, 40.0, "relative"), "+1,200% [300, 4,000]"),
        (Change(5.8, 4.9, 6.9, "ratio"), "x5.8 [4.9, 6.9]"),
        (Change(1.0, 0.86, 1.16, "ratio"), "x1.00 [0.86, 1.16]"),
        (Change(0.02, 0.0, 120.0, "ratio"), "x0.020 [0, 120]"),
        (Change(0.00001, None, 0.5, "ratio"), "x0.000 [?, 0.50]"),
        (Change(0.076, 0.055, 0.097, "points"), "7.6 points [5.5, 9.7]"),
        (Change(-1.07, -1.2, -0.9, "points"), "-107.0 points [-120.0, -90.0]"),
        (Change(0.213, 0.204, 0.222, "nats"), "0.213 nats [0.204, 0.222]"),
        (Change(-0.0004, None, None, "nats"), "0.000 nats"),
    ],
)
def test_a_change_is_written_in_its_own_unit(change, expected):
    assert figures.change_with_interval(change) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "types", ""),
        (0.0, "types", "0"),
        (14_210.4, "types", "14,210"),
        (117.3, "tokens", "117"),
        (46.79246, "MTLD", "46.8"),
        (9.999, "x", "10.0"),
        (0.83515, "ratio", "0.835"),
        (0.0034, "ratio", "0.0034"),
        (0.00000123, "x", "1.23e-06"),
        (0.392, "share", "39.2%"),
        (0.00172, "share of 4-grams", "0.172%"),
        (0.392, "shares", "0.392"),
        (0.0, "chance", "0%"),
        (1.1e-5, "chance", "1 in 91,000"),
        (1e-300, "chance", "almost 0%"),
    ],
)
def test_a_value_has_three_digits(value, unit, expected):
    assert figures.value(value, unit) == expected


@pytest.mark.parametrize(
    ("p", "expected"), [(None, ""), (0.0, "p < 0.0001"), (0.0132, "p = 0.013"), (1.0, "p = 1")]
)
def test_a_tiny_p_is_not_nought(p, expected):
    assert figures.chance(p) == expected


@pytest.mark.parametrize(
    ("tokens", "expected"), [(7, "7"), (45_321, "45,000"), (1_960_000, "2,000,000")]
)
def test_a_rough_figure_looks_rough(tokens, expected):
    assert figures.rough(tokens) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(0.9962, 0.9949, 0.99999, "points"), "99.6% lost [99.5, >99.9]"),
        (Change(0.99997, 0.9, 1.0, "points"), ">99.9% lost [90.0, 100.0]"),
        (Change(0.9, -551.736, 1.0, "points"), "90.0% lost [<-1,000, 100.0]"),
        (Change(1.0, None, None, "points"), "100.0% lost"),
    ],
)
def test_what_is_not_all_is_not_called_all(change, expected):
    assert figures.change_with_interval(change, figures.KEPT) == expected


def test_percent_of_a_relative_change_and_of_splits_are_not_rounded_to_all_or_none():
    assert figures.change(Change(-0.996, -1.0, -0.99, "relative")) == "-99.6%"
    assert figures.change(Change(-0.9999, -1.0, -0.99, "relative")) == "<-99.9%"
    shares = (0.0, 0.004, 0.04, 0.996, 1.0)
    assert [figures.whole_percent(share) for share in shares] == ["0%", "<1%", "4%", ">99%", "100%"]


def test_a_size_has_no_sign():
    assert figures.size(-0.21, "relative") == figures.size(0.21, "relative") == "21.0%"


@pytest.mark.parametrize(("alpha", "expected"), [(0.05, "95%"), (0.1, "90%"), (None, "95%")])
def test_confidence_follows_alpha(alpha, expected):
    assert figures.confidence(alpha) == expected
