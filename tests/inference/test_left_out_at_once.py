"""With every group left out at once, metrics find what they find with one after the other."""

import pickle
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from degrade import registry
from degrade.census.section import Section
from degrade.census.table import ALL_HASHES, Table
from degrade.metric import CorpusMetric, PairMetric
from degrade.summaries import Census
from degrade.testing import check_metric
from degrade.urn import missed, rarity
from degrade.view import Selection, View

AT_ONCE = [
    metric
    for metric in registry.catalogue().metrics.values()
    if isinstance(metric, PairMetric) and metric.compute_each is not None
]
OF_ONE_CORPUS = [
    metric
    for metric in registry.catalogue().metrics.values()
    if isinstance(metric, CorpusMetric) and metric.compute_each is not None
]
GROUPS = 16


def view(metric, seed, *, share=1.0, paired=False, empty=()):
    """Return a corpus of words of a zeta law, in groups of unequal size, some of them ``empty``."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(5, 60, 90)
    bounds = np.cumsum([0, *lengths])
    symbols = (rng.zipf(1.3, bounds[-1]) % 900).astype(np.uint64)
    of = rng.choice([g for g in range(GROUPS) if g not in empty], len(lengths))
    table = (symbols, bounds, of.astype(np.uint8))
    sections = {
        need: Section(Table.count(*table, int(need["n"]), int(share * ALL_HASHES)), None, GROUPS)
        for need in metric.needs
        if need.summary is Census
    }
    sizes = np.bincount(of, lengths, GROUPS).astype(np.int64)
    whole = sum(1 << int(g) for g in np.flatnonzero(sizes))
    return View(sections, 900.0, Selection(sizes, whole), paired=paired)


def test_some_metrics_are_computed_at_once():
    assert {metric.name for metric in AT_ONCE} >= {"rare_loss_1", "rare_loss_2_band_4_7"}
    assert {metric.name for metric in OF_ONE_CORPUS} >= {"types_2", "simpson", "shared_4"}


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize("metric", OF_ONE_CORPUS, ids=lambda metric: metric.name)
def test_of_one_corpus_too_groups_left_out_at_once_are_those_left_out_singly(metric):
    corpus = view(metric, 1, empty=(3,))
    left_out = [None, *(g for g in range(GROUPS) if corpus.selected >> g & 1)]
    singly = [metric.compute(corpus.without(g)) for g in left_out]
    assert list(metric.each(corpus, left_out)) == singly
    assert len(set(singly)) == GROUPS


def shares_by_the_formula(reference, candidate, need, band):
    """Return the shares as they are defined, from how many groups of either side hold n-grams."""
    joint = reference[need].joint_incidence(candidate[need])
    size = reference.fresh_tokens
    here, there = (size * v.groups / v.corpus_tokens for v in (reference, candidate))
    rare = fresh = back = 0.0
    for found in range(band[0], band[1] + 1):
        groups, half = reference.groups, reference.groups / 2
        chance = rarity(groups, groups, half, found)[:, None] * joint
        rare += chance.sum()
        kept = 1 - missed(groups, half, here)
        fresh += (chance[found:].sum(axis=1) * kept[: len(chance) - found]).sum()
        back += (chance @ (1 - missed(candidate.groups, candidate.groups, there))).sum()
    return fresh / rare, back / rare


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize("share", [1.0, 0.5])
@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("metric", AT_ONCE, ids=lambda metric: metric.name)
def test_groups_left_out_at_once_are_those_left_out_singly(metric, paired, share):
    empty = ((), ()) if paired else ((3,), (5, 6))
    reference, candidate = (
        view(metric, seed, share=share, paired=paired, empty=each)
        for seed, each in zip((1, 2), empty, strict=True)
    )
    inside = [[g for g in range(GROUPS) if v.selected >> g & 1] for v in (reference, candidate)]
    left_out = [(None, None)]
    if paired:
        left_out += [(g, g) for g in inside[0]]
    else:
        left_out += [(g, None) for g in inside[0]] + [(None, g) for g in inside[1]]
    singly = [
        metric.compute(reference.without(mine), candidate.without(theirs))
        for mine, theirs in left_out
    ]
    assert list(metric.each(reference, candidate, left_out)) == singly
    assert len(set(singly)) > GROUPS
    if not paired:
        options = metric.compute_each.keywords
        for (mine, theirs), found in zip(left_out, singly, strict=True):
            views = reference.without(mine), candidate.without(theirs)
            expected = shares_by_the_formula(*views, options["need"], options["band"])
            assert found == pytest.approx(expected, rel=1e-12)


def careless(*views_and_left_out, name):
    """Leave out nothing."""
    *views, left_out = views_and_left_out
    return [registry.catalogue().metrics[name].compute(*views)] * len(left_out)


@pytest.mark.parametrize("name", ["rare_loss_1", "types_1"])
def test_what_finds_something_else_at_once_is_caught(name):
    metric = registry.catalogue().metrics[name]
    with pytest.raises(AssertionError, match="by compute_each"):
        check_metric(replace(metric, compute_each=partial(careless, name=name)))


@pytest.mark.parametrize("name", ["rare_loss_1", "types_1"])
def test_another_computation_is_not_replaced_by_the_quick_form_of_the_first(name):
    metric = registry.catalogue().metrics[name]

    def other(*views):
        return metric.compute(*views)

    def quick(*views_and_left_out):
        return metric.compute_each(*views_and_left_out)

    assert metric.compute_each is not None
    assert replace(metric, compute=other).compute_each is None
    assert replace(metric, compute_each=quick).compute_each is quick
    assert replace(metric, compute=other, compute_each=quick).compute_each is quick
    renamed = replace(metric, name="renamed")
    assert renamed.compute_each is metric.compute_each
    assert replace(renamed, compute=other).compute_each is None
    copy = pickle.loads(pickle.dumps(metric))  # noqa: S301
    assert replace(copy, name="renamed").compute_each is not None
