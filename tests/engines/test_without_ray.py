"""What the engine for Ray says before a cluster is there, and the tree in which profiles merge."""

from __future__ import annotations

import sys

import pytest
from counted import lines, plan, records

import degrade
from degrade.engines.ray_engine import RayEngine
from degrade.engines.tree import FAN_IN, Branch, Tree
from degrade.errors import EngineError, MissingExtraError, UsageError
from degrade.readers import open_corpus


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(records()))
    with open_corpus(path) as opened:
        yield opened


def test_it_says_how_to_install_what_is_missing(corpus, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[ray\]'"):
        RayEngine().profile_corpus(plan(), corpus)


def test_an_address_without_a_cluster_is_named(corpus):
    pytest.importorskip("ray")
    with pytest.raises(EngineError, match=r"no Ray cluster at 127\.0\.0\.1:9: .*refused"):
        RayEngine(address="127.0.0.1:9").profile_corpus(plan(), corpus)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ray_address": "auto"}, "a Ray address is for the engine 'ray', not 'local'"),
        ({"engine": "ray", "memory": 10**9}, "memory is that of this machine"),
        ({"engine": "rai"}, "no engine 'rai'; did you mean 'ray'"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, said):
    with pytest.raises(UsageError, match=said):
        degrade.profile(["a text"], **options)


@pytest.mark.parametrize("leaves", [1, FAN_IN, FAN_IN + 1, 1_000, 10_000])
def test_every_leaf_comes_into_the_whole_once_and_few_wait(leaves):
    tree, most = Tree(), 0
    for number in range(leaves):
        tree.add(Branch(None, (number,), 1, 10))
        while branches := tree.ready():
            tree.add(Branch.over(None, branches, frozenset()))
        most = max(most, len(tree))
    while len(tree) > 1:
        tree.add(Branch.over(None, tree.lowest(), frozenset()))
    (whole,) = tree.lowest()
    assert sorted(whole.parts) == list(range(leaves))
    assert (whole.documents, whole.characters) == (leaves, 10 * leaves)
    assert most < FAN_IN * 5


def test_what_is_lost_is_in_no_branch():
    branches = [Branch(None, (number,), 1, 10) for number in range(4)]
    assert Branch.over("there", branches, frozenset({1, 3})) == Branch("there", (0, 2), 2, 20, 1)
