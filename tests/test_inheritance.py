"""Inherited n-grams: what one generation brings in and the next ones keep, and nothing else."""

import numpy as np
import pytest

import degrade
from degrade.text.document import Document

RARE = ("rare_loss_1", "rare_loss_2", "rare_loss_3")
DOCUMENTS = 400


def made(seed, name, **held):
    """Return documents of random words, each phrase in so many of them, each at a place of its own.

    Phrases are named with _ for a space.
    """
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(5.0, 305)
    drawn = rng.choice(300, (DOCUMENTS, 50), p=chances / chances.sum())
    rows = [[f"w{word}" for word in row] for row in drawn]
    for k, (phrase, documents) in enumerate(held.items()):
        for i in rng.permutation(DOCUMENTS)[:documents]:
            rows[i].insert(5 + 10 * k, phrase.replace("_", " "))
    return [Document(" ".join(row), f"{name}{i}") for i, row in enumerate(rows)]


@pytest.fixture(scope="module")
def run():
    reference = made(1, "r", known_to_all=40)
    generations = (
        made(2, "a", known_to_all=40, amber_lantern_swings=20, only_here_once=30),
        made(3, "b", known_to_all=40, amber_lantern_swings=40, late_comer_stays=25),
        made(4, "c", known_to_all=40, amber_lantern_swings=80, late_comer_stays=25),
    )
    return degrade.compare(reference, *generations, metrics=RARE, workers=1, self_check=0)


def inherited(run, i):
    return {each.ngram: each for each in run.comparisons[i].evidence.inherited.ngrams}


def names(run):
    return [each.name for each in run.record.corpora[1:]]


def test_the_first_generation_inherits_nothing(run):
    assert run.comparisons[0].evidence.inherited is None


def test_what_came_is_told_with_its_generation_and_its_course(run):
    found = inherited(run, 2)["amber lantern swings"]
    assert found.since == names(run)[0]
    assert (found.reference_count, found.counts) == (0, (20, 40, 80))
    assert found.context[found.start : found.end] == "amber lantern swings"
    late = inherited(run, 2)["late comer stays"]
    assert (late.since, late.counts) == (names(run)[1], (25, 25))


def test_only_what_is_kept_is_inherited(run):
    assert set(inherited(run, 1)) == {"amber lantern swings"}
    assert set(inherited(run, 2)) == {"amber lantern swings", "late comer stays"}


def test_totals_count_parts_and_growth_is_of_shares(run):
    second, third = (run.comparisons[i].evidence.inherited for i in (1, 2))
    # Two pairs of words and the three of each.
    assert (second.total, second.grown) == (3, 3)
    assert (third.total, third.grown) == (6, 3)
    assert third.generations == tuple(names(run))
    assert third.documents == (DOCUMENTS,) * 4


def test_the_order_of_generations_decides(run):
    # What comes and goes and comes again is inherited from nothing but its last coming.
    there, away = made(2, "a", comes_and_goes=30), made(3, "b")
    again, stays = made(4, "c", comes_and_goes=30), made(5, "d", comes_and_goes=30)
    turned = degrade.compare(
        made(1, "r"), there, away, again, stays, metrics=RARE, workers=1, self_check=0
    )
    assert inherited(turned, 1) == inherited(turned, 2) == {}
    assert inherited(turned, 3)["comes and goes"].since == turned.record.corpora[3].name


def test_generations_of_one_source_hand_nothing_down():
    fresh = [made(seed, f"s{seed}-") for seed in range(10, 14)]
    run = degrade.compare(*fresh, metrics=RARE, workers=1, self_check=0)
    assert [run.comparisons[i].evidence.inherited.total for i in (1, 2)] == [0, 0]


def test_documents_of_two_clusters_do_not_hand_down():
    def clustered(seed, name):
        documents = made(seed, name, of_one_author=40)
        return [
            Document(each.text, each.id, f"author {i % 2}" if "author" in each.text else "")
            for i, each in enumerate(documents)
        ]

    run = degrade.compare(
        made(1, "r"), clustered(2, "a"), clustered(3, "b"), metrics=RARE, workers=1, self_check=0
    )
    assert run.comparisons[1].evidence.inherited.total == 0
