"""Sums of x log x of selections of groups, against frequencies that are counted anew."""

import numpy as np
import pytest
from scipy.special import xlogy

from degrade.census import log_sums
from degrade.census.part import Part
from degrade.census.section import Section
from degrade.census.table import Table

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around on purpose, and numpy says so where loops are not compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]
GROUPS = 16


def section(seed):
    rng = np.random.default_rng(seed)
    words = (rng.zipf(1.4, 4_000) % 700).astype(np.uint64)
    bounds = np.linspace(0, len(words), 81).astype(np.int64)
    table = Table.count(words, bounds, rng.integers(0, 64, 80).astype(np.uint8), 1)
    return Section(table, None, GROUPS)


def bits(groups):
    return sum(1 << int(g) for g in groups)


def halvings(seed, groups, count):
    """Yield two selections of ``groups`` without a group in common: some alike, some at random."""
    rng = np.random.default_rng(seed)
    order = np.arange(groups)
    for i in range(count):
        if i % 4 == 0:
            rng.shuffle(order)
        kept = order[order != i % groups]
        yield bits(kept[: groups // 3]), bits(kept[groups // 3 : 2 * groups // 3])


def expected(rows):
    pooled = rows[:, None] + rows
    both = xlogy(pooled, pooled).sum(axis=2)
    np.fill_diagonal(both, 0.0)
    return rows.sum(axis=1), xlogy(rows, rows).sum(axis=1), both


def check(found, rows):
    for values, known in zip(found, expected(rows), strict=True):
        assert values == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize("tabled", [20, 1 << 16])
def test_sums_over_two_corpora_are_those_of_their_frequencies(monkeypatch, tabled):
    # With so short a table, a few words are beyond it, as they are in large corpora.
    monkeypatch.setattr(log_sums, "_TABLED", tabled)
    a, b = section(1), section(2)
    at, there, size = a.alignment(b)
    for mine, theirs in zip(halvings(3, GROUPS, 40), halvings(4, GROUPS, 40), strict=True):
        rows = np.zeros((4, size), dtype=np.int64)
        for i, selected in enumerate(mine):
            rows[i, at] = a.frequencies("occurrences", selected)
        for i, selected in enumerate(theirs):
            rows[2 + i, there] = b.frequencies("occurrences", selected)
        check(a.log_sums(mine, b, theirs), rows)


def test_parts_of_a_corpus_are_summed_like_two():
    whole = section(1)
    order = np.random.default_rng(5).permutation(GROUPS)
    parts = [Part(whole, order[: GROUPS // 2]), Part(whole, order[GROUPS // 2 :])]
    for mine, theirs in zip(halvings(6, 8, 20), halvings(7, 8, 20), strict=True):
        rows = np.array(
            [
                part.frequencies("occurrences", selected)
                for part, chosen in zip(parts, (mine, theirs), strict=True)
                for selected in chosen
            ]
        )
        check(parts[0].log_sums(mine, parts[1], theirs), rows)


def test_selections_with_groups_in_common_are_refused():
    a, b = section(1), section(2)
    with pytest.raises(ValueError, match="in common"):
        a.log_sums((3, 2), b, (1, 2))
    with pytest.raises(ValueError, match="3 selections"):
        a.log_sums((1, 2), b, (1,))
