"""Census kernels against Counters over tuples of symbols."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import pytest

from degrade.census.keys import POSITION_BOUNDS
from degrade.census.section import Section
from degrade.census.table import ALL_HASHES, Table

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around on purpose, and numpy says so where loops are not compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]

WORD = (1 << 64) - 1
LENGTHS = (16, 24, 64, None)
FOLDS = (64, 16, 8)
ORDERS = (1, 2, 4)


@dataclass(frozen=True)
class Texts:
    """Documents as tuples of symbols, each with its group."""

    documents: tuple[tuple[int, ...], ...]
    groups: tuple[int, ...]

    def table(self, n, chosen=slice(None)):
        documents = self.documents[chosen]
        bounds = np.cumsum([0, *map(len, documents)])
        symbols = np.array([s for d in documents for s in d], dtype=np.uint64)
        return Table.count(symbols, bounds, np.array(self.groups[chosen], dtype=np.uint8), n)


def made(seed, documents=40, types=30, longest=90):
    rng = np.random.default_rng(seed)
    vocabulary = rng.integers(0, 1 << 64, types, dtype=np.uint64)
    weights = 1 / np.arange(1, types + 1)
    lengths = rng.integers(0, longest, documents)
    return Texts(
        tuple(
            tuple(int(s) for s in rng.choice(vocabulary, length, p=weights / weights.sum()))
            for length in lengths
        ),
        tuple(int(g) for g in rng.integers(0, 64, documents)),
    )


def ngrams(document, n):
    return [document[i : i + n] for i in range(len(document) - n + 1)]


def hashed(ngram):
    """Return the 54-bit hash, in integers without bounds."""
    value = 0
    for symbol in ngram:
        value = (value * 0x9E3779B97F4A7C15 + symbol) & WORD
    value = (value + len(ngram)) & WORD
    for multiplier in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value ^= value >> 33
        value = value * multiplier & WORD
    return (value ^ value >> 33) >> 10


def code(end):
    """Return the position code of an n-gram whose last symbol is the ``end``-th, from 1."""
    return sum(bound < end for bound in POSITION_BOUNDS)


def obvious_entries(texts, n):
    occurrences, documents = Counter(), Counter()
    for document, group in zip(texts.documents, texts.groups, strict=True):
        seen = set()
        for i, ngram in enumerate(ngrams(document, n)):
            key = (hashed(ngram) << 10) | (code(i + n) << 6) | group
            occurrences[key] += 1
            documents[key] += ngram not in seen
            seen.add(ngram)
    return occurrences, documents


def obvious_counts(texts, n, length, groups):
    """Return, by hash and folded group, occurrences and documents in the first symbols."""
    occurrences, documents = defaultdict(Counter), defaultdict(Counter)
    for document, group in zip(texts.documents, texts.groups, strict=True):
        found = [hashed(ngram) for ngram in ngrams(document[:length], n)]
        for one in found:
            occurrences[one][group % groups] += 1
        for one in set(found):
            documents[one][group % groups] += 1
    return {"occurrences": occurrences, "documents": documents}


def dense(counts, groups):
    """Return weights as an array, (types, groups), by rising hash."""
    return np.array([[counts[h][g] for g in range(groups)] for h in sorted(counts)], dtype=np.int64)


def same(a, b):
    return (
        a.threshold == b.threshold
        and np.array_equal(a.keys, b.keys)
        and np.array_equal(a.occurrences, b.occurrences)
        and np.array_equal(a.documents, b.documents)
    )


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_counting_equals_a_counter_over_tuples(n):
    texts = made(n)
    table = texts.table(n)
    occurrences, documents = obvious_entries(texts, n)
    assert table.keys.tolist() == sorted(occurrences)
    assert table.occurrences.tolist() == [occurrences[key] for key in sorted(occurrences)]
    assert table.documents.tolist() == [documents[key] for key in sorted(occurrences)]


def test_positions_are_told_apart_up_to_and_beyond_the_last_bound():
    text = tuple(range(1, POSITION_BOUNDS[-1] + 40))
    table = Texts((text,), (63,)).table(2)
    assert table.keys.tolist() == sorted(obvious_entries(Texts((text,), (63,)), 2)[0])
    codes = Counter(((table.keys >> np.uint64(6)) & np.uint64(15)).tolist())
    # Bigrams end at symbol 2 at the earliest: 15 of them within 16.
    bounds = (1, *POSITION_BOUNDS, len(text))
    assert [codes[k] for k in range(16)] == np.diff(bounds).tolist()


def test_order_of_symbols_and_of_the_ngram_count():
    hashes = [hashed(ngram) for ngram in ((1, 2), (2, 1), (1, 2, 0), (0, 1, 2), (3,), (0, 3))]
    tables = [Texts((g,), (0,)).table(len(g)) for g in ((1, 2), (2, 1), (1, 2, 0), (0, 1, 2), (3,))]
    assert len(set(hashes)) == len(hashes)
    assert [int(t.keys[0]) >> 10 for t in tables] == hashes[:5]


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_shards_associate_commute_and_equal_the_whole(seed):
    texts = made(seed)
    rng = np.random.default_rng(seed)
    first, second = sorted(rng.integers(0, 40, 2))
    a, b, c = (
        texts.table(2, part) for part in (slice(first), slice(first, second), slice(second, None))
    )
    assert same(a.plus(b).plus(c), texts.table(2))
    assert same(a.plus(b.plus(c)), texts.table(2))
    assert same(c.plus(a).plus(b), texts.table(2))
    assert same(a.plus(Table.empty()), a)
    assert same(Table.empty().plus(a), a)


def counts_of(occurrences):
    columns = np.array(list(occurrences.values()), dtype=np.uint32)
    return Table(np.array(list(occurrences), dtype=np.uint64), columns, columns)


def test_counts_widen_where_32_bits_would_wrap():
    largest = 2**32 - 1
    below = counts_of({1024: largest - 1, 2048: 5}).plus(counts_of({1024: 1}))
    assert below.occurrences.dtype == np.uint32
    assert below.occurrences.tolist() == [largest, 5]
    above = below.plus(counts_of({1024: 1, 4096: 7}))
    assert above.occurrences.dtype == above.documents.dtype == np.uint64
    assert above.occurrences.tolist() == [2**32, 5, 7]
    again = counts_of({2048: largest}).plus(above)
    assert again.occurrences.tolist() == [2**32, largest + 5, 7]
    assert again.documents.tolist() == [2**32, largest + 5, 7]


def test_widened_sums_associate():
    a, b, c = (counts_of({1024: k, 2048: 2**31 - k}) for k in (2**31, 2**31 - 1, 3))
    left, right = a.plus(b).plus(c), a.plus(b.plus(c))
    assert left.occurrences.tolist() == right.occurrences.tolist() == [2**32 + 2, 2**31 - 2]


@pytest.mark.parametrize("n", [1, 2])
def test_a_threshold_keeps_the_hashes_below_it_and_no_others(n):
    texts = made(7)
    table = texts.table(n)
    for threshold in (ALL_HASHES // 2, ALL_HASHES // 7, int(table.keys[9]) >> 10, 1):
        cut = table.below(threshold)
        kept = [i for i, key in enumerate(table.keys.tolist()) if key >> 10 < threshold]
        assert cut.threshold == threshold
        assert not cut.exact
        assert cut.keys.tolist() == table.keys[kept].tolist()
        assert cut.occurrences.tolist() == table.occurrences[kept].tolist()
        assert cut.documents.tolist() == table.documents[kept].tolist()
    assert same(table.below(ALL_HASHES), table)


def test_sums_of_sampled_tables_keep_what_both_keep():
    texts = made(8)
    a, b = texts.table(1, slice(20)), texts.table(1, slice(20, None))
    low, high = ALL_HASHES // 5, ALL_HASHES // 2
    whole = texts.table(1).below(low)
    assert same(a.below(low).plus(b.below(high)), whole)
    assert same(a.below(high).plus(b.below(low)), whole)
    assert Table.empty().below(low).plus(b).threshold == low


@pytest.fixture(
    params=[(n, length, groups) for n in ORDERS for length in LENGTHS for groups in FOLDS],
    ids=lambda p: f"n={p[0]}-first={p[1]}-groups={p[2]}",
    scope="module",
)
def cut(request):
    n, length, groups = request.param
    texts = made(100 + n)
    section = Section(texts.table(n), length, groups)
    return section, obvious_counts(texts, n, length, groups)


def selections(groups):
    rng = np.random.default_rng(groups)
    some = [g for g in range(groups) if rng.random() < 0.6]
    return list(range(groups)), some, [], [groups - 1]


def cells(array):
    return {tuple(at): int(array[tuple(at)]) for at in np.argwhere(array).tolist()}


def bits(selected):
    return sum(1 << g for g in selected)


def test_sections_hold_the_ngrams_that_end_within_the_length(cut):
    section, counts = cut
    occurrences = counts["occurrences"]
    assert section.hashes.tolist() == sorted(occurrences)
    assert section.masks.tolist() == [bits(occurrences[h]) for h in sorted(occurrences)]
    assert len(section) == len(occurrences)


@pytest.mark.parametrize("weight", ["occurrences", "documents"])
def test_weights_by_group_totals_and_products(cut, weight):
    section, counts = cut
    expected = dense(counts[weight], section.groups)
    found = section.counts(weight)
    array = np.zeros_like(expected)
    for g in range(section.groups):
        inside = slice(found.starts[g], found.starts[g + 1])
        array[found.owner[inside], g] += found.sums[inside]
    assert np.array_equal(array, expected)
    assert section.totals(weight).tolist() == expected.sum(axis=0).tolist()
    assert np.array_equal(section.cross_products(weight), expected.T @ expected)
    for selected in selections(section.groups):
        frequencies = section.frequencies(weight, bits(selected))
        assert frequencies.tolist() == expected[:, selected].sum(axis=1).tolist()


def test_incidence_counts_the_selected_groups_of_each_ngram(cut):
    section, counts = cut
    for selected in selections(section.groups):
        total, within = Counter(), Counter()
        for groups in counts["occurrences"].values():
            held = [g for g in selected if groups[g]]
            total[len(held)] += 1
            within.update((g, len(held)) for g in held)
        found, found_within = section.incidence(bits(selected))
        assert found.tolist() == [total[d] for d in range(section.groups + 1)]
        assert cells(found_within) == within


def test_single_occurrences_count_groups_that_hold_an_ngram_once(cut):
    section, counts = cut
    for selected in selections(section.groups):
        total, within, without = Counter(), Counter(), Counter()
        for groups in counts["occurrences"].values():
            held = [g for g in selected if groups[g]]
            once = [g for g in held if groups[g] == 1]
            total[len(held)] += len(once)
            for g in held:
                within[g, len(held)] += len(once)
                without[g, len(held)] += len(set(once) - {g})
        found = section.single_occurrences(bits(selected))
        assert found[0].tolist() == [total[d] for d in range(section.groups + 1)]
        for array, expected in zip(found[1:], (within, without), strict=True):
            assert cells(array) == {k: v for k, v in expected.items() if v}


@pytest.mark.parametrize("length", [24, None])
@pytest.mark.parametrize("folds", [(64, 64), (16, 8), (8, 8)])
def test_joint_incidence_follows_ngrams_across_corpora(length, folds):
    # Both have one vocabulary, as the seed gives it, and half of the texts in common.
    mine = made(5)
    other = made(5, documents=30, types=30)
    theirs = Texts(mine.documents[20:] + other.documents[:10], other.groups)
    n = 2
    a, b = (
        Section(texts.table(n), length, groups)
        for texts, groups in zip((mine, theirs), folds, strict=True)
    )
    counts_a, counts_b = (
        obvious_counts(texts, n, length, groups)["occurrences"]
        for texts, groups in zip((mine, theirs), folds, strict=True)
    )
    for chosen_a, chosen_b in zip(selections(folds[0])[:2], selections(folds[1])[:2], strict=True):
        total, in_a, in_b, regions = Counter(), Counter(), Counter(), Counter()
        for h, groups in counts_a.items():
            held = {g for g in chosen_a if groups[g]}
            there = {g for g in chosen_b if counts_b.get(h, Counter())[g]}
            if not held:
                continue
            cell = (len(held), len(there))
            total[cell] += 1
            in_a.update((g, *cell) for g in held)
            in_b.update((g, *cell) for g in there)
            regions[len(held - there), len(there - held), len(held & there)] += 1
        joint = a.joint(bits(chosen_a), b, bits(chosen_b))
        found = (joint.total, joint.within_a, joint.within_b)
        for array, expected in zip(found, (total, in_a, in_b), strict=True):
            assert cells(array) == expected
        if folds[0] == folds[1]:
            together = a.regions(bits(chosen_a), b, bits(chosen_b))
            rows = map(tuple, together.triples.tolist())
            assert dict(zip(rows, together.total.tolist(), strict=True)) == regions
        assert any(e for _, e in total), "nothing is shared"


def test_alignment_names_the_same_ngram_in_both():
    a, b = (Section(made(5, types=t).table(1), None, 64) for t in (30, 20))
    at, there, size = a.alignment(b)
    union = sorted({*a.hashes.tolist(), *b.hashes.tolist()})
    assert size == len(union)
    assert [union[i] for i in at] == a.hashes.tolist()
    assert [union[i] for i in there] == b.hashes.tolist()
