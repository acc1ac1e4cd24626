"""The built-in learners against counting by hand, the whole distribution, and closed forms."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from scipy.stats import chisquare

from degrade.errors import DegradeError, UsageError
from degrade.learners.drawing import sample
from degrade.learners.ngram import ngram, unigram
from degrade.learners.successors import Successors, numbered
from degrade.learners.tokens import text_of, tokens_of
from degrade.text.document import Document

WORDS = 5
WEIGHTS = {
    1: np.array([1.0]),
    2: np.array([0.2, 0.8]),
    3: np.array([0.10, 0.35, 0.55]),
    4: np.array([0.05, 0.15, 0.30, 0.50]),
}


@pytest.fixture
def documents():
    rng = np.random.default_rng(1)
    drawn = rng.choice(WORDS, size=(5, 6), p=(0.4, 0.3, 0.15, 0.1, 0.05))
    _, words = numbered([[str(word) for word in document] for document in drawn])
    return words.reshape(5, 6)


def counted(documents, order=3):
    bounds = np.arange(len(documents) + 1) * documents.shape[1]
    return Successors.counted(documents.ravel(), bounds, order)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_counts_are_those_of_ngrams_that_reach_from_no_document_into_the_next(documents, order):
    found = counted(documents, order)
    expected = []
    for n in range(1, order + 1):
        begun = [[found.beginning, *document] for document in documents.tolist()]
        seen = Counter(tuple(document[i : i + n]) for document in begun for i in range(8 - n))
        # That a document begins is no word that could be drawn.
        seen.pop((found.beginning,), None)
        counts = [count for _, count in sorted(seen.items())]
        expected += [*counts, 0] if n == 1 else counts
    assert found.beginning == WORDS
    assert np.diff(found.below).tolist() == expected


def next_word(documents, before, weights, temperature, top_p):
    """Return the interpolated distribution of the word after ``before``, the slow obvious way."""
    documents = [[None, *document] for document in documents]
    before = [None, *before]
    shares, weight = np.zeros(WORDS), 0.0
    for order in reversed(range(len(weights))):
        weight += weights[order]
        context = before[len(before) - order :]
        followers = Counter(
            document[i + order]
            for document in documents
            for i in range(len(document) - order)
            if document[i : i + order] == context and document[i + order] is not None
        )
        if len(before) >= order and followers:
            for word, count in followers.items():
                shares[word] += weight * count / followers.total()
            weight = 0.0
    shares **= 1 / temperature
    shares /= shares.sum()
    # Words are numbered by falling frequency.
    order = sorted(range(WORDS), key=lambda word: (-round(shares[word], 9), word))
    held = 0.0
    for word in order:
        if held >= top_p - 1e-9:
            shares[word] = 0.0
        held += shares[word]
    return shares / shares.sum()


@pytest.mark.parametrize(
    ("temperature", "top_p"), [(1, 1), (0.5, 1), (1.5, 1), (1, 0.8), (1, 0.5), (0.7, 0.8)]
)
@pytest.mark.parametrize("order", [1, 2, 3, pytest.param(4, marks=pytest.mark.kernel)])
def test_documents_are_drawn_with_the_probabilities_of_the_model(
    documents, order, temperature, top_p
):
    weights = WEIGHTS[order]
    listed = documents.tolist()
    expected = []
    for sequence in product(range(WORDS), repeat=4):
        p = 1.0
        for i, word in enumerate(sequence):
            if p > 0:
                p *= next_word(listed, list(sequence[:i]), weights, temperature, top_p)[word]
        expected.append(p)
    runs = 10_000
    found = counted(documents, order)
    tree = found.starts, found.followers, found.below
    lengths = np.full(runs, 4)
    # Of 4,800 (200 seeds, 24 ways to draw), 8 give p below .001; none with this seed.
    rng = np.random.Generator(np.random.PCG64(2))
    drawn = sample(tree, weights, lengths, float(temperature), float(top_p), rng).reshape(runs, 4)
    seen = np.bincount(drawn @ WORDS ** np.arange(4)[::-1], minlength=WORDS**4)
    expected = runs * np.array(expected)
    assert expected.sum() == pytest.approx(runs)
    assert not seen[expected == 0].any()
    often = expected >= 5
    counts, means = [*seen[often]], [*expected[often]]
    if expected[~often].sum() >= 5:
        counts.append(seen[~often].sum())
        means.append(expected[~often].sum())
    means = np.array(means) * sum(counts) / sum(means)
    assert chisquare(counts, means).pvalue > 0.001


@pytest.mark.kernel
@pytest.mark.parametrize("temperature", [0.01, 0.1, 30.0])
def test_extreme_temperatures_have_their_limits(documents, temperature):
    found = counted(documents, 4)
    tree = found.starts, found.followers, found.below
    rng = np.random.Generator(np.random.PCG64(0))
    drawn = sample(tree, WEIGHTS[4], np.full(300, 4), temperature, 0.95, rng).reshape(300, 4)
    if temperature < 1:
        listed = documents.tolist()
        for row in drawn.tolist():
            for i, word in enumerate(row):
                shares = next_word(listed, row[:i], WEIGHTS[4], 1.0, 1.0)
                # Of words that are almost as probable, either may be drawn.
                assert shares[word] >= shares.max() * 0.95 ** (1 if temperature < 0.1 else 6)
    else:
        assert np.bincount(drawn.ravel(), minlength=WORDS).min() > 1200 / WORDS * 0.8


def zipf_documents(seed=0, documents=300, length=100):
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, 5001)
    words = rng.choice(5000, size=(documents, length), p=share / share.sum())
    return [
        Document(" ".join(f"w{word}" for word in row), f"{i:04d}") for i, row in enumerate(words)
    ]


def as_documents(texts):
    return [Document(text, f"{i:04d}") for i, text in enumerate(texts)]


def types(documents):
    return len({word for document in documents for word in document.text.split()})


def expected_types(frequency, generations):
    """Return the types left after each resampling.

    The tokens that descend from one die out as a Poisson branching process of mean 1 does.
    """
    extinct, left = 0.0, []
    for _ in range(generations):
        extinct = np.exp(extinct - 1)
        left.append((1 - extinct**frequency).sum())
    return left


def test_unigrams_lose_types_as_branching_predicts():
    original = zipf_documents()
    frequency = Counter(word for document in original for word in document.text.split())
    expected = expected_types(np.array(list(frequency.values())), 5)
    learner, runs = unigram(), []
    for seed in range(4):
        generation, counts = original, []
        for number in range(5):
            model = learner.train(generation, seed)
            drawn = learner.sample(model, original, 10 * seed + number, 1.0, 1.0)
            generation = as_documents(drawn)
            counts.append(types(generation))
        runs.append(counts)
    assert np.mean(runs, axis=0) == pytest.approx(expected, rel=0.02)


def decoded(temperature, top_p):
    original = zipf_documents(documents=900)
    learner = ngram(3)
    model = learner.train(original, 0)
    texts = learner.sample(model, original, 0, temperature, top_p)
    frequency = Counter(word for text in texts for word in text.split())
    times = np.array(list(frequency.values()))
    return len(times), (times * (times - 1)).sum() / (times.sum() * (times.sum() - 1))


@pytest.mark.parametrize(
    "settings",
    [[(t, 1.0) for t in (1.0, 0.9, 0.8, 0.7, 0.5)], [(1.0, p) for p in (1.0, 0.95, 0.9, 0.8)]],
    ids=["temperature", "top-p"],
)
def test_sharper_decoding_has_fewer_types_and_is_more_concentrated(settings):
    counts, simpson = zip(*(decoded(*each) for each in settings), strict=True)
    assert list(counts) == sorted(counts, reverse=True)
    assert list(simpson) == sorted(simpson)
    assert counts[-1] < 0.95 * counts[0]


def test_a_text_begins_as_texts_begin():
    begun = [Document(f"The{i % 7} {document.text}") for i, document in enumerate(zipf_documents())]
    learner = ngram(4)
    texts = learner.sample(learner.train(begun, 0), begun, 0, 1.0, 1.0)
    first = Counter(text.split()[0][:3] for text in texts)
    # All but the words that stand in no context, which are drawn one in twenty times.
    assert 0.91 < first["The"] / 300 < 0.99


def test_a_text_is_as_long_as_the_one_it_stands_for():
    original = zipf_documents(documents=50)
    original += [Document("one two"), Document("“So,” he said—“no.”")]
    learner = ngram(2)
    texts = learner.sample(learner.train(original, 0), original, 3, 1.0, 1.0)
    lengths = [len(tokens_of(document.text)) for document in original]
    assert [len(tokens_of(text)) for text in texts] == lengths


def test_no_text_is_breaks_between_paragraphs_alone():
    told = [Document("one\n\ntwo\n\nthree\n\nfour"), *[Document(f"w{i}") for i in range(30)]]
    model = ngram().train(told, 0)
    for seed in range(5):
        assert all(text.strip() for text in ngram().sample(model, told, seed, 1.0, 1.0))


def test_a_model_that_draws_breaks_alone_is_told():
    told = [Document("one\n\ntwo\n\nthree"), Document("four")]
    learner = unigram()
    with pytest.raises(DegradeError, match="nothing but breaks between paragraphs where 2 short"):
        learner.sample(learner.train(told, 0), told, 0, 1.0, 0.01)


@pytest.mark.parametrize(
    "text",
    [
        "“It was,” he said—‘don’t go’ (yes!)—the boys’ $5… or 10%.",
        'He said: "No," and "yes"; well-known facts [1].',
        "One paragraph.\n\nAnother one--or none.",
        "Привет, мир! हिन्दी में लिखा है।",
        "¿Qué? L’été, naïve",
        "’Tis $50,000 at 6:30 (’em said ’twas £1.5)—’pon my word. “’Tis in 1812.” ―Yes.",
    ],
)
def test_text_goes_to_tokens_and_back(text):
    assert text_of(tokens_of(text)) == text


def test_numbers_and_words_cut_short_are_whole():
    assert tokens_of("’Tis ‘so’ 1,000.50, 6:30, 7.") == [
        *("’Tis", "‘", "so", "’", "1,000.50", ",", "6:30", ",", "7", ".")
    ]


def test_words_are_never_glued_together():
    rng = np.random.default_rng(0)
    pool = ["a", "b’s", "co-op", "12", "3,5", "’em", *"“”‘’\"'()[]{}.,;:!?—–-/_%$…&", "--", "\n\n"]
    for _ in range(300):
        tokens = [pool[i] for i in rng.integers(len(pool), size=30)]
        again = tokens_of(text_of(tokens))
        words = [token for token in tokens if any(sign.isalnum() for sign in token)]
        assert [token for token in again if any(sign.isalnum() for sign in token)] == words


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"order": 0}, "of order 1 to 8"),
        ({"order": 5}, "give its 5 weights"),
        ({"order": 2, "weights": (1.0,)}, "order 2 takes 2 weights, not 1"),
        ({"order": 2, "weights": (0.5, 0.4)}, "add up to 1, not 0.5, 0.4"),
        ({"order": 2, "weights": (1.0, 0.0)}, "above 0"),
    ],
)
def test_impossible_models_are_refused(given, message):
    with pytest.raises(UsageError, match=message):
        ngram(**given)
