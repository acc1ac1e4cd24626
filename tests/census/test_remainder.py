"""A section without a slice of its n-grams must read as one counted without them."""

import numpy as np
import pytest

from degrade.census.remainder import Remainder
from degrade.census.section import Section
from degrade.census.table import ALL_HASHES, Table

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]

GROUPS = 8
CHOSEN = 0b1011_0111
SLICES = 4


def table(seed, share):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 30, 90)
    chances = 1 / np.arange(1.0, 61)
    symbols = rng.choice(60, int(lengths.sum()), p=chances / chances.sum()).astype(np.uint64)
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    groups = rng.integers(0, 64, 90).astype(np.uint8)
    return Table.count(symbols, bounds, groups, 2).below(round(share * ALL_HASHES))


def without(whole, number):
    """Return the table without the entries of a slice, one by one."""
    hashes = (whole.keys >> np.uint64(10)).astype(object)
    ends = [whole.threshold * at // SLICES for at in (number, number + 1)]
    kept = np.array([not ends[0] <= hashed < ends[1] for hashed in hashes], dtype=bool)
    return Table(whole.keys[kept], whole.occurrences[kept], whole.documents[kept], whole.threshold)


@pytest.fixture(params=[(share, n) for share in (1.0, 0.3) for n in range(SLICES)])
def both(request):
    """Two remainders and the sections counted without what they lack."""
    share, number = request.param
    tables = [table(seed, share) for seed in (1, 2)]
    remainders = [Remainder(Section(each, 24, GROUPS), number, SLICES) for each in tables]
    return remainders, [Section(without(each, number), 24, GROUPS) for each in tables]


def test_incidence_and_single_occurrences(both):
    for remainder, section in zip(*both, strict=True):
        assert 0 < len(remainder) == len(section)
        for found, expected in zip(
            (*remainder.incidence(CHOSEN), *remainder.single_occurrences(CHOSEN)),
            (*section.incidence(CHOSEN), *section.single_occurrences(CHOSEN)),
            strict=True,
        ):
            assert found.tolist() == expected.tolist()


def test_joint_incidence(both):
    (a, b), (section_a, section_b) = both
    found, expected = a.joint(CHOSEN, b, 255), section_a.joint(CHOSEN, section_b, 255)
    assert found.total.tolist() == expected.total.tolist()
    assert found.within_a.tolist() == expected.within_a.tolist()
    assert found.within_b.tolist() == expected.within_b.tolist()


@pytest.mark.parametrize("left_out", [None, 0, 5])
def test_regions(both, left_out):
    (a, b), (section_a, section_b) = both

    def counted(found):
        sums = {}
        for triple, count in zip(*found.without(left_out), strict=True):
            sums[tuple(triple)] = sums.get(tuple(triple), 0) + int(count)
        return {triple: count for triple, count in sums.items() if count}

    assert counted(a.regions(255, b, 255)) == counted(section_a.regions(255, section_b, 255))


def test_slices_part_the_ngrams():
    whole = Section(table(1, 0.3), None, GROUPS)
    slices = [whole.slice(number, SLICES) for number in range(SLICES)]
    assert np.concatenate([each.hashes for each in slices]).tolist() == whole.hashes.tolist()
    assert sum(each.share for each in slices) == pytest.approx(whole.share)


def test_frequencies_are_not_to_be_had_of_it(both):
    (a, b), (section, _) = both
    for read in (
        lambda: a.totals("documents"),
        lambda: a.matches("documents", 255),
        lambda: a.frequencies("documents", 255),
        lambda: a.alignment(b),
    ):
        with pytest.raises(TypeError, match="not known"):
            read()
    with pytest.raises(TypeError, match="another remainder"):
        a.joint(255, section, 255)
