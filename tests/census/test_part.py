"""A part of a section must read as a section of the documents of its groups alone."""

import numpy as np
import pytest

from degrade.census import section as module
from degrade.census.part import Part
from degrade.census.section import Section
from degrade.census.table import Table

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]

GROUPS = 64
A = (40, 3, 17, 5, 63, 0, 22, 31)
B = (2, 9, 41, 62, 33, 8, 1, 50)
LEFT = 0b1011_0111


def documents(seed=0, count=150, types=25):
    """Return documents as lists of symbols, and the group of each; a type is never in group 2."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    of = rng.integers(0, GROUPS, count)
    texts = [rng.choice(types, rng.integers(1, 30), p=weights / weights.sum()) for _ in of]
    return [[int(s) for s in t if g != 2 or s] for t, g in zip(texts, of, strict=True)], of


def table(texts, of, n):
    bounds = np.cumsum([0, *map(len, texts)])
    symbols = np.array([s for text in texts for s in text], dtype=np.uint64)
    return Table.count(symbols, bounds, np.asarray(of, dtype=np.uint8), n)


@pytest.fixture(params=[1, 2], ids=["words", "pairs"])
def parts(request):
    """Two parts of one section, and the sections of their documents counted apart."""
    texts, of = documents()
    whole = Section(table(texts, of, request.param), 24, GROUPS)
    apart = []
    for order in (A, B):
        inside = [i for i, g in enumerate(of) if g in order]
        renamed = [order.index(of[i]) for i in inside]
        apart.append(Section(table([texts[i] for i in inside], renamed, request.param), 24, 8))
    return (Part(whole, A), Part(whole, B)), apart


def test_incidence_and_totals(parts):
    for part, section in zip(*parts, strict=True):
        for selected in (255, LEFT):
            total, within = part.incidence(selected)
            expected, expected_within = section.incidence(selected)
            # Under 0 are also n-grams of other groups.
            assert total[1:].tolist() == expected[1:].tolist()
            assert within.tolist() == expected_within.tolist()
        for weight in ("occurrences", "documents"):
            assert part.totals(weight).tolist() == section.totals(weight).tolist()


def test_single_occurrences_and_frequencies(parts):
    for part, section in zip(*parts, strict=True):
        for selected in (255, LEFT):
            found, expected = (each.single_occurrences(selected) for each in (part, section))
            assert [a.tolist() for a in found] == [a.tolist() for a in expected]
            frequencies = part.frequencies("documents", selected)
            assert len(frequencies) == len(part)
            there = section.frequencies("documents", selected)
            assert sorted(frequencies[frequencies > 0]) == sorted(there[there > 0])


def test_matches_between_groups(parts):
    for part, section in zip(*parts, strict=True):
        found, expected = (
            list(each.matches("occurrences", LEFT).without([None, 0, 2]))
            for each in (part, section)
        )
        assert found == expected
        assert len({pairs for _, pairs in found if pairs > 0}) == 3


def test_joint_incidence(parts):
    (a, b), (section_a, section_b) = parts
    found, expected = a.joint(LEFT, b, 255), section_a.joint(LEFT, section_b, 255)
    for name in ("total", "within_a", "within_b"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert found.total[:, 1:].sum() > 0


def test_regions_of_groups_in_common(parts):
    (a, b), (section_a, section_b) = parts
    found, expected = a.regions(LEFT, b, 255), section_a.regions(LEFT, section_b, 255)
    for group in (None, 0, 2):
        tables = []
        for each in (found, expected):
            cells = {}
            for triple, count in zip(*each.without(group), strict=True):
                cells[tuple(triple)] = cells.get(tuple(triple), 0) + count
            tables.append(cells)
        assert tables[0] == tables[1]
        assert any(o for _, _, o in tables[0])


def test_the_same_ngram_stands_in_the_same_place(parts):
    (a, b), (section_a, section_b) = parts
    at, there, size = a.alignment(b)
    joint = np.zeros((2, size), dtype=np.int64)
    joint[0, at], joint[1, there] = (x.frequencies("occurrences", 255) for x in (a, b))
    at, there, size = section_a.alignment(section_b)
    expected = np.zeros((2, size), dtype=np.int64)
    expected[0, at] = section_a.frequencies("occurrences", 255)
    expected[1, there] = section_b.frequencies("occurrences", 255)
    held = joint[:, joint.any(axis=0)]
    assert sorted(map(tuple, held.T)) == sorted(map(tuple, expected.T))


def test_parts_of_different_sections_do_not_meet(parts):
    (a, _), (section, _) = parts
    stranger = Part(section, (0, 1))
    with pytest.raises(TypeError, match="same section"):
        a.joint(255, stranger, 3)
    with pytest.raises(TypeError, match="same section"):
        a.alignment(section)
    with pytest.raises(TypeError, match="same section"):
        a.regions(255, stranger, 3)
    with pytest.raises(TypeError, match="whole"):
        section.regions(255, a, 255)
    with pytest.raises(TypeError, match="whole"):
        section.joint(255, a, 255)


def test_a_thinned_part_counts_some_ngrams_for_all(monkeypatch):
    texts, of = documents(count=400, types=3_000)
    whole = Section(table(texts, of, 2), None, GROUPS)
    full = Part(whole, A, thinned=True).incidence(255)[0]
    monkeypatch.setattr(module, "MOST_THINNED", -(-len(whole) // 5))
    thinned = Part(whole, A, thinned=True).incidence(255)[0]
    assert full.tolist() == Part(whole, A).incidence(255)[0].tolist()
    assert (thinned % 5 == 0).all()
    assert len(whole) - 5 < thinned.sum() <= len(whole)
    # A fifth of the pairs, at random: 7 errors of a binomial are allowed.
    held = int(full[1:].sum())
    assert abs(int(thinned[1:].sum()) - held) < 7 * 5 * (held / 5) ** 0.5
