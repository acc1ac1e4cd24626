"""A group left out must be as if its documents had never been read."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest

import degrade
from degrade.census.section import Section
from degrade.census.table import Table
from degrade.summaries import Census, Need
from degrade.view import Selection, View
from degrade_metrics.rare_ngrams import kept

WORDS = Need(Census, layer="word", n=1)
BIGRAMS = Need(Census, layer="word", n=2)
NEEDS = (WORDS, BIGRAMS)


@dataclass(frozen=True)
class Corpus:
    """Documents as lists of small numbers, the group of each, and the number of groups."""

    documents: list[list[int]]
    of: list[int]
    groups: int

    def without(self, group):
        kept = [(d, g) for d, g in zip(self.documents, self.of, strict=True) if g != group]
        return replace(self, documents=[d for d, _ in kept], of=[g for _, g in kept])

    def view(self, tokens, left_out=None, *, paired=False):
        bounds = np.cumsum([0, *map(len, self.documents)])
        symbols = np.array([s for d in self.documents for s in d], dtype=np.uint64)
        groups = np.array(self.of, dtype=np.uint8)
        sections = {
            need: Section(Table.count(symbols, bounds, groups, need["n"]), None, self.groups)
            for need in NEEDS
        }
        sizes = np.zeros(self.groups, dtype=np.int64)
        np.add.at(sizes, self.of, [len(d) for d in self.documents])
        whole = sum(1 << int(g) for g in np.flatnonzero(sizes))
        return View(sections, tokens, Selection(sizes, whole), left_out, paired)


def made(seed, groups=16, documents=50, types=60):
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    lengths = rng.integers(1, 30, documents)
    # Every group but the last is held: an empty one must not count.
    of = [i if i < groups - 1 else int(rng.integers(groups - 1)) for i in range(documents)]
    return Corpus(
        [rng.choice(types, length, p=weights / weights.sum()).tolist() for length in lengths],
        of,
        groups,
    )


TOKENS = 300.0
LEFT_OUT = (0, 3, 7, 14)


@pytest.mark.parametrize("need", NEEDS, ids=["words", "bigrams"])
@pytest.mark.parametrize("group", LEFT_OUT)
def test_single_corpora_read_as_if_the_group_had_never_been(need, group):
    corpus = made(1)
    left, fresh = corpus.view(TOKENS, group), corpus.without(group).view(TOKENS)
    assert left.groups == fresh.groups == 14
    assert left.corpus_tokens == fresh.corpus_tokens
    a, b = left[need], fresh[need]
    # Row 0 counts n-grams of the group alone, which the fresh corpus does not know.
    assert a.incidence()[1:].tolist() == b.incidence()[1:].tolist()
    assert a.drawn(TOKENS) == b.drawn(TOKENS)
    assert a.expected_types(TOKENS) == pytest.approx(b.expected_types(TOKENS), rel=1e-12)
    assert a.expected_hapaxes(TOKENS) == pytest.approx(b.expected_hapaxes(TOKENS), rel=1e-12)
    assert a.expected_occurrences(TOKENS) == b.expected_occurrences(TOKENS)
    assert a.types == b.types
    for weight in ("occurrences", "documents"):
        assert a.total(weight) == b.total(weight)
        assert sorted(a.frequencies(weight)) == sorted(b.frequencies(weight))
        assert a.match_between_groups(weight) == b.match_between_groups(weight)


def test_leaving_a_group_out_changes_what_is_seen():
    corpus = made(1)
    for group in LEFT_OUT:
        assert corpus.view(TOKENS, group)[WORDS].expected_types(TOKENS) != pytest.approx(
            corpus.view(TOKENS)[WORDS].expected_types(TOKENS), rel=1e-6
        )


def held_table(view, other, need):
    """Return the joint incidence of n-grams that are still held, as the rare loss reads it."""
    return view[need].joint_incidence(other[need])[1:].tolist()


def held_regions(view, other, need):
    """Return how many n-grams that are still held have each triple of regions."""
    found = {}
    for triple, count in zip(*view[need].regions(other[need]), strict=True):
        if triple[0] + triple[2]:
            found[tuple(triple)] = found.get(tuple(triple), 0) + int(count)
    return found


@pytest.mark.parametrize("need", NEEDS, ids=["words", "bigrams"])
@pytest.mark.parametrize("group", LEFT_OUT)
def test_joint_incidence_leaves_groups_out_of_either_side_or_both(need, group):
    mine, theirs = made(1), made(2, documents=40)
    a, b = mine.view(TOKENS), theirs.view(TOKENS)
    a_left, b_left = mine.view(TOKENS, group), theirs.view(TOKENS, group)
    a_fresh, b_fresh = (each.without(group).view(TOKENS) for each in (mine, theirs))
    assert held_table(a_left, b, need) == held_table(a_fresh, b, need)
    assert held_table(a, b_left, need) == held_table(a, b_fresh, need)
    assert held_table(a_left, b, need) != held_table(a, b, need)[: a.groups]
    assert held_regions(a_left, b_left, need) == held_regions(a_fresh, b_fresh, need)
    assert held_regions(a_left, b_left, need) != held_regions(a, b, need)


def test_groups_are_left_out_of_both_sides_only_in_pairs():
    a, b = made(1).view(TOKENS, 3)[WORDS], made(2).view(TOKENS, 4)[WORDS]
    with pytest.raises(ValueError, match="only in pairs"):
        a.regions(b)
    with pytest.raises(ValueError, match="see regions"):
        a.joint_incidence(b)


@pytest.mark.parametrize("found", [1, 2, 3])
@pytest.mark.parametrize("group", LEFT_OUT)
def test_rare_loss_reads_as_if_the_group_had_never_been(group, found):
    mine, theirs = made(1), made(2, documents=40)
    # At this size less than .4 of either reference, the size is the same for both.
    tokens = 150.0
    a, b = mine.view(tokens), theirs.view(tokens)
    a_fresh, b_fresh = (each.without(group).view(tokens) for each in (mine, theirs))
    assert a_fresh.selection.tokens * 0.4 > tokens
    left = kept(mine.view(tokens, group), b, WORDS, found)
    assert left == pytest.approx(kept(a_fresh, b, WORDS, found), rel=1e-12)
    there = kept(a, theirs.view(tokens, group), WORDS, found)
    assert there == pytest.approx(kept(a, b_fresh, WORDS, found), rel=1e-12)
    pair = [each.view(tokens, group, paired=True) for each in (mine, theirs)]
    fresh = [each.without(group).view(tokens, paired=True) for each in (mine, theirs)]
    assert kept(*pair, WORDS, found) == pytest.approx(kept(*fresh, WORDS, found), rel=1e-12)


def even(seed, length, types=40, groups=8):
    """Return a corpus of one document of ``length`` symbols a group."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    texts = [rng.choice(types, length, p=weights / weights.sum()).tolist() for _ in range(groups)]
    return Corpus(texts, list(range(groups)), groups)


def brute_kept(reference, candidate, found, drawn, drawn_there):
    """Enumerate every halving, and every draw of groups from the other half and the candidate."""
    mine, theirs = ([set(d) for d in each.documents] for each in (reference, candidate))
    draws_there = list(combinations(range(len(theirs)), drawn_there))
    seen_there = [set().union(*(theirs[g] for g in draw)) for draw in draws_there]
    rare_total = fresh_total = returned_total = 0.0
    for half in combinations(range(len(mine)), len(mine) // 2):
        rest = [g for g in range(len(mine)) if g not in half]
        types = set().union(*(mine[g] for g in half))
        rare = {t for t in types if sum(t in mine[g] for g in half) == found}
        seen = [set().union(*(mine[g] for g in draw)) for draw in combinations(rest, drawn)]
        rare_total += len(rare)
        fresh_total += sum(len(rare & s) for s in seen) / len(seen)
        returned_total += sum(len(rare & s) for s in seen_there) / len(seen_there)
    return fresh_total / rare_total, returned_total / rare_total


@pytest.mark.parametrize("found", [1, 2, 3])
@pytest.mark.parametrize(
    ("length_there", "tokens", "drawn", "drawn_there"), [(20, 30, 3, 1.5), (15, 30, 3, 2)]
)
def test_rare_loss_averages_over_all_halvings(found, length_there, tokens, drawn, drawn_there):
    reference, candidate = even(3, 10), even(4, length_there)
    closed = kept(reference.view(float(tokens)), candidate.view(float(tokens)), WORDS, found)
    if drawn_there == int(drawn_there):
        expected = brute_kept(reference, candidate, found, drawn, drawn_there)
        assert closed == pytest.approx(expected, rel=1e-12)
    else:
        # At a real number of groups the chance lies between those of the whole ones around it.
        ends = [brute_kept(reference, candidate, found, drawn, k)[1] for k in (1, 2)]
        assert ends[0] < closed[1] < ends[1]


def brute_kept_in_pairs(reference, candidate, found, drawn):
    """Enumerate every halving, and every draw of groups of the other half, from both corpora."""
    mine, theirs = ([set(d) for d in each.documents] for each in (reference, candidate))
    rare_total = fresh_total = returned_total = 0.0
    for half in combinations(range(len(mine)), len(mine) // 2):
        rest = [g for g in range(len(mine)) if g not in half]
        types = set().union(*(mine[g] for g in half))
        rare = {t for t in types if sum(t in mine[g] for g in half) == found}
        rare_total += len(rare)
        draws = list(combinations(rest, drawn))
        for draw in draws:
            fresh_total += len(rare & set().union(*(mine[g] for g in draw))) / len(draws)
            returned_total += len(rare & set().union(*(theirs[g] for g in draw))) / len(draws)
    return fresh_total / rare_total, returned_total / rare_total


@pytest.mark.parametrize("found", [1, 2])
@pytest.mark.parametrize(("seed", "tokens", "drawn"), [(4, 30, 3), (7, 20, 2)])
def test_in_pairs_the_candidate_is_seen_in_the_clusters_of_the_fresh_half(
    seed, tokens, drawn, found
):
    reference, candidate = even(3, 10), even(seed, 10)
    views = [each.view(float(tokens), paired=True) for each in (reference, candidate)]
    expected = brute_kept_in_pairs(reference, candidate, found, drawn)
    assert kept(*views, WORDS, found) == pytest.approx(expected, rel=1e-9)


def test_the_same_documents_in_pairs_come_back_as_fresh_ones_do():
    # At any real size: rare ones of a half come back in the other half alone, on both sides.
    corpus = made(8, documents=60)
    for tokens in (100.0, 151.3, 187.0):
        view = corpus.view(tokens, paired=True)
        fresh, back = kept(view, view, BIGRAMS, 1)
        assert back == pytest.approx(fresh, rel=1e-9)


def test_match_between_groups_is_the_chance_of_drawing_alike():
    corpus = made(6, groups=8, documents=20)
    tokens = [(g, s) for d, g in zip(corpus.documents, corpus.of, strict=True) for s in d]
    pairs = [(a, b) for a in tokens for b in tokens if a[0] != b[0]]
    chance = np.mean([a[1] == b[1] for a, b in pairs])
    assert corpus.view(TOKENS)[WORDS].match_between_groups("occurrences") == pytest.approx(chance)
    held = [(g, s) for d, g in zip(corpus.documents, corpus.of, strict=True) for s in set(d)]
    pairs = [(a, b) for a in held for b in held if a[0] != b[0]]
    chance = np.mean([a[1] == b[1] for a, b in pairs])
    assert corpus.view(TOKENS)[WORDS].match_between_groups("documents") == pytest.approx(chance)


def test_a_group_that_holds_nearly_all_text_breaks_no_closed_form():
    rng = np.random.default_rng(3)
    words = [f"w{i}" for i in range(300)]
    texts = [" ".join(rng.choice(words, 40)) for _ in range(300)]
    giant = [*texts, " ".join(rng.choice(words, 60_000))]
    for pair in ((giant, texts), (texts, giant)):
        (comparison,) = degrade.compare(*pair).comparisons
        found = {finding.metric: finding for finding in comparison.findings}
        for n in (1, 2, 3):
            finding = found[f"rare_loss_{n}"]
            assert finding.note is not None or np.isfinite(finding.change.value)
