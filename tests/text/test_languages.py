"""Languages are told by script and by frequent words, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest

from degrade import registry
from degrade.summaries import Mix, Need
from degrade.summaries.mix import EDITION
from degrade.text.document import Batch, Document
from degrade.text.frequent_words import (
    MOST_WORDS,
    WORDS,
    has_words,
    hits_of,
    looked_up,
    vocabulary,
)
from degrade.text.languages import LANGUAGES
from degrade.text.layers import hash_text

# Article 1 of the Universal Declaration of Human Rights (of Danish, Norwegian and Arabic, 1 to 3),
# which the United Nations let anyone copy.
DECLARATION = json.loads(
    (Path(__file__).parents[1] / "data" / "declaration.json").read_text(encoding="utf-8")
)


def told(*texts: str, layer: str = "word") -> list[str]:
    """Return the language of each text."""
    layers = {"word": registry.layer(layer)}
    found = []
    for text in texts:
        mix = Mix(Need(Mix, layer="word", edition=EDITION))
        mix.update(Batch([Document(text, "one")]), layers)
        (number,) = np.flatnonzero(mix.documents.any(axis=1))
        found.append(LANGUAGES[number])
    return found


@pytest.mark.parametrize("language", DECLARATION)
def test_the_declaration_is_told_in_its_language(language):
    assert set(told(*DECLARATION[language])) == {language}


def test_every_language_but_the_rarest_is_tried():
    assert set(LANGUAGES) - set(DECLARATION) == {"unknown", "Odia", "Telugu"}
    assert len(LANGUAGES) == len({*LANGUAGES})


def test_decomposed_letters_and_capitals_do_not_hide_a_language():
    for language in ("French", "Vietnamese", "German"):
        (text,) = DECLARATION[language]
        assert told(normalize("NFD", text), text.upper()) == [language, language]


@pytest.mark.parametrize(
    "text",
    ["", "...", "the", "1 2 3 4 5 6", "def f(x): return x + 1", "word " * 40, "Hello, Bob"],
)
def test_what_has_no_frequent_words_is_unknown(text):
    assert told(text) == ["unknown"]


def test_a_language_must_lead_and_its_words_be_frequent():
    # Of both tables: de and en are in the Dutch and Spanish ones, and others.
    assert told("de en de en de en de en de en") == ["unknown"]
    few = "the of and " + "zzz " * 27
    assert told(few) == ["English"]
    assert told(few + "zzz") == ["unknown"]


def test_scripts_decide_only_for_more_than_half_of_the_letters():
    assert told("ελληνικά abc") == ["Greek"]
    assert told("ελλην abcdefghij") == ["unknown"]
    assert told("日本語のテキスト", "中文文本") == ["Japanese", "Chinese"]


@pytest.mark.parametrize(
    ("layer", "whole"),
    [
        ("word", True),
        ("spacy:de", True),
        ("nltk:treebank", True),
        ("nltk:wordpunct", True),
        ("character", False),
    ],
)
def test_words_are_looked_up_if_the_layer_has_them(layer, whole):
    if ":" in layer:
        pytest.importorskip(layer.partition(":")[0])
    assert has_words(registry.layer(layer)) is whole
    (german,), (greek,) = DECLARATION["German"], DECLARATION["Greek"]
    expected = "German" if whole else "unknown"
    assert told(german, greek, layer=layer) == [expected, "Greek"]


class Tags:
    """A layer whose symbols are no words: one of two tags, by length."""

    name, version = "tags", "1"

    def segment(self, data, bounds):
        found = registry.layer("word").segment(data, bounds)
        tags = ((found.ends - found.starts) % 2 + 1).astype(np.uint64)
        return type(found)(tags, found.bounds, found.starts, found.ends)


def test_the_symbols_of_other_layers_are_not_taken_for_words():
    assert not has_words(Tags())


@pytest.mark.kernel
# Hashes wrap around, of which Python warns where nothing is compiled.
@pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning")
def test_the_kernel_finds_the_words_that_a_dictionary_finds():
    rng = np.random.default_rng(6)
    words = [*vocabulary(), *(f"w{i}" for i in range(400))]
    drawn = [rng.choice(words, size).tolist() for size in (0, 1, 5, 60, MOST_WORDS, 129, 300, 700)]
    symbols = np.array([hash_text(w) for d in drawn for w in d], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, drawn)])
    found = hits_of(symbols, bounds)
    sizes = looked_up(np.array([len(d) for d in drawn]))
    tables = [
        {normalize(form, word) for word in text.split() for form in ("NFC", "NFD")}
        for text in WORDS.values()
    ]
    for row, size, document in zip(found, sizes, drawn, strict=True):
        step = max(1, -(-len(document) // MOST_WORDS))
        seen = document[::step]
        assert size == len(seen) <= MOST_WORDS
        assert row.tolist() == [sum(word in table for word in seen) for table in tables]
