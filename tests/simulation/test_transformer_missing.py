"""Without torch: the other learners work, and this one says what to install."""

import sys

import pytest

from degrade import registry
from degrade.errors import MissingExtraError
from degrade.learners.transformer import transformer


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_what_is_missing_is_told_with_how_to_install_it(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[neural\]'"):
        transformer()


def test_learners_are_listed_without_loading_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    registry.load.cache_clear()
    assert {"ngram", "transformer", "unigram"} <= set(registry.load(registry.LEARNERS).objects)
