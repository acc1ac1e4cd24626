"""Tokenizers of other libraries serve as layers."""

from __future__ import annotations

import pickle
from importlib import metadata, util
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.errors import MissingExtraError, UsageError
from degrade.text import tokenizers
from degrade.text.document import Batch, Document
from degrade.text.layers import hash_text
from degrade.text.tokenizers import nltk, spacy

NLTK = ("destructive", "toktok", "treebank", "tweet", "whitespace", "wordpunct")


def tokens(layer, *texts):
    """Return the tokens of each text, having seen that each has the symbol of its text."""
    batch = Batch(Document(text) for text in texts)
    found = layer.segment(batch.data, batch.bounds)
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    words = [batch.data[start:end].tobytes().decode("utf-8") for start, end in spans]
    assert [hash_text(word) for word in words] == found.symbols.tolist()
    bounds = found.bounds.tolist()
    assert bounds[-1] == len(words)
    return [words[a:b] for a, b in pairwise(bounds)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Don't go, U.K.!", ["Do", "n't", "go", "U.K."]),
        ("de", "Über z.B. Straßen 🙂 (3,5 %)", ["Über", "z.B.", "Straßen", "3,5"]),
        ("fr", "L’école d'été", ["L’", "école", "d'", "été"]),
        ("zh", "人人,a", ["人", "人", "a"]),
        ("xx", "", []),
    ],
)
def test_spacy_tokens(language, text, expected):
    pytest.importorskip("spacy")
    assert tokens(spacy(language), "", text, " \n") == [[], expected, []]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("treebank", 'They "can\'t". End é.', ["They", "ca", "n't", "End", "é"]),
        ("destructive", 'They "can\'t". End é.', ["They", "ca", "n't", "End", "é"]),
        ("toktok", "Über 3.5, ja. Nein.", ["Über", "3.5", "ja", "Nein"]),
        ("tweet", "@me é #tag :-) &amp; https://x.org/a", ["@me", "é", "#tag", "https://x.org/a"]),
        ("whitespace", "a, b. —  c", ["a,", "b.", "c"]),
        ("wordpunct", "don't é3.5", ["don", "t", "é3", "5"]),
    ],
)
def test_nltk_tokens(name, text, expected):
    pytest.importorskip("nltk")
    assert tokens(nltk(name), text, "", text) == [expected, [], expected]


def test_a_batch_without_documents_has_no_tokens():
    pytest.importorskip("nltk")
    assert tokens(nltk("treebank")) == tokens(nltk("wordpunct")) == []


@pytest.mark.parametrize("name", NLTK)
@settings(deadline=None, max_examples=30)
@given(texts=st.lists(st.text(st.sampled_from("aB9'.&;\"`<> \n\t\0éß中\u0301🙂@#:)"), max_size=40)))
def test_nltk_tokens_stand_in_the_text_whatever_that_is(name, texts):
    pytest.importorskip("nltk")
    together = tokens(nltk(name), *texts)
    assert together == [tokens(nltk(name), text)[0] for text in texts]


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40)))
def test_spacy_tokens_stand_in_the_text_whatever_that_is(texts):
    pytest.importorskip("spacy")
    together = tokens(spacy("en"), *texts)
    assert together == [tokens(spacy("en"), text)[0] for text in texts]


@pytest.mark.parametrize(("make", "argument"), [(spacy, "de"), (nltk, "tweet")])
def test_layers_say_who_they_are_and_survive_pickling(make, argument):
    pytest.importorskip(make.__name__)
    layer = pickle.loads(pickle.dumps(make(argument)))  # noqa: S301
    assert layer == make(argument)
    assert layer.name == f"{make.__name__}:{argument}"
    assert metadata.version(make.__name__) in layer.version


@pytest.mark.parametrize("language", ["", "klingon", "../en", "en.lex_attrs"])
def test_an_unknown_language_is_named(language):
    pytest.importorskip("spacy")
    with pytest.raises(UsageError, match=f"no language '{language}'; it knows af, .* de, "):
        spacy(language)


def test_an_unknown_tokenizer_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="no tokenizer 'punkt'.*there are " + ", ".join(NLTK)):
        nltk("punkt")


@pytest.mark.parametrize(("make", "argument"), [(spacy, "de"), (nltk, "tweet")])
def test_a_missing_library_says_how_to_install_it(monkeypatch, make, argument):
    name = make.__name__
    found = util.find_spec
    monkeypatch.setattr(tokenizers, "find_spec", lambda n: None if n == name else found(n))
    with pytest.raises(MissingExtraError, match=rf"pip install 'degrade\[{name}\]'"):
        make(argument)


def test_a_language_that_needs_more_says_what():
    pytest.importorskip("spacy")
    if util.find_spec("sudachipy"):
        pytest.skip("sudachipy is installed")
    with pytest.raises(MissingExtraError, match=r"spacy:ja.*[Ss]udachi"):
        spacy("ja")
