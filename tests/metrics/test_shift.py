"""Divergences, characters and punctuation, against scipy, NLTK and the Unicode of Python."""

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import entropy

import degrade
from degrade.errors import UndefinedMetricError
from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade.text.spans import texts_of
from degrade_metrics import characters, shift

ROOT = Path(__file__).resolve().parents[2]


def test_relative_entropy_is_that_of_expected_likelihood_estimates():
    nltk = pytest.importorskip("nltk")
    rng = np.random.default_rng(2)
    types = 200
    counts = np.array([rng.multinomial(900, rng.dirichlet(np.full(types, 0.3))) for _ in range(3)])
    held = np.flatnonzero(counts.any(axis=0))
    assert len(held) < types
    found = shift.relative_entropies(counts)
    estimates = [
        nltk.probability.ELEProbDist(
            nltk.FreqDist({int(t): int(row[t]) for t in held}), bins=len(held)
        )
        for row in counts
    ]
    chances = [[each.prob(int(t)) for t in held] for each in estimates]
    for i in range(3):
        for j in range(3):
            assert found[i, j] == pytest.approx(entropy(chances[i], chances[j]), abs=1e-12)
    assert found[0, 1] != pytest.approx(found[1, 0], rel=1e-3)


def test_a_half_without_words_has_no_relative_entropy():
    with pytest.raises(UndefinedMetricError, match="without words"):
        shift.relative_entropies(np.array([[7, 1], [0, 0]]))


@pytest.fixture(scope="module")
def heldout():
    lines = (ROOT / "sample_corpora/gen0-heldout/part-000.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def changes(reference, candidate, *metrics):
    run = degrade.compare(reference, candidate, metrics=metrics, workers=1, self_check=0)
    return {finding.metric: finding.change for finding in run.findings}


def test_halves_of_one_corpus_show_no_shift(heldout):
    # |excess| <= .002 for one source, where plain divergences are .36 and .58 (n = 2, 3).
    order = np.random.default_rng(1).permutation(len(heldout))
    halves = [[heldout[i] for i in part] for part in np.array_split(order, 2)]
    found = changes(*halves, "jsd_2", "kl_1", "jsd_characters", "punctuation")
    assert abs(found["jsd_2"].value) <= 0.002
    assert abs(found["jsd_characters"].value) <= 0.0002
    for change in found.values():
        assert change.low < 0 < change.high


def test_relative_entropy_tells_a_loss_from_a_gain():
    # Half of the words, all as frequent, are gone. At the 6,400 words of a half, D(narrow || wide)
    # = log 2, and D(wide || narrow) = log(p / q) / 2 - log(2) / 2 = 1.40, with p = 1/400 and q =
    # .5 / 6,600. Of both goes what lies within, (400 + 200) / 2 / 6,400 = .05.
    rng = np.random.default_rng(3)
    words = [f"w{i}" for i in range(400)]
    wide, narrow = (
        [" ".join(rng.choice(words[:types], 80)) for _ in range(200)] for types in (400, 200)
    )
    lost = changes(wide, narrow, "kl_1")["kl_1"].value
    gained = changes(narrow, wide, "kl_1")["kl_1"].value
    assert gained == pytest.approx(np.log(2) - 0.05, abs=0.05)
    assert lost == pytest.approx(1.40 - 0.05, abs=0.05)


def test_another_typography_shifts_characters_and_not_words(heldout):
    flat = [
        text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace(",", "") for text in heldout
    ]
    found = changes(heldout, flat, "jsd_1", "jsd_characters", "punctuation")
    assert found["jsd_characters"].low > 0.002
    assert found["punctuation"].high < -0.2
    assert found["jsd_1"].value < 0.002


TEXTS = (
    "",
    " \t\n\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}",
    "One, two; three\N{EM DASH}four\N{HORIZONTAL ELLIPSIS} \N{LEFT DOUBLE QUOTATION MARK}five?",
    "a+b=c $1 `x` ~ ^ | <tag>",
    "\N{IDEOGRAPHIC FULL STOP}漢字、かな「」 \N{ARABIC QUESTION MARK}",
    "\U0001f600 \U00011047! \U0001da87 \U000e0001 \U00020000.",
    "e\u0301te\u0301 don't",
)


@pytest.mark.kernel
def test_punctuation_is_what_unicode_calls_so():
    texts = [*TEXTS, "".join(map(chr, (*range(1, 0xD800), *range(0xE000, 0x1F000))))]
    data = "".join(texts).encode()
    bounds = np.cumsum([0, *(len(text.encode()) for text in texts)])
    batch = texts_of(np.frombuffer(data, dtype=np.uint8), bounds)
    marks, held = characters.marks_and_characters(
        batch.octets, batch.lanes, bounds, characters._kinds()
    )
    for text, mark, character in zip(texts, marks, held, strict=True):
        assert mark == sum(unicodedata.category(c).startswith("P") for c in text)
        assert character == sum(not c.isspace() for c in text)


def test_above_the_planes_looked_at_nothing_is_punctuation_or_white():
    for code in range(characters._PLANES, 0x110000):
        assert unicodedata.category(chr(code))[0] != "P"
        assert not chr(code).isspace()


def test_punctuation_is_read_off_the_texts_of_a_batch():
    segments = Batch([Document(text) for text in TEXTS[2:4]]).segments(layer("word"))
    marks, held = characters.punctuation(segments, 0)
    assert marks.tolist() == [6, 0]
    assert held.tolist() == [len("One,two;three-four.'five?"), len("a+b=c$1`x`~^|<tag>")]
