"""Gopher's repetition filters against a slow version, and where others count differently."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade_metrics import gopher

METRICS = {m.name: m for m in gopher.METRICS}
overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")

# Table A1 of Rae et al. 2021, and as they are listed among the reference values.
THRESHOLDS = {
    "duplicate_lines": 0.30,
    "duplicate_paragraphs": 0.30,
    "duplicate_line_characters": 0.20,
    "duplicate_paragraph_characters": 0.20,
    **{f"top_{n}gram_characters": t for n, t in ((2, 0.20), (3, 0.18), (4, 0.16))},
    **{
        f"duplicate_{n}gram_characters": t
        for n, t in ((5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10))
    },
}


def measured(texts):
    """Return each metric's numerators and denominators for ``texts``."""
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    return {
        name: metric.measure(batch.segments(layer(metric.layer)), 0)
        for name, metric in METRICS.items()
    }


def repeats(units):
    seen, again = set(), []
    for unit in units:
        if unit in seen:
            again.append(unit)
        seen.add(unit)
    return again


def slow(text):
    """Return numerator and denominator of each fraction, for words of ASCII letters."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    blocks = re.split(r"\n(?:[ \t]*\n)+", "\n".join(line.strip() for line in text.split("\n")))
    paragraphs = [block.strip() for block in blocks if block.strip()]
    found = {}
    for name, units in (("line", lines), ("paragraph", paragraphs)):
        again = repeats(units)
        found[f"duplicate_{name}s"] = len(again), len(units)
        found[f"duplicate_{name}_characters"] = sum(map(len, again)), len(text)
    words = [(m.group().lower(), m.start(), m.end()) for m in re.finditer("[A-Za-zé]+", text)]
    for n in range(2, 11):
        ngrams = [tuple(w for w, *_ in words[i : i + n]) for i in range(len(words) - n + 1)]
        counts = Counter(ngrams)
        if n <= 4:
            name, top = f"top_{n}gram_characters", max(counts, key=counts.get, default=None)
            chosen = [i for i, g in enumerate(ngrams) if g == top and counts[g] > 1]
        else:
            name = f"duplicate_{n}gram_characters"
            chosen = [i for i, g in enumerate(ngrams) if g in ngrams[:i]]
        inside = {c for i in chosen for c in range(words[i][1], words[i + n - 1][2])}
        found[name] = len(inside), len(text)
    return found


PIECES = st.sampled_from(["a", "b", "Bé", "cc", "a b", ", ", "\n", "\n\n", " \n \n", "a b a b a b"])


@pytest.mark.kernel
@overflowing
@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=30).map(" ".join), min_size=1, max_size=4))
def test_fractions_are_those_of_the_slow_version(texts):
    found = measured(texts)
    for i, text in enumerate(texts):
        expected = slow(text)
        for name, (numerator, denominator) in expected.items():
            assert found[name][0][i] == numerator, name
            assert found[name][1][i] == denominator, name
        over = {n for n, (a, b) in expected.items() if b and a / b > THRESHOLDS[n]}
        held = bool(re.search("[A-Za-z]", text))
        assert found["gopher_flagged"][0][i] == bool(over) * held
        assert found["gopher_flagged"][1][i] == held
        for part, names in (("lines", "line|paragraph"), ("top", "top"), ("ngrams", r"\dgram")):
            hit = any(re.search(names, n) and (part == "top") == ("top" in n) for n in over)
            assert found[f"gopher_flagged_{part}"][0][i] == hit * held


def test_characters_count_once_and_as_characters():
    # "né é" stands three times, of 4 characters each; the spaces between them are of none.
    found = measured(["né é né é né é"])
    assert [a[0] for a in found["top_2gram_characters"]] == [12, 14]
    # Overlapping: "a a" stands at every word, and covers 9 characters, not 5 * 3.
    found = measured(["a a a a a"])
    assert [a[0] for a in found["top_2gram_characters"]] == [9, 9]
    # Of ten words said twice, the second ten count, with the spaces between them.
    ten = "one two three four five six seven eight nine ten"
    found = measured([f"{ten} {ten}"])
    assert [a[0] for a in found["duplicate_10gram_characters"]] == [len(ten), 2 * len(ten) + 1]
    assert found["gopher_flagged"][0][0] == 1


def test_a_document_at_its_threshold_is_not_flagged():
    # 3 of 10 lines repeat an earlier one, in .3 of the lines but few of the characters.
    lines = ["a", *(f"line {k} of many words that are all its own {k}" for k in range(6))]
    assert measured(["\n".join([*lines, "a", "a", "a"])])["gopher_flagged_lines"][0][0] == 0
    assert measured(["\n".join([*lines, "a", "a", "a", "a"])])["gopher_flagged_lines"][0][0] == 1


def test_thresholds_are_those_of_the_paper():
    stated = {f"top_{n}gram_characters": t for n, t in gopher.TOP.items()}
    stated |= {f"duplicate_{n}gram_characters": t for n, t in gopher.DUPLICATE.items()}
    assert stated.items() <= THRESHOLDS.items()
    assert (gopher.LINES, gopher.LINE_CHARACTERS) == (0.30, 0.20)


def test_fractions_of_datatrove_where_conventions_agree():
    theirs = pytest.importorskip(
        "datatrove.pipeline.filters.gopher_repetition_filter",
        reason="datatrove is not installed",
        exc_type=ImportError,
    )
    rng = np.random.default_rng(1)
    for _ in range(30):
        # Lines of one space between words, parted by one LF; paragraphs by two.
        lines = [" ".join(rng.choice(["ab", "c", "def"], 3)) for _ in range(20)]
        text = "\n\n".join("\n".join(lines[i : i + 2]) for i in range(0, 20, 2))
        found = measured([text])
        for name, units in (("line", text.replace("\n\n", "\n")), ("paragraph", text)):
            count, characters = theirs.find_duplicates(
                units.split("\n" if name == "line" else "\n\n")
            )
            assert found[f"duplicate_{name}s"][0][0] == count
            assert found[f"duplicate_{name}_characters"][0][0] == characters
        # Top n-grams: where none overlaps another like it, datatrove's are ours.
        words = [f"w{k}" for k in rng.permutation(40)]
        said = [*words, *words[:4], "x", *words[:4]]
        for n in (2, 3, 4):
            top = theirs.find_top_duplicate(theirs.get_n_grams(said, n))
            mine = measured([" ".join(said)])[f"top_{n}gram_characters"][0][0]
            assert mine == top
        # Duplicate n-grams: datatrove leaves out the spaces, n - 1 to an n-gram.
        twice = [*words, *words[:10]]
        for n in (5, 10):
            covered = 10 // n * n
            mine = measured([" ".join(twice)])[f"duplicate_{n}gram_characters"][0][0]
            assert mine == theirs.find_all_duplicate(twice, n) + covered - 1
