"""Loops and copies that were planted in a corpus are in the run, first, counted and in place."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import degrade
from degrade import gathering
from degrade.behind import behind
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import UsageError
from degrade.instances import Asked
from degrade.instances_copied import duplicates
from degrade.options import Options
from degrade.planning import chosen_metrics
from degrade.report import run_file
from degrade.report.html import REPORTER as HTML
from degrade.report.markdown import REPORTER as MARKDOWN
from degrade.report.outline import outline
from degrade.report.terminal import REPORTER as TEXT
from degrade.text.document import Document

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "run-file.schema.json"
METRICS = ("terminal_loops", "repetition_4", "exact_duplicates")
LOOP = "no more of it"


def made(seed, name, count=300, words=60, types=3_000):
    rng = np.random.default_rng(seed)
    drawn = rng.integers(types, size=(count, words))
    return [Document(" ".join(f"w{i}" for i in row), f"{name}{k}") for k, row in enumerate(drawn)]


def with_text(documents, k, text):
    documents[k] = dataclasses.replace(documents[k], text=text)


@pytest.fixture(scope="module")
def corpora():
    """Return a clean reference, and a candidate with three loops and eight copies of two texts."""
    reference, candidate = made(1, "r"), made(2, "c")
    middle = candidate[7].text.split()
    with_text(candidate, 7, " ".join([*middle[:30], *[LOOP] * 9, *middle[30:]]))
    with_text(candidate, 8, candidate[8].text + " ha" * 6)
    with_text(candidate, 9, candidate[9].text + " over and" * 3)
    # Said twice is no loop, nor is a word five times.
    with_text(candidate, 10, f"{candidate[10].text} {LOOP} {LOOP} x" + " ha" * 5)
    for k in range(100, 104):
        with_text(candidate, k, f" {candidate[99].text}\n")
    for k in range(201, 203):
        with_text(candidate, k, candidate[200].text)
    return reference, candidate


def compared(corpora, *metrics, **options):
    run = degrade.compare(*corpora, metrics=metrics or METRICS, workers=1, self_check=0,
                          reproducible=True, **options)  # fmt: skip
    return run, run.comparisons[0].evidence


@pytest.fixture(scope="module")
def run(corpora):
    return compared(corpora)[0]


def evidence(run):
    return run.comparisons[0].evidence


def test_the_longest_loop_comes_first_and_each_turn_is_marked(run, corpora):
    clean, looping = evidence(run).loops
    assert (clean.total, clean.looping, clean.documents, clean.sampled) == (0, 0, 300, False)
    assert (looping.total, looping.looping, looping.documents) == (3, 3, 300)
    first = looping.loops[0]
    assert (first.text, first.words, first.times, first.document) == (LOOP, 4, 9, "c7")
    # As many turns as there is room for, each of them whole.
    marked = [first.context[a:b] for a, b in first.marks]
    assert marked == [LOOP] * 8
    assert first.context in corpora[1][7].text
    assert len(first.context) <= 60 + 120 + 60
    rest = [(each.text, each.words, each.times, each.document) for each in looping.loops[1:]]
    assert rest == [("ha", 1, 6, "c8"), ("over and", 2, 3, "c9")]


def test_the_text_that_most_documents_have_comes_first(run, corpora):
    clean, copied = evidence(run).duplicates
    assert (clean.total, clean.copies, clean.documents, clean.groups) == (0, 0, 300, ())
    assert (copied.total, copied.copies, copied.documents) == (2, 8, 300)
    assert not copied.sampled
    first, second = copied.groups
    assert (first.documents, first.ids) == (5, ("c99", "c100", "c101", "c102", "c103"))
    assert (second.documents, second.ids) == (3, ("c200", "c201", "c202"))
    (opening,) = first.openings
    assert corpora[1][99].text.startswith(opening.text)
    assert opening.marks == ((0, len(opening.text)),)


def test_what_is_nearly_the_same_counts_where_it_is_measured(corpora):
    reference, candidate = corpora
    words = candidate[50].text.split()
    changed = [*candidate, Document(" ".join([*words[:30], "other", *words[31:]]), "near")]
    _, found = compared((reference, changed), "near_duplicates")
    clean, alike = found.duplicates
    assert (clean.total, alike.total, alike.copies) == (0, 3, 10)
    (near,) = [each for each in alike.groups if each.resemblance < 1]
    # 51 of 61 five-word phrases of both together are common.
    assert near.resemblance == pytest.approx(51 / 61)
    assert near.ids == ("c50", "near")
    assert [each.document for each in near.openings] == ["c50", "near"]
    assert found.loops == ()


def test_a_run_with_all_of_it_is_read_back_and_fits_the_schema(run):
    text = run_file.dump(run.record)
    assert run_file.load(text) == run.record
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(json.loads(text))


def test_the_same_corpora_give_the_same_bytes(run, corpora):
    again, _ = compared(corpora)
    assert run_file.dump(again.record) == run_file.dump(run.record)
    assert HTML.render(again.record) == HTML.render(run.record)


def test_what_no_metric_asks_for_is_not_looked_for(corpora):
    _, found = compared(corpora, "types_1")
    assert (found.loops, found.duplicates) == ((), ())


def test_of_clean_text_nothing_is_shown(corpora):
    run, found = compared((corpora[0], made(3, "d")))
    assert [each.total for each in (*found.loops, *found.duplicates)] == [0] * 4
    (section,) = outline(run.record).sections
    assert (section.loops, section.duplicates) == (None, None)
    assert 'data-kind="loops"' not in HTML.render(run.record)
    assert "Loops" not in TEXT.render(run.record) + MARKDOWN.render(run.record)


def test_of_a_profile_the_documents_it_keeps_are_looked_at_and_it_is_said(corpora):
    profiles = [degrade.profile(each, metrics=METRICS, sampled_documents=60, workers=1)
                for each in corpora]  # fmt: skip
    run, found = compared(profiles)
    for each in found.loops:
        assert (each.documents, each.sampled) == (60, True)
    kept = {each.id for each in profiles[1].sample}
    assert {each.document for each in found.loops[1].loops} == kept & {"c7", "c8", "c9"}
    # How many copies there are is known of all documents, whether their text is at hand or not.
    copied = found.duplicates[1]
    assert (copied.copies, copied.documents, copied.sampled) == (8, 300, False)
    for group in copied.groups:
        assert set(group.ids) <= kept
        assert bool(group.ids) == bool(group.openings)
    if found.loops[1].total:
        assert "only a sample was looked at" in outline(run.record).sections[0].loops.note


def test_of_a_profile_that_keeps_all_documents_all_are_looked_at(corpora, run):
    profiles = [degrade.profile(each, metrics=METRICS, workers=1) for each in corpora]
    _, found = compared(profiles)
    assert [each.sampled for each in found.loops] == [False, False]
    assert {each.document for each in found.loops[1].loops} == {"c7", "c8", "c9"}
    assert found.duplicates[1].copies == evidence(run).duplicates[1].copies


def test_without_text_copies_are_counted_and_loops_are_not(corpora):
    profiles = [degrade.profile(each, metrics=METRICS, sampled_documents=0, workers=1)
                for each in corpora]  # fmt: skip
    run, found = compared(profiles)
    assert [(each.documents, each.total) for each in found.loops] == [(0, 0), (0, 0)]
    assert [each.openings for each in found.duplicates[1].groups] == [(), ()]
    (section,) = outline(run.record).sections
    assert section.loops is None
    assert [row.text for row in section.duplicates.rows] == ["(text not at hand)"] * 2


def test_of_a_large_corpus_the_sampled_documents_are_looked_at(corpora, monkeypatch):
    monkeypatch.setattr(gathering, "MOST_READ", 1_000)
    _, found = compared(corpora, sampled_documents=60)
    assert [(each.documents, each.sampled) for each in found.loops] == [(60, True)] * 2
    assert found.duplicates[1].copies == 8


class Counted:
    """Documents, and how often they were begun to be read."""

    def __init__(self, documents):
        self.documents, self.reads = documents, 0

    def __call__(self):
        self.reads += 1
        return iter(self.documents)


@pytest.mark.parametrize(
    ("metrics", "reads"),
    [
        # N-grams are looked up for each candidate, and everything else in the same pass.
        (("jsd_1", "planted_phrases", "rare_loss_1", *METRICS), 2),
        (METRICS, 1),
    ],
)
def test_each_corpus_is_read_once_for_all_that_is_shown(corpora, metrics, reads):
    reference, candidate = corpora
    shifted = [dataclasses.replace(d, text=d.text.replace("w1", "v1")) for d in candidate]
    texts = [Counted(each) for each in (reference, candidate, shifted)]
    profiles = [degrade.profile(each.documents, metrics=metrics, workers=1) for each in texts]
    subjects = [Subject(name, *each) for name, *each in zip("abc", profiles, texts, strict=True)]
    chosen = chosen_metrics(Options(metrics=metrics), None)
    layer = profiles[0].plan.layers[profiles[0].plan.base]
    found = compare_profiles(subjects[0], subjects[1:], chosen, Settings(self_check=0), layer)
    assert texts[0].reads <= reads
    assert [each.reads for each in texts[1:]] == [1, 1]
    for each in found.comparisons:
        assert [loops.corpus for loops in each.evidence.loops] == ["a", each.candidate]
        assert each.evidence.loops[1].total >= 3


def test_where_the_corpora_are_gone_what_the_run_file_holds_is_behind_a_finding(run):
    (loops,) = behind(run.record, "terminal_loops").listings
    assert loops.total == 3
    first = loops.instances[0]
    assert (first.text, first.detail) == (LOOP, "9 times running, 4 words each")
    (place,) = first.occurrences
    assert [place.context[a:b] for a, b in place.marks] == [LOOP] * 8
    (copies,) = behind(run.record, "exact_duplicates", search="nowhere").listings
    name = run.comparisons[0].candidate
    assert copies.title.endswith(f"of 300 documents of {name}, 8 have the same text as another")
    assert (copies.total, copies.instances) == (2, ())
    (copies,) = behind(run.record, "exact_duplicates").listings
    assert copies.instances[0].detail == "5 documents: c99, c100, c101, c102, c103"


def test_where_the_run_file_holds_none_the_corpora_are_asked_for(corpora):
    run, _ = compared((corpora[0], made(3, "d")))
    with pytest.raises(UsageError, match="is not at hand"):
        behind(run.record, "terminal_loops")


def test_documents_without_text_are_no_copies_of_one_another(corpora):
    blank = [*corpora[0], Document(" ", "b1"), Document("\n", "b2")]
    listing = duplicates("x", lambda: blank, Asked())
    assert (listing.total, listing.instances) == (0, ())


def test_hostile_text_in_loops_and_copies_is_shown_and_does_nothing(corpora):
    reference, candidate = corpora
    evil = "<script>alert(1)</script> \x1b[31mred \u202eevil|`*"
    hostile = list(candidate)
    with_text(hostile, 20, f"{evil} " * 5)
    for k in (21, 22):
        with_text(hostile, k, f"{evil} stands here twice")
    run, found = compared((reference, hostile))
    assert {"c20"} < {each.document for each in found.loops[1].loops}
    page = HTML.render(run.record)
    assert page.count("<script") == 1
    for text in (page, TEXT.render(run.record), MARKDOWN.render(run.record)):
        assert "\x1b" not in text
        assert "\u202e" not in text
