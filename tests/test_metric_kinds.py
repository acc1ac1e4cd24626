"""What a metric may ask for beside censuses and windows."""

from dataclasses import replace

import numpy as np
import pytest

import degrade
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import UndefinedMetricError, UsageError
from degrade.metric import WHOLE, CorpusMetric, DocumentMetric, View
from degrade.options import Options
from degrade.plan import Plan
from degrade.planning import chosen_metrics
from degrade.profiles import Profile
from degrade.registry import layer
from degrade.report.outline import outline
from degrade.summaries import Extent, Need
from degrade.testing import check_metric
from degrade.text.document import Batch, Document

EXTENT = Need(Extent, layer="word")


def _mean_characters(view: View) -> float:
    extent = view.summary(EXTENT)
    documents = int(extent.documents[view.inside].sum())
    if not documents:
        raise UndefinedMetricError("no documents")
    return float(extent.characters[view.inside].sum() / documents)


def _letters_a(segments, window):
    """Return the letters a and all bytes of each document, read off the texts themselves."""
    assert window == WHOLE
    is_a = np.concatenate(([0], np.cumsum(segments.data == ord("a"))))
    return is_a[segments.texts[1:]] - is_a[segments.texts[:-1]], np.diff(segments.texts)


WORDS = {
    "family": "test", "unit": "x", "worse": "either", "threshold_unit": "relative",
    "source": "here", "description": "x", "undefined": "no documents", "scale": "log",
    "formula": "x", "pitfalls": "x",
}  # fmt: skip
CHARACTERS = CorpusMetric(
    name="mean_characters", title="x", needs=(EXTENT,), compute=_mean_characters,
    view="incidence", **WORDS,
)  # fmt: skip
LETTERS = DocumentMetric(
    name="letters_a", title="x", layer="word", windows=(WHOLE,), measure=_letters_a, **WORDS
)


def texts(seed, count=200):
    rng = np.random.default_rng(seed)
    return [
        Document(" ".join(rng.choice(["ba", "be", "aa", "bi"], rng.integers(5, 60))), f"{seed}/{i}")
        for i in range(count)
    ]


def profile(corpus):
    needs = (*CHARACTERS.needs, *LETTERS.needs)
    made = Profile(Plan.of(needs, "word", {"word": layer("word")}, 0))
    made.update(Batch(corpus))
    return made


@pytest.fixture(scope="module")
def findings():
    corpora = texts(1), texts(2)
    subjects = [Subject(n, profile(c)) for n, c in zip("ab", corpora, strict=True)]
    metrics = (CHARACTERS, LETTERS)
    settings = Settings(self_check=0, reference_role="heldout")
    compared = compare_profiles(subjects[0], subjects[1:], metrics, settings)
    return corpora, {f.metric: f for f in compared.comparisons[0].findings}


def test_another_summary_is_read_by_group(findings):
    corpora, found = findings
    finding = found["mean_characters"]
    means = [np.mean([len(d.text) for d in corpus]) for corpus in corpora]
    assert finding.reference.value == pytest.approx(means[0])
    assert finding.candidate.value == pytest.approx(means[1])
    # The jackknife leaves groups of documents out: its error is near that of a mean.
    errors = [np.std([len(d.text) for d in c]) / len(c) ** 0.5 / m
              for c, m in zip(corpora, means, strict=True)]  # fmt: skip
    assert finding.error == pytest.approx(np.hypot(*errors), rel=0.35)


def test_whole_documents_are_measured_with_their_texts_at_hand(findings):
    corpora, found = findings
    joined = "".join(d.text for d in corpora[0])
    assert found["letters_a"].reference.value == pytest.approx(joined.count("a") / len(joined))
    assert found["letters_a"].reference.counts["window"] == WHOLE


def test_whole_documents_are_measured_in_layers_that_have_fewer_segments_than_words():
    lines = replace(LETTERS, name="lines", layer="line", measure=_lines)
    profiles = []
    for seed in (1, 2):
        made = Profile(Plan.of(lines.needs, "word", {n: layer(n) for n in ("word", "line")}, 0))
        made.update(Batch(texts(seed)))
        profiles.append(made)
    subjects = [Subject(n, p) for n, p in zip("ab", profiles, strict=True)]
    settings = Settings(self_check=0, reference_role="heldout")
    compared = compare_profiles(subjects[0], subjects[1:], (lines,), settings)
    (finding,) = compared.comparisons[0].findings
    assert (finding.note, finding.reference.value) == (None, 1.0)


def _lines(segments, window):
    ones = np.ones(len(segments.bounds) - 1)
    return np.diff(segments.bounds), ones


@pytest.mark.parametrize("metric", [CHARACTERS, LETTERS], ids=lambda m: m.name)
def test_such_metrics_keep_the_laws(metric):
    check_metric(metric)


def test_what_is_not_default_is_computed_when_asked_for(tmp_path):
    file = tmp_path / "own.py"
    file.write_text(
        "from dataclasses import replace\n"
        "from degrade_metrics.lexical_diversity import METRICS as DIVERSITY\n"
        "(one,) = (m for m in DIVERSITY if m.name == 'distinct_1')\n"
        "METRICS = (replace(one, name='dear', default=False),\n"
        "           replace(one, name='told', tested=False))\n",
        encoding="utf-8",
    )
    for asked, there in (("default", False), ("all", True), ("dear", True)):
        chosen = chosen_metrics(Options(metrics=[asked], plugins=[file]), None)
        assert ("dear" in {m.name for m in chosen}) is there
    corpora = [[d.text for d in texts(seed, 100)] for seed in (1, 2)]
    run = degrade.compare(*corpora, metrics=["told"], plugins=str(file), self_check=0, workers=1)
    (finding,) = run.findings
    assert finding.change is not None
    assert (finding.p, finding.change.low, finding.error) == (None, None, None)


def test_measures_that_set_no_level_give_no_verdict_whatever_the_text():
    corpora = [[d.text for d in texts(seed, 100)] for seed in (1, 2)]
    run = degrade.compare(*corpora, metrics=["mattr"], self_check=0, workers=1)
    assert (run.verdict.level, run.verdict.tokens_needed) == ("inconclusive", None)
    assert run.verdict.headline == "No verdict: none of the measures asked for sets a level."
    shown = outline(run.record)
    assert shown.sections[0].badge == "no verdict"
    assert [each.words for each in shown.sections[0].advice] == [
        "Ask for measures of the verdict too (--metrics primary): only these decide."
    ]


def test_a_comparison_by_no_measure_is_refused():
    with pytest.raises(UsageError, match="no metric to compare by"):
        degrade.compare(["one"], ["two"], metrics=[], self_check=0, workers=1)


def test_what_is_only_reported_is_not_computed_with_groups_left_out():
    asked = []

    def compute(view):
        asked.append(view.left_out)
        return _mean_characters(view)

    subjects = [Subject(n, profile(texts(seed))) for n, seed in (("a", 1), ("b", 2))]
    for tested in (True, False):
        asked.clear()
        metric = replace(CHARACTERS, compute=compute, tested=tested)
        settings = Settings(self_check=0, reference_role="heldout")
        compared = compare_profiles(subjects[0], subjects[1:], (metric,), settings)
        (finding,) = compared.comparisons[0].findings
        assert finding.change is not None
        assert (finding.error is None) is not tested
        assert (set(asked) == {None}) is not tested
