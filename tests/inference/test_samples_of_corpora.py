"""The sample corpora at a sixteenth of their n-grams."""

from pathlib import Path

import numpy as np
import pytest
from made_samples import rehashed, sampled

import degrade

CORPORA = Path(__file__).resolve().parents[2] / "sample_corpora"
NAMES = ("gen0-heldout", "gen0", "gen1", "gen3", "gen5")
LOST = ["moderate", "severe", "severe"]
QUIET = {"metrics": ["primary"], "self_check": 0}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def profiles():
    return [degrade.profile(CORPORA / name, metrics=["primary"], workers=1) for name in NAMES]


def levels(profiles):
    return [each.verdict.level for each in degrade.compare(*profiles, **QUIET).comparisons]


def test_levels_are_those_of_all_ngrams(profiles):
    rng = np.random.default_rng(1)
    key = rng.bit_generator.state
    cut = []
    for each in profiles:
        rng.bit_generator.state = key
        cut.append(sampled(rehashed(each, rng), 1 / 16, levels=[0], orders=(2, 3)))
    assert levels(cut) == levels(profiles) == ["none", *LOST]


def test_what_lost_something_is_found_and_what_did_not_is_not_accused(profiles):
    # The part of these corpora in which all words were counted is too small for a test of Simpson.
    cut = [sampled(each, 1 / 16, levels=[0], orders=(1, 2, 3)) for each in profiles]
    assert levels(cut) == ["inconclusive", *LOST]
