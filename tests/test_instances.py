"""What is found behind findings, against slow obvious versions and made texts."""

import random

import pytest

import degrade
from degrade.inference.matching import match, side
from degrade.instances import Asked
from degrade.instances_copied import duplicates, near_duplicates
from degrade.instances_counted import Look, once_seen, one_sided, plural, shared
from degrade.instances_read import loops, repeats
from degrade.seeking import located
from degrade.summaries import Census, Need
from degrade.text.document import Batch, Document
from degrade.text.layers import word

LAYER = word("")
NEEDS = {n: Need(Census, layer="word", n=n) for n in (1, 2, 4)}


def documents(seed, count, words):
    rng = random.Random(seed)
    return [Document(" ".join(rng.choices(words, k=40)), id=f"{seed}-{i}") for i in range(count)]


REFERENCE = documents(1, 400, [f"w{i}" for i in range(4_000)])
CANDIDATE = documents(2, 400, [f"w{i}" for i in range(0, 4_400, 2)])


@pytest.fixture(scope="module")
def look():
    metrics = ("types_1", "types_2", "shared_4")
    made = [degrade.profile(each, metrics=metrics) for each in (REFERENCE, CANDIDATE)]
    matching = match(made)
    sides = [side(name, each, matching) for name, each in zip("rc", made, strict=True)]
    return Look((sides[0], sides[1]), (lambda: REFERENCE, lambda: CANDIDATE), LAYER)


def held(texts, n):
    """Return the groups and the documents that hold each n-gram, slowly."""
    found = {}
    for document in texts:
        group = int(Batch([document]).groups[0])
        words = document.text.split()
        for gram in {" ".join(words[i : i + n]) for i in range(len(words) - n + 1)}:
            groups, count = found.setdefault(gram, (set(), [0]))
            groups.add(group)
            count[0] += 1
    return found


@pytest.mark.parametrize("n", [1, 2])
def test_once_seen_and_lost_is_what_a_slow_count_finds(look, n):
    mine, theirs = held(REFERENCE, n), held(CANDIDATE, n)
    once = {g for g, (groups, _) in mine.items() if sum(x % 2 == 0 for x in groups) == 1}
    again = {gram for gram in once if any(x % 2 for x in mine[gram][0])}
    gone = again - theirs.keys()
    assert gone
    (listing,) = once_seen(look, NEEDS[n], Asked(10_000))
    assert {each.text for each in listing.instances} == gone
    assert listing.total == len(gone)
    for each in listing.instances:
        assert (each.reference, each.candidate) == (mine[each.text][1][0], 0)
    said = listing.title
    assert f"Of {len(once):,} {plural(NEEDS[n])}" in said
    assert f"the other half holds {len(again):,}" in said
    assert f"all of c {len(once & theirs.keys()):,}" in said


def test_what_comes_back_most_comes_first(look):
    (listing,) = once_seen(look, NEEDS[1], Asked(10_000))
    fresh = {}
    for document in REFERENCE:
        if Batch([document]).groups[0] % 2:
            for each in set(document.text.split()):
                fresh[each] = fresh.get(each, 0) + 1
    counts = [fresh[each.text] for each in listing.instances]
    assert counts == sorted(counts, reverse=True)


def test_what_only_one_side_has_is_what_a_slow_count_finds(look):
    mine, theirs = held(REFERENCE, 1), held(CANDIDATE, 1)
    lost, gained = one_sided(look, NEEDS[1], Asked(10_000))
    assert {each.text for each in lost.instances} == mine.keys() - theirs.keys()
    assert {each.text for each in gained.instances} == theirs.keys() - mine.keys()
    assert all(each.occurrences[0].corpus == "c" for each in gained.instances)


def test_shared_phrases_are_those_of_most_documents():
    phrase = "the same four words"
    told = [Document(f"{phrase} {d.text}", id=d.id) for d in CANDIDATE]
    made = [degrade.profile(each, metrics=("shared_4",)) for each in (REFERENCE, told)]
    matching = match(made)
    sides = [side(name, each, matching) for name, each in zip("rc", made, strict=True)]
    look = Look((sides[0], sides[1]), (lambda: REFERENCE, lambda: told), LAYER)
    (listing,) = shared(look, NEEDS[4], Asked(3))
    first, *others = listing.instances
    assert (first.text, first.reference, first.candidate) == (phrase, 0, 400)
    assert all(each.candidate < 400 for each in others)


def test_marks_hold_the_text_in_its_context(look):
    for listing in (*one_sided(look, NEEDS[2], Asked(30)), *once_seen(look, NEEDS[2], Asked(30))):
        for each in listing.instances:
            for place in each.occurrences:
                ((start, end),) = place.marks
                assert place.context[start:end] == each.text
                text = {d.id: d.text for d in (*REFERENCE, *CANDIDATE)}[place.document]
                assert place.context in text


def test_a_search_finds_what_holds_it_and_nothing_else(look):
    lost, _ = one_sided(look, NEEDS[1], Asked(10_000, "W12"))
    every, _ = one_sided(look, NEEDS[1], Asked(10_000))
    assert {each.text for each in lost.instances} == {
        each.text for each in every.instances if "w12" in each.text
    }
    assert lost.total == every.total


def test_what_no_document_at_hand_shows_is_counted(look):
    few = Look(look.sides, (lambda: REFERENCE[:5], lambda: []), LAYER)
    lost, gained = one_sided(few, NEEDS[1], Asked(50))
    shown = {each.text for each in lost.instances if each.text}
    assert shown <= set(" ".join(d.text for d in REFERENCE[:5]).split())
    assert lost.unshown == sum(each.text is None for each in lost.instances) > 0
    assert gained.unshown == len(gained.instances)


def test_places_agree_with_the_look_up_of_comparisons(look):
    (listing,) = once_seen(look, NEEDS[2], Asked(1))
    (instance,) = listing.instances
    segments = Batch([Document(instance.text)]).segments(LAYER)
    from degrade.census.kernels import ngram_hashes

    hashed = int(ngram_hashes(segments.symbols, segments.bounds, 2)[0][0])
    place = located({2: {hashed}}, REFERENCE, LAYER)[2, hashed]
    assert place.context == instance.occurrences[0].context


def repeated(text, **asked):
    return repeats("c", lambda: [Document(text, id="d")], LAYER, Asked(**asked))


def test_a_stretch_said_again_is_marked_in_both_places():
    text = "Now we shall see what the end of it is, and then we shall see what comes."
    (instance,) = repeated(text).instances
    assert instance.text == "we shall see what"
    (place,) = instance.occurrences
    assert [place.context[a:b] for a, b in place.marks] == ["we shall see what"] * 2
    assert instance.detail == "4 words, said again after 11"


def test_a_loop_is_marked_turn_by_turn():
    text = "And so it goes on and on. " + "he said to her " * 5 + "at last"
    (instance, *_) = repeated(text).instances
    assert instance.detail == "5 times running, 4 words each"
    (place,) = instance.occurrences
    assert [place.context[a:b] for a, b in place.marks] == ["he said to her"] * 5


def test_what_is_said_again_further_away_is_not_told():
    filler = " ".join(f"x{i}" for i in range(300))
    assert repeated(f"one two three four {filler} one two three four").total == 0
    near = " ".join(f"x{i}" for i in range(150))
    (instance,) = repeated(f"one two three four {near} one two three four").instances
    first, second = instance.occurrences
    assert first.context.startswith("one two three four x0")
    assert second.context.endswith("one two three four")


def test_longer_repeats_come_first_and_all_are_counted():
    texts = [Document("a b c d x y a b c d", id="short"), Document("p q r s t u z p q r s t u")]
    found = repeats("c", lambda: texts, LAYER, Asked(1))
    assert found.total == 2
    assert found.instances[0].text == "p q r s t u"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("well then no more no more no more", "no more"),
        ("a b c a b c a b c", "a b c"),
        ("no more no more", None),
        ("go on go on go on and stop", None),
    ],
)
def test_a_loop_stands_at_the_end_three_times(text, phrase):
    found = loops("c", lambda: [Document(text)], LAYER, Asked())
    assert [each.text for each in found.instances] == ([phrase] if phrase else [])
    if phrase:
        (place,) = found.instances[0].occurrences
        assert [place.context[a:b] for a, b in place.marks] == [phrase] * 3


def test_copies_are_told_with_their_documents():
    texts = [Document("one text", id="a"), Document(" one text\n", id="b"), Document("two", id="c")]
    found = duplicates("c", lambda: texts, Asked())
    assert found.title == "Of 3 documents of c, 2 have the same text as another: one group"
    assert found.instances[0].detail == "2 documents: a, b"


def test_near_copies_are_told_and_others_are_not():
    rng = random.Random(3)
    base = [f"v{i}" for i in range(100)]
    changed = [*base[:50], "other", *base[51:]]
    strange = rng.sample(base, k=100)
    texts = [
        Document(" ".join(words), id=str(i)) for i, words in enumerate((base, strange, changed))
    ]
    found = near_duplicates("c", lambda: texts, LAYER, Asked())
    (instance,) = found.instances
    # 91 of 101 five-word phrases of both together are common.
    assert instance.detail.startswith("2 documents, alike by 0.9")
    assert instance.detail.endswith(": 0, 2")
    assert near_duplicates("c", lambda: texts[:2], LAYER, Asked()).instances == ()
