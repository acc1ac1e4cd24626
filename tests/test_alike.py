"""Documents that are almost copies: found whatever the order, and as alike as they are."""

import numpy as np
import pytest

from degrade.auditing.alike import ALIKE, Alike
from degrade.auditing.copies import digests
from degrade.auditing.signatures import _FACTORS, _SALTS, BANDS, HASHES, N, signatures
from degrade.text.document import GROUPS
from degrade.text.hashing import A, D, E

WORDS = 204
"""Words of a document, which hold 200 phrases of five."""


def varied(rng, text, changed):
    """Return ``text`` with its last words changed, and its resemblance to what it was."""
    other = text.copy()
    if changed:
        other[-changed:] = words(rng, changed)
    return other, (200 - changed) / (200 + changed)


def words(rng, count):
    return rng.integers(0, 2**63, count).astype(np.uint64)


def entered(alike, texts, places, cells):
    symbols = np.concatenate(texts)
    bounds = np.concatenate(([0], np.cumsum([len(text) for text in texts])))
    with np.errstate(over="ignore"):
        signed, same = signatures(symbols, bounds), digests(symbols, bounds)
    return alike.add(signed, same, np.array(places), np.array(cells))


@pytest.mark.parametrize(("changed", "resemblance"), [(5, 0.95), (10, 0.9), (22, 0.8), (67, 0.5)])
def test_signatures_tell_resemblance_as_min_hash_does(changed, resemblance):
    rng = np.random.default_rng(changed)
    agreeing, common = [], []
    for _ in range(300):
        one = words(rng, WORDS)
        two, true = varied(rng, one, changed)
        with np.errstate(over="ignore"):
            signed = signatures(np.concatenate((one, two)), np.array([0, WORDS, 2 * WORDS]))
        apart = np.unpackbits((signed.bits[0] ^ signed.bits[1]).view(np.uint8)).sum()
        agreeing.append(1 - 2 * apart / HASHES)
        common.append((signed.bands[0] == signed.bands[1]).any())
    assert true == pytest.approx(resemblance, abs=0.005)
    # A bit agrees with chance (1 + J) / 2, a band with J**4; four errors of the means of 300.
    error = 2 * np.sqrt((1 + true) / 2 * (1 - true) / 2 / HASHES)
    assert np.mean(agreeing) == pytest.approx(true, abs=0.01 + 4 * error / np.sqrt(300))
    assert np.std(agreeing) == pytest.approx(error, rel=0.25)
    chance = 1 - (1 - true**4) ** BANDS
    assert np.mean(common) == pytest.approx(chance, abs=4 * np.sqrt(0.25 / 300))


def made(rng, pairs, alone):
    """Return texts of which some are almost a copy of another, with a cell of each."""
    texts = []
    for i in range(pairs):
        one = words(rng, WORDS)
        texts += [one, varied(rng, one, 1 + i % 5)[0]]
    texts += [words(rng, WORDS) for _ in range(alone)]
    return texts, rng.integers(0, 2 * GROUPS, len(texts))


@pytest.mark.parametrize("capacity", [1 << 14, 1 << 12])
def test_documents_alike_are_counted_whatever_their_order(capacity):
    rng = np.random.default_rng(1)
    texts, cells = made(rng, 1_500, 3_500)
    counts = []
    for _ in range(2):
        alike = Alike(capacity)
        order = rng.permutation(len(texts))
        for part in np.array_split(order, 20):
            entered(alike, [texts[i] for i in part], part, cells[part])
        counts.append((alike.halvings, *(each.tolist() for each in alike.counts())))
    assert counts[0] == counts[1]
    found, looked = alike.counts()
    share = found.sum() / looked.sum()
    if capacity == 1 << 14:
        assert alike.halvings == 0
        assert looked.ravel().tolist() == np.bincount(cells, minlength=2 * GROUPS).tolist()
        # Resemblances from .95 to .99: hardly one is missed, and none is found that is not there.
        assert 0.985 * 3_000 <= found.sum() <= 3_000
    else:
        assert alike.halvings == 1
        assert 0.8 * 3_000 / 6_500 < share <= 3_100 / 6_500


def test_a_document_is_told_with_the_earlier_one_that_it_is_like():
    rng = np.random.default_rng(2)
    texts = [words(rng, WORDS) for _ in range(50)]
    other, resemblance = varied(rng, texts[20], 3)
    likes = entered(Alike(), [*texts, other], [*range(100, 151)], [0] * 51)
    assert likes.places[:-1].tolist() == [-1] * 50
    assert likes.places[-1] == 120
    assert likes.resemblances[-1] == pytest.approx(resemblance, abs=0.08)
    assert likes.resemblances[-1] >= ALIKE


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning")
def test_copies_are_none_but_what_is_like_one_counts_for_all():
    rng = np.random.default_rng(3)
    one, alone = words(rng, WORDS), words(rng, WORDS)
    other, _ = varied(rng, one, 2)
    alike = Alike()
    texts = [one, one, alone, alone, other]
    likes = entered(alike, texts, range(5), [0, 1, 2, 3, 4])
    assert likes.places.tolist() == [-1, -1, -1, -1, 0]
    assert alike.counts()[0].ravel()[:5].tolist() == [1, 1, 0, 0, 1]


def test_many_of_one_template_cost_no_more_than_few():
    rng = np.random.default_rng(4)
    template = words(rng, WORDS)
    texts = [varied(rng, template, 1 + i % 8)[0] for i in range(3_000)]
    alike = Alike()
    likes = entered(alike, texts, range(3_000), [0] * 3_000)
    assert alike.counts()[0].sum() >= 2_990
    assert (likes.places >= 0).sum() >= 2_985


def test_short_documents_are_not_looked_at():
    alike = Alike()
    likes = entered(alike, [words(np.random.default_rng(5), 4)] * 2, [0, 1], [0, 1])
    assert likes.places.tolist() == [-1, -1]
    assert alike.counts()[1].sum() == 0


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning")
def test_a_signature_holds_the_first_phrase_of_each_order():
    rng = np.random.default_rng(6)
    symbols, bounds = words(rng, 17), np.array([0, 3, 9, 17])
    found = signatures(symbols, bounds)
    assert found.keys[0] == 0
    for document in (1, 2):
        phrases = range(int(bounds[document]), int(bounds[document + 1]) - N + 1)
        alone = [signatures(symbols[start : start + N], np.array([0, N])) for start in phrases]
        # Of one phrase the signature is its own place in each order; of several, the least.
        low = np.array([[int(each) for each in least_of(symbols[s : s + N])] for s in phrases])
        assert found.keys[document] in [each.keys[0] for each in alone]
        bits = np.unpackbits(found.bits[document].view(np.uint8), bitorder="little")
        assert bits.tolist() == (low.min(axis=0) & 1).tolist()


def least_of(phrase):
    """Return the place of one phrase in each order, counted with Python's integers."""
    mask, h = (1 << 64) - 1, 0
    for symbol in phrase:
        h = (h + int(symbol)) * int(A) & mask
        h ^= h >> 32
    for shift, factor in ((30, int(D)), (27, int(E))):
        h = (h ^ h >> shift) * factor & mask
    high = (h ^ h >> 31) >> 32
    return [(high ^ int(s)) * int(f) & 0xFFFFFFFF for s, f in zip(_SALTS, _FACTORS, strict=True)]
