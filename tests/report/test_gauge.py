import dataclasses

import pytest
from example_records import RECORDS, finding
from hypothesis import HealthCheck, given, settings

from degrade.report.gauge import FIRST, LAST, Gauge, gauge


@pytest.mark.parametrize(
    ("metric", "ends"),
    [
        ("types_1", (-0.03, -0.25, -0.10)),
        ("simpson", (0.25, 0.10, 1.0)),
        ("rare_loss_1", (0.15, 0.05, 0.35)),
        ("shared_4", (2.0, 1.25, 5.0)),
    ],
)
def test_thresholds_stand_at_one_two_and_three_on_every_scale(metric, ends):
    found = gauge(finding(metric, (1.0, 1.0), ends))
    assert dataclasses.astuple(found) == pytest.approx((1, 2, 3))


def test_no_change_is_nought_and_better_is_below():
    found = gauge(finding("shared_4", (1, 1), (1.0, 1 / 1.25, 1.0)))
    assert dataclasses.astuple(found) == pytest.approx((-1, 0, 0))
    assert gauge(finding("types_1", (1, 1), (0.015, 0.0, 0.015))).low == pytest.approx(-0.5)


def test_what_lies_far_out_stands_at_the_end():
    assert gauge(finding("types_1", (1, 0), (-0.9, -0.99, 0.9))) == Gauge(FIRST, LAST, LAST)
    assert gauge(finding("shared_4", (1, 0), (0.0, 0.0, 1e300))) == Gauge(FIRST, FIRST, LAST)


def test_without_thresholds_or_an_interval_there_is_nothing_to_draw():
    assert gauge(finding("mattr", (0.7, 0.6), (-0.1, -0.2, -0.05))) is None
    assert gauge(finding("types_1", (1, 1), (0.0, None, 0.1))) is None
    assert gauge(finding("types_1", (None, None), None)) is None


@given(RECORDS)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_gauge_is_in_order_and_in_range(record):
    for comparison in record.comparisons:
        for each in comparison.findings:
            found = gauge(each)
            if found is not None:
                assert FIRST <= found.low <= found.value <= found.high <= LAST
