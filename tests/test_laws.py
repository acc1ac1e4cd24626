"""Every registered metric, summary and reader goes through the laws, and the laws can fail."""

from __future__ import annotations

import pytest

from degrade import registry
from degrade.testing import check_metric, check_summary

METRICS = registry.catalogue().metrics
NEEDS = {need.key: need for metric in METRICS.values() for need in metric.needs}


@pytest.mark.parametrize("name", METRICS)
def test_registered_metric_keeps_the_laws(name: str) -> None:
    check_metric(METRICS[name])


@pytest.mark.parametrize("key", sorted(NEEDS))
def test_every_need_of_a_metric_keeps_the_laws(key: str) -> None:
    check_summary(NEEDS[key])
