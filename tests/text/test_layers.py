"""What the layers make of texts."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from degrade.errors import UsageError
from degrade.text import layers
from degrade.text.document import Batch, Document
from degrade.text.layers import LAYERS, built_in, hash_text

# Without compiling, numpy's scalars warn where hashes are meant to wrap.
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(st.sampled_from("aZ9'. \n\r\t_éß中あ\u0301\u200d\u3000\x00!🙂🇩"), max_size=60),
)


def segmented(name, *texts):
    """Return the batch of ``texts``, its segments, and the text of each symbol by document."""
    batch = Batch(Document(text) for text in texts)
    found = batch.segments(built_in(name))
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    raw = batch.data.tobytes()
    tokens = [raw[start:end].decode("utf-8") for start, end in spans]
    return batch, found, [tokens[a:b] for a, b in pairwise(found.bounds.tolist())]


def tokens(name, text):
    return segmented(name, text)[2][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ", []),
        ("x", ["x"]),
        ("\0", []),
        ("a\0b", ["a", "b"]),
        ("Hello, world!", ["Hello", "world"]),
        (
            "It isn't 3.14, but 1,000.5 e.g. U.S.A.",
            ["It", "isn't", "3.14", "but", "1,000.5", "e.g", "U.S.A"],
        ),
        ("'quoted' a' 'b x.", ["quoted", "a", "b", "x"]),
        ("snake_case __init__ ___ _", ["snake_case", "__init__"]),
        ("a:b 1:2 a.1 1.a 1;2 a;b", ["a:b", "1", "2", "a", "1", "1", "a", "1;2", "a", "b"]),
        ("well-known\u00adsoft", ["well", "known\u00adsoft"]),
        ("½ x² Ⅷ ①", ["½", "x", "²", "Ⅷ", "①"]),
        ("🙂 👩\u200d💻 🇩🇪 ©", []),
        (
            "Über Bücherläden, Straßenfüße und Nürnberg's Ä.",
            ["Über", "Bücherläden", "Straßenfüße", "und", "Nürnberg's", "Ä"],
        ),
        ("人人生而自由。1789年", ["人", "人", "生", "而", "自", "由", "1789", "年"]),
        ("漢\U000e0100字々", ["漢\U000e0100", "字", "々"]),
        ("カタカナとひらがな", ["カタカナ", "と", "ひ", "ら", "が", "な"]),
        ("يُولَدُ جميع الناس، أحرارًا.", ["يُولَدُ", "جميع", "الناس", "أحرارًا"]),
        ('שלום צה״ל צה"ל', ["שלום", "צה״ל", 'צה"ל']),
        ("ภาษา", ["ภ", "า", "ษ", "า"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_words(text, expected):
    assert tokens("word", text) == expected


@pytest.mark.parametrize(
    "same", [["ÉCOLE", "École", "école"], ["STRAẞE", "straße"], ["ΣΑΣ", "σας"], ["K", "\u212a"]]
)
def test_words_of_any_case_are_one_symbol(same):
    found = [segmented("word", text)[1].symbols.tolist() for text in same]
    assert [len(symbols) for symbols in found] == [1] * len(same)
    assert len({symbol for (symbol,) in found}) == 1


def test_words_that_simple_folding_keeps_apart_are_two():
    # Full folding would make one of STRASSE and Straße; Python's casefold does.
    assert hash_text("STRASSE") != hash_text("Straße")
    assert hash_text("e\u0301") != hash_text("é")


@settings(deadline=None)
@given(ANY_TEXT)
def test_the_symbol_of_a_word_is_the_hash_of_its_text(text):
    _, found, (words,) = segmented("word", text)
    assert [hash_text(word) for word in words] == found.symbols.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\r\n\r", []),
        ("one", ["one"]),
        (
            "  one \n\ttwo\r\nthree\rfour\n\n\n five\u3000",
            ["one", "two", "three", "four", "five"],
        ),
        ("a\u2028b\x0bc\x85d", ["a\u2028b\x0bc\x85d"]),
        ("\x00", ["\x00"]),
        ("...\n---", ["...", "---"]),
    ],
)
def test_lines(text, expected):
    assert tokens("line", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n \n", []),
        ("one\ntwo\n\nthree", ["one\ntwo", "three"]),
        ("\n\n one \r\n two \r\n \t\r\n three \n", ["one \r\n two", "three"]),
        ("a\rb\r\rc", ["a\rb", "c"]),
    ],
)
def test_paragraphs(text, expected):
    assert tokens("paragraph", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("... ?! -", []),
        ("One. Two!  Three?", ["One.", "Two!", "Three?"]),
        ("It cost 3.50 in the U.S. in May. Yes.", ["It cost 3.50 in the U.S. in May.", "Yes."]),
        ('He said "Go." Then left.', ['He said "Go."', "Then left."]),
        ("A line\nthat goes on.", ["A line", "that goes on."]),
        ("人人生而自由。他们赋有理性!", ["人人生而自由。", "他们赋有理性!"]),
        ("(1) — 2.", ["(1) — 2."]),
        (". 5 ", ["5"]),
    ],
)
def test_sentences(text, expected):
    assert tokens("sentence", text) == expected


def test_characters_are_all_code_points_in_their_case():
    text = "Aa \n\0é中🙂e\u0301"
    _, found, (characters,) = segmented("character", text)
    assert characters == list(text)
    assert len(set(found.symbols.tolist())) == len(set(text))


@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("line", (" a b", "a b\t"), ("a  b", "A b")),
        ("paragraph", ("a b\nc", "a\t\u2003b  c", "a b\r\nc"), ("a bc", "A b c")),
        ("sentence", ("a b. ", " a\u3000 b."), ("ab.", "A b.")),
        ("character", ("a", "a"), ("A", "\u00aa")),
    ],
)
def test_which_differences_count(name, same, other):
    symbols = [segmented(name, text)[1].symbols.tolist() for text in (*same, *other)]
    assert all(len(each) == 1 for each in symbols)
    assert len({each[0] for each in symbols[: len(same)]}) == 1
    assert len({each[0] for each in symbols}) == 1 + len(other)


@pytest.mark.parametrize("name", LAYERS)
@settings(deadline=None, max_examples=60)
@given(texts=st.lists(ANY_TEXT, max_size=6))
@example(texts=["", "", "a", "", "b"])
@example(texts=["a'", "b", "1.", "2", "\r", "\n", "🇩", "🇪", "e", "\u0301", "A.", "b"])
def test_a_document_has_the_same_symbols_in_any_batch(name, texts):
    batch, found, by_document = segmented(name, *texts)
    assert len(found.bounds) == len(texts) + 1
    assert len(found.symbols) == len(found.starts) == len(found.ends) == found.bounds[-1]
    for i, text in enumerate(texts):
        _, alone, (own,) = segmented(name, text)
        inside = slice(found.bounds[i], found.bounds[i + 1])
        assert found.symbols[inside].tolist() == alone.symbols.tolist()
        assert (found.starts[inside] - batch.bounds[i]).tolist() == alone.starts.tolist()
        assert by_document[i] == own


@pytest.mark.parametrize("name", LAYERS)
@settings(deadline=None, max_examples=60)
@given(text=ANY_TEXT)
def test_symbols_stand_in_the_text_in_order_and_are_not_empty(name, text):
    _, found, _ = segmented(name, text)
    assert np.all(found.ends > found.starts)
    assert np.all(found.starts[1:] >= found.ends[:-1])
    assert found.symbols.dtype == np.uint64
    assert found.starts.dtype == found.ends.dtype == found.bounds.dtype == np.int64


@pytest.mark.parametrize("name", LAYERS)
def test_a_batch_without_documents_has_no_symbols(name):
    _, found, by_document = segmented(name)
    assert by_document == []
    assert found.bounds.tolist() == [0]
    assert len(found.symbols) == 0


@pytest.mark.parametrize("name", LAYERS)
def test_bytes_after_the_last_document_do_not_matter(name):
    data = np.frombuffer(b"Ein Satz. Noch einerANHANG", dtype=np.uint8)
    short = built_in(name).segment(data[:20], np.array([0, 20]))
    long = built_in(name).segment(data, np.array([0, 20]))
    assert long.symbols.tolist() == short.symbols.tolist()
    assert long.ends.tolist() == short.ends.tolist()


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_survives_pickling(name):
    layer = built_in(name)
    copy = pickle.loads(pickle.dumps(layer))  # noqa: S301
    assert copy == layer
    assert (copy.name, copy.version) == (name, layer.version)


def test_the_version_names_the_unicode_it_goes_by():
    assert built_in("word").version == "1 (Unicode 15.0.0)"


@pytest.mark.parametrize("name", LAYERS)
def test_entry_points_are_factories_of_the_layer(name):
    assert getattr(layers, name)("").name == name
    with pytest.raises(UsageError, match=f"{name}:de.*takes nothing"):
        getattr(layers, name)("de")


def test_an_unknown_layer_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="no built-in layer 'words'; there are word, character"):
        built_in("words")
