"""A layer that does not find a corpus's words is told, and one that does is not."""

from __future__ import annotations

import inspect
import unicodedata
from importlib import util
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.text import parsing, pipelines, tokenizers
from degrade.text.document import Document
from degrade.text.frequent_words import WORDS

ROOT = Path(__file__).resolve().parents[2]


def strung(alphabet, seed, name, documents=100, letters=(1, 5), between=""):
    """Return documents of invented words of ``alphabet``, set without spaces if so told."""
    rng = np.random.default_rng((seed, len(alphabet)))
    words = ["".join(rng.choice([*alphabet], int(rng.integers(*letters)))) for _ in range(2_000)]
    chances = 1 / np.arange(2.0, len(words) + 2)
    chances /= chances.sum()
    return [
        Document(between.join(rng.choice(words, 80, p=chances)), f"{name} {i}")
        for i in range(documents)
    ]


def both(alphabet, **given):
    return [strung(alphabet, seed, name, **given) for seed, name in ((1, "a"), (2, "b"))]


def span(first, last):
    return "".join(map(chr, range(first, last)))


THAI, LAO = span(0x0E01, 0x0E2F), "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ"
KHMER, BURMESE = span(0x1780, 0x17A3), span(0x1000, 0x1021)
HAN, KANA = span(0x4E00, 0x5200), span(0x3041, 0x3090)
SPACED = {"between": " ", "letters": (3, 9)}


def written(language, seed):
    rng = np.random.default_rng(seed)
    frequent = WORDS[language].split()
    letters = [*"".join(frequent).replace("'", "")]
    words = ["".join(rng.choice(letters, 7)) for _ in range(500)]
    return [
        Document(" ".join(rng.permutation([*rng.choice(frequent, 40), *rng.choice(words, 40)])),
                 f"{language} {seed} {i}")
        for i in range(100)
    ]  # fmt: skip


def code(seed):
    modules = (tokenizers, parsing, pipelines)
    pieces = [p for m in modules for p in inspect.getsource(m).split("\n\n\n") if len(p) > 60]
    rng = np.random.default_rng(seed)
    return [Document("\n\n\n".join(rng.choice(pieces, 4)), f"{seed} {i}") for i in range(100)]


def told(corpora, **options):
    run = degrade.compare(*corpora, metrics=["types_1"], workers=1, self_check=0, **options)
    return [warning for warning in run.warnings if warning.code == "layer-does-not-fit"]


@pytest.mark.parametrize(
    ("corpora", "cause", "script", "advice"),
    [
        (both(THAI), "parts", "Thai", "--tokenizer spacy:th"),
        (both(LAO), "parts", "Lao", "by spaces beforehand"),
        (both(KHMER), "parts", "Khmer", "--tokenizer character"),
        (both(BURMESE), "parts", "Myanmar", "by spaces beforehand"),
        (both(HAN), "characters", "Han", "spacy:zh_core_web_sm"),
        (both(HAN[:60] + KANA), "characters", "Kana", "--tokenizer spacy:ja"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_scripts_without_spaces_are_told_what_a_word_is(corpora, cause, script, advice):
    (warning,) = told(corpora)
    assert (warning.data["cause"], warning.data["script"]) == (cause, script)
    assert warning.data["share"] == 1.0
    assert advice in warning.message
    assert told(corpora, layer="character") == []


def test_a_fifth_of_the_letters_is_told_and_less_is_not():
    for documents, expected in ((40, 1), (5, 0)):
        mixed = [
            [*english[documents:], *thai[:documents]]
            for english, thai in zip(
                [written("English", seed) for seed in (1, 2)], both(THAI), strict=True
            )
        ]
        assert len(told(mixed)) == expected


def test_of_several_corpora_the_worst_is_named_once():
    reference, candidate = both(THAI)
    mixed = [*reference[:50], *written("English", 1)[:50]]
    (warning,) = told((mixed, candidate))
    assert warning.data["share"] == 1.0


@pytest.mark.parametrize("language", ["English", "German", "Arabic", "Hindi", "Russian", "Finnish"])
def test_words_between_spaces_are_words(language):
    assert told([written(language, seed) for seed in (1, 2)]) == []


POINTED = {
    "Arabic": "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ الْحَمْدُ لِلَّهِ رَبِّ الْعَالَمِينَ مَالِكِ يَوْمِ الدِّينِ إِيَّاكَ نَعْبُدُ وَإِيَّاكَ نَسْتَعِينُ",
    "Hebrew": "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ וְהָאָרֶץ הָיְתָה תֹהוּ וָבֹהוּ וְחֹשֶׁךְ עַל־פְּנֵי תְהוֹם",
    "Hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है",
    "Vietnamese": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền",
    "Thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิต่างมีเหตุผลและมโนธรรม",
}


@pytest.mark.parametrize("language", POINTED)
def test_points_and_vowels_set_apart_make_no_code(language):
    words = unicodedata.normalize("NFD", POINTED[language]).split()
    rng = np.random.default_rng(3)
    corpora = [
        [Document(" ".join(rng.choice(words, 60)) + ".", f"{k} {i}") for i in range(100)]
        for k in "ab"
    ]
    assert "code" not in [warning.data["cause"] for warning in told(corpora)]


def test_korean_and_invented_words_are_words():
    assert told(both(span(0xAC00, 0xAE00), between=" ")) == []
    assert told(both("abcdefghij", **SPACED)) == []


def test_code_is_told_and_markdown_is_not():
    (warning,) = told([code(1), code(2)])
    assert warning.data["cause"] == "code"
    assert 0.5 < warning.data["share"] < 0.68
    assert "no operators, brackets" in warning.message
    assert told([code(1), code(2)], layer="character") == []
    text = (ROOT / "docs/statistics.md").read_text("utf-8").split("\n\n")
    rng = np.random.default_rng(0)
    documents = [Document("\n\n".join(rng.choice(text, 4)), str(i)) for i in range(200)]
    assert told([documents[:100], documents[100:]]) == []


def test_a_tokenizer_by_spaces_leaves_thai_in_one_piece():
    pytest.importorskip("spacy")
    phrased = [
        [Document(" ".join(d.text[i : i + 40] for i in range(0, len(d.text), 40)), d.id) for d in c]
        for c in both(THAI)
    ]
    (warning,) = told(phrased, layer="spacy:en")
    assert warning.data["cause"] == "unspaced"
    assert "letters in one piece" in warning.message
    assert told([written("German", seed) for seed in (1, 2)], layer="spacy:de") == []
    assert told(both(HAN), layer="spacy:zh") == []


def test_thai_words_are_words_to_the_thai_tokenizer():
    pytest.importorskip("spacy")
    if util.find_spec("pythainlp") is None:
        pytest.skip("pythainlp is not installed")
    sentence = "ภาษาไทยเขียนติดกันไม่เว้นวรรคและคนอ่านก็เข้าใจได้ดี"
    found = [[Document(sentence * (2 + i % 3), f"{k} {i}") for i in range(100)] for k in "ab"]
    assert told(found, layer="spacy:th") == []
