import numpy as np
import pytest
from degrade_honore import METRICS, honore

from degrade.errors import UndefinedMetricError
from degrade.testing import check_metric


def test_the_value_is_that_of_the_formula():
    # "the cat saw the dog": N = 5, V = 4, V1 = 3, H = 100 log 5 / (1 - 3/4)
    assert honore(np.array([2, 1, 1, 1])) == pytest.approx(643.775, abs=0.001)


def test_it_has_no_value_where_no_word_is_used_twice():
    with pytest.raises(UndefinedMetricError, match="no word is used twice"):
        honore(np.array([1, 1, 1]))


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_it_keeps_the_laws(metric):
    check_metric(metric)
