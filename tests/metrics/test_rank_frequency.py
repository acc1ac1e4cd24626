"""Rank-frequency slope, growth of the vocabulary and dis legomena, against values and draws."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from degrade.census.section import Section
from degrade.census.table import Table
from degrade.errors import UndefinedMetricError
from degrade.summaries import Census, Need
from degrade.view import Selection, View
from degrade_metrics import rank_frequency
from degrade_metrics.spectrum import Spectrum, spectrum_of

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/reference"
WORDS = Need(Census, layer="word", n=1)
METRICS = {metric.name: metric for metric in rank_frequency.METRICS}


def test_the_slope_of_moby_dick():
    # Over the top 5,000 ranks of the classic counts: 1.06477.
    rows = np.loadtxt(
        ROOT / "tests/data/moby_dick_spectrum.csv", delimiter=",", skiprows=1, dtype=np.int64
    )
    found = rank_frequency.rank_slope(Spectrum(*rows.T), 5_000)
    assert found == pytest.approx(1.06477, abs=5e-6)


def test_the_slope_of_the_tokens_of_moby_dick():
    path = REFERENCE / "moby_dick_tokens.txt"
    if not path.exists():
        pytest.skip("moby_dick_tokens.txt is not here: it is not handed out with the project")
    counts = Counter(path.read_text("utf-8").split())
    found = Spectrum.of(np.array(list(counts.values())))
    assert (found.tokens, found.types) == (210_258, 16_402)
    assert rank_frequency.rank_slope(found, 5_000) == pytest.approx(1.07715, abs=5e-6)


def test_the_slope_is_that_of_a_line_through_logarithms():
    frequencies = np.array([50, 20, 20, 9, 4, 1, 1])
    slope = np.polyfit(np.log(np.arange(1, 6)), np.log(frequencies[:5]), 1)[0]
    assert rank_frequency.rank_slope(Spectrum.of(frequencies), 5) == pytest.approx(-slope)
    with pytest.raises(UndefinedMetricError, match="only 7 words, of the 8"):
        rank_frequency.rank_slope(Spectrum.of(frequencies), 8)


GROUPS = [[1, 1, 2, 3], [1, 4, 4, 5], [2, 5, 6, 7], [1, 2, 8, 9], [1, 6, 6, 3], [9, 1, 2, 2],
          [1, 1, 1, 5], [3, 3, 4, 10]]  # fmt: skip


def view_of(groups, tokens):
    symbols = np.array([word for group in groups for word in group], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, groups)])
    table = Table.count(symbols, bounds, np.arange(len(groups), dtype=np.uint8), 1)
    sizes = np.array([len(group) for group in groups])
    selection = Selection(sizes, (1 << len(groups)) - 1)
    return View({WORDS: Section(table, None, len(groups))}, tokens, selection)


def test_the_growth_is_that_of_every_draw_of_groups():
    # 16 tokens are 4 of the 8 groups, a quarter of them one.
    types = {
        drawn: np.mean([len({w for g in held for w in g}) for held in combinations(GROUPS, drawn)])
        for drawn in (1, 4)
    }
    found = METRICS["heaps_exponent"].compute(view_of(GROUPS, 16.0))
    assert found == pytest.approx(np.log(types[4] / types[1]) / np.log(4))


def test_the_dis_legomena_are_those_of_the_groups_at_hand():
    view = view_of(GROUPS, 16.0)
    for left_out in (None, *range(len(GROUPS))):
        held = Counter(w for g, group in enumerate(GROUPS) for w in group if g != left_out)
        share = sum(count == 2 for count in held.values()) / len(held)
        found = METRICS["dis_legomena_share"].compute(view.without(left_out))
        assert found == pytest.approx(share)


def test_spectra_are_those_of_the_groups_at_hand():
    view = view_of(GROUPS, 16.0)
    for _ in range(2):
        for left_out in (None, 0, 5):
            held = Counter(w for g, group in enumerate(GROUPS) for w in group if g != left_out)
            expected = Counter(held.values())
            found = spectrum_of(view.without(left_out)[WORDS])
            counted = dict(zip(found.values.tolist(), found.counts.tolist(), strict=True))
            assert counted == expected
            assert found.tokens == sum(held.values())


def test_one_frequency_far_above_the_others_is_counted_alike():
    found = Spectrum.of(np.array([10**9, 1, 1, 7]))
    assert (found.tokens, found.types, found.at(1), found.at(7), found.at(2)) == (
        10**9 + 9, 4, 2, 1, 0,
    )  # fmt: skip


@pytest.mark.parametrize(("types", "ranks"), [(9_999, 2_000), (10_000, 5_000), (200, 100)])
def test_ranks_are_at_most_half_of_the_reference(types, ranks):
    groups = [list(range(k, types, 8)) for k in range(8)]
    assert METRICS["rank_frequency_slope"].anchor(view_of(groups, 16.0)) == ranks


def test_a_reference_of_few_words_has_no_slope():
    with pytest.raises(UndefinedMetricError, match="only 10 words in the reference, of 200"):
        METRICS["rank_frequency_slope"].anchor(view_of(GROUPS, 16.0))
