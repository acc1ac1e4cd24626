"""Symbols are the same for ever, and different for different texts."""

from __future__ import annotations

from itertools import product

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from uax29_reference import look_up

from degrade.text.hashing import decode, encode
from degrade.text.lanes import padded
from degrade.text.layers import hash_text
from degrade.text.spans import texts_of
from degrade.text.symbols import collapsed_symbols, exact_symbols, folded_symbols
from degrade.text.unicode_tables import tables

# Without compiling, numpy's scalars warn where hashes are meant to wrap.
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

COMPILED = not numba.config.DISABLE_JIT
M = (1 << 64) - 1
WHITE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
WHITE += "\u2028\u2029\u202f\u205f\u3000"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def slow_hash(octets):
    """The hash as its documentation has it, in integers without end."""
    h = 0x243F6A8885A308D3
    for i in range(0, len(octets), 8):
        w = int.from_bytes(octets[i : i + 8], "little") * 0x9E3779B97F4A7C15 & M
        w = (w ^ w >> 32) * 0xD6E8FEB86659FD93 & M
        h = (h ^ w) * 0xFF51AFD7ED558CCD & M
        h ^= h >> 32
    h ^= len(octets) * 0x9E3779B97F4A7C15 & M
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9 & M
    h = (h ^ h >> 27) * 0x94D049BB133111EB & M
    return h ^ h >> 31


def slow_fold(text):
    return "".join(chr(ord(c) + look_up_distance(c)) for c in text)


def look_up_distance(character):
    return look_up(tables().folding, ord(character))


def batch(strings):
    """Return the strings side by side for the kernels, with their starts and ends."""
    encoded = [string.encode("utf-8") for string in strings]
    bounds = np.append(0, np.cumsum([len(each) for each in encoded])).astype(np.int64)
    texts = texts_of(np.frombuffer(b"".join(encoded), dtype=np.uint8), bounds)
    return texts, bounds[:-1].copy(), bounds[1:].copy()


def exact(strings):
    texts, starts, ends = batch(strings)
    return exact_symbols(texts.lanes, starts, ends)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("", 0xE9E0033E3BADAF36),
        ("a", 0x7B8612DB1F29A41C),
        ("The", 0xE075D3AB99E692AA),
        ("Straße", 0x7AE4F4CE7931CC43),
        ("\u1e9e\u212a", 0x4A97052807BBAC88),
        ("antidisestablishmentarianism", 0xEA982BC54B8C5DBB),
        ("ÜBERMÄßIGKEITSVORSCHRIFTEN", 0x62194A3EC9F0652C),
    ],
)
def test_symbols_never_change(text, symbol):
    assert hash_text(text) == symbol


@settings(deadline=None)
@given(st.lists(ANY_TEXT, max_size=5))
def test_exact_symbols_are_the_documented_hash(strings):
    assert exact(strings).tolist() == [slow_hash(each.encode("utf-8")) for each in strings]


@settings(deadline=None)
@given(ANY_TEXT)
@example("@[`{\x7fAZaz" * 3)
@example("éÀ" * 9)
@example("\u212aelvin \u1e9e \u2c65\u023a")
def test_a_text_is_folded_before_it_is_hashed(text):
    assert hash_text(text) == slow_hash(slow_fold(text).encode("utf-8"))


@settings(deadline=None)
@given(st.text(st.sampled_from("AZaz@[`{09éß中"), max_size=40), st.integers(0, 9))
def test_the_way_without_tables_folds_ascii_alike(text, shift):
    texts, starts, ends = batch(["x" * shift, text])
    known = tables()
    both = [
        folded_symbols(
            texts.lanes,
            starts,
            ends,
            np.full(2, bits, dtype=np.uint8),
            known.index,
            known.folding,
        ).tolist()
        for bits in (0x00, 0xFF)
    ]
    assert both[0] == both[1]


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab é中\n\t\u2003\x1c"), max_size=40)
    | st.lists(st.sampled_from(["seven a", "a b c d ", "eightful", " ", "é", "\n", "\x7f"])).map(
        "".join
    )
)
def test_white_space_collapses_to_one_space(text):
    collapsed = "".join(
        " " if c in WHITE else c
        for i, c in enumerate(text)
        if c not in WHITE or i == 0 or text[i - 1] not in WHITE
    )
    texts, starts, ends = batch([text])
    known = tables()
    symbols = collapsed_symbols(texts.lanes, starts, ends, known.index, known.words.classes)
    assert symbols.tolist() == [slow_hash(collapsed.encode("utf-8"))]


def test_code_points_survive_decoding_and_encoding():
    for code in [*range(0, 0x3000, 7), 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xFFFF, 0x10000, 0x10FFFF]:
        octets = chr(code).encode("utf-8")
        lane = padded(np.frombuffer(octets + b"\xff", dtype=np.uint8))[1][0]
        assert decode(lane) == (code, len(octets))
        unit, size = encode(np.int64(code))
        assert int(unit).to_bytes(8, "little")[:size] == octets


def test_zeros_at_the_end_tell_texts_apart():
    zeros = ["\0" * n for n in range(40)] + ["a" + "\0" * n for n in range(40)]
    assert len(set(exact(zeros).tolist())) == len(zeros)


SIZE = 100_000 if COMPILED else 1_000
SIDE = range(46 if COMPILED else 10)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Texts that differ in little: where weak hashes collide.
FAMILIES = {
    "numbers": lambda: [str(n) for n in range(SIZE)],
    "long numbers": lambda: [f"{n:040d}" for n in range(SIZE)],
    "bits": lambda: [f"{n:064b}" for n in range(SIZE)],
    "short words": lambda: list(map("".join, product(LETTERS, repeat=4)))[:SIZE],
    # The last byte of a lane, and two bytes of the next one: the hardest to keep apart.
    "lanes": lambda: [
        f"0123456{chr(48 + a)}0123{chr(48 + b)}567{chr(48 + c)}tail"
        for a, b, c in product(SIDE, repeat=3)
    ],
    "ideographs": lambda: [
        chr(0x4E00 + n // 200) + chr(0x4E00 + n % 200) for n in range(SIZE // 10)
    ],
}


@pytest.mark.parametrize("name", FAMILIES)
def test_like_texts_do_not_collide(name):
    family = FAMILIES[name]()
    assert len(set(family)) == len(family)
    symbols = exact(family)
    assert len(np.unique(symbols)) == len(family)
    # 32 bits at either end are enough to tell nearly all apart: 2**17 texts share 2 pairs.
    for half in (symbols >> np.uint64(32), symbols & np.uint64(0xFFFFFFFF)):
        assert len(family) - len(np.unique(half)) <= 12


@pytest.mark.parametrize("length", [2, 5, 8, 11, 24])
def test_each_bit_of_a_text_turns_half_the_bits_of_its_symbol(length):
    rng = np.random.default_rng(length)
    trials = 600 if COMPILED else 20
    base = rng.integers(0, 256, size=(trials, length), dtype=np.uint8)
    ends = np.arange(1, trials + 1) * length
    starts = ends - length
    before = exact_symbols(padded(base.ravel())[1], starts, ends)
    for bit in range(8 * length):
        turned = base.copy()
        turned[:, bit // 8] ^= np.uint8(1 << bit % 8)
        after = exact_symbols(padded(turned.ravel())[1], starts, ends)
        flips = np.unpackbits((before ^ after).view(np.uint8).reshape(trials, 8), axis=1)
        # Five standard deviations of a fair coin, over all and for each bit of the symbol.
        assert abs(flips.mean() - 0.5) < 5 * 0.5 / np.sqrt(64 * trials)
        assert np.abs(flips.mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(trials)
