"""Invented corpora for the laws: ordinary, varied and hostile ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from degrade.text.document import Document

FEW = 100
"""Documents that just suffice for the 16 groups from which errors are believed."""
_SCRIPTS = (
    "Die Straße führt über den Fluß. Und weiter?\n\nNeuer Absatz.",
    "Мороз и солнце; день чудесный! Ещё ты дремлешь, друг прелестный.",
    "子曰:學而時習之,不亦說乎?有朋自遠方來,不亦樂乎?",
    "吾輩は猫である。名前はまだ無い。ニャーニャー泣いていた。",
    "كل الناس يولدون أحرارا متساوين في الكرامة والحقوق.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता है।",
    "ภาษาไทยเขียนติดกันไม่เว้นวรรค",
    "👩‍👩‍👧 e\u0301te\u0301 \U0001f1e9\U0001f1ea 3.14 don't naïve",
    "\u200b\ufeff \t\r\n",
    "...!?",
    "word",
    "",
)


def ordinary_documents(
    count: int = 400, seed: int = 0, *, clustered: bool = False
) -> list[Document]:
    """Return invented documents of 90 to 320 words, with common and rare words and set phrases."""
    rng = np.random.default_rng(seed)
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er")]
    drawn = rng.integers(0, len(syllables), (3_000, 4))
    words = ["".join(syllables[k] for k in row[: 1 + i % 4]) for i, row in enumerate(drawn)]
    chances = 1 / np.arange(2.0, len(words) + 2)
    # All draws at once: one by one they take seconds.
    ranks = iter(rng.choice(len(words), 1_500 + 120 * count, p=chances / chances.sum()).tolist())
    phrases = [[words[next(ranks)] for _ in range(5)] for _ in range(300)]
    documents = []
    for i in range(count):
        text: list[str] = []
        for which in (300 * rng.random(int(rng.integers(12, 40))) ** 2).astype(int).tolist():
            text += [*(words[next(ranks)] for _ in range(3)), *phrases[which]]
            text[-1] += "." if which % 3 else ".\n"
        cluster = f"cluster {i // 2}" if clustered else ""
        documents.append(Document(" ".join(text), f"document {seed}/{i}", cluster))
    return documents


def varied_documents(seed: int = 0) -> list[Document]:
    """Return documents of several scripts and lengths, empty, repeated and clustered ones."""
    plain = ordinary_documents(40, seed)
    long = Document(" ".join(document.text for document in plain[:8]), f"long {seed}")
    clustered = [
        Document(d.text[:200], f"{d.id} cut", f"cluster {i % 3}") for i, d in enumerate(plain[:9])
    ]
    foreign = [Document(f"{text} {seed}" if i % 2 else text) for i, text in enumerate(_SCRIPTS)]
    same_id = [Document(text, "same id") for text in ("one text", "another text")]
    return [*plain, long, *clustered, *foreign, *same_id, *plain[:3], *foreign[:4], long]


def hostile_corpora() -> dict[str, list[Document]]:
    """Return corpora on which metrics tend to be undefined, by what is wrong with them."""
    rng = np.random.default_rng(0)
    plain = ordinary_documents()[:FEW]
    texts: dict[str, Callable[[int], str]] = {
        "one token a document": lambda _: "word",
        "another token in every document": lambda i: f"word{i}",
        "the same text in every document": lambda _: "a few words, and all of them the same",
        "one word again and again": lambda i: "again " * (60 + i % 7),
        "no word twice": lambda i: " ".join(f"w{i}x{k}" for k in range(60)),
        "only digits": lambda _: " ".join(map(str, rng.integers(0, 10**6, 60))),
        "only punctuation": lambda _: "...! -- ?;",
        "only white space": lambda i: " \n\t\u3000\r\n\n" * (1 + i % 3),
        "only characters without width": lambda _: "\u200b\ufeff\u2060",
        "only symbols": lambda _: "🙂🙂 👩‍👩‍👧 → ∞",
        "only empty texts": lambda _: "",
        "two words a document": lambda i: f"word{i % 9} word{i % 7}",
        "one line again and again": lambda _: "the same line of a few words\n" * 40,
        "no space between words": lambda i: "ภาษาไทยเขียนติดกัน" + "一二三四五六七八九"[i % 9] * 60,
        "one long document among short ones": lambda i: "word" if i else plain[0].text,
        "one document among empty texts": lambda i: "" if i else plain[0].text,
    }
    made = {
        said: [Document(text(i), f"{said} {i}") for i in range(FEW)] for said, text in texts.items()
    }
    # Under their own ids, so that what only counts words finds there what it has seen.
    return {
        **made,
        "no line break": [Document(d.text.replace("\n", " "), d.id) for d in plain],
        "empty lines between all words": [
            Document(d.text.replace(" ", "\n\n"), d.id) for d in plain
        ],
        "one document": plain[:1],
        "two documents": plain[:2],
        "one token": [Document("word")],
        "no document": [],
    }
