"""Metrics of syntax against slow obvious versions and published definitions."""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter

import numpy as np
import pytest
from annotated import SENTENCE, folder, saved, tag, written
from hypothesis import given
from hypothesis import strategies as st

import degrade
from degrade import registry
from degrade.errors import LayerUnavailableError
from degrade.inference.matching import match, side
from degrade.summaries import Excerpts, Need
from degrade.testing import check_metric, check_summary
from degrade.text.layer import Segments
from degrade.text.pipelines import PIPELINE_LAYERS
from degrade.text.tags import tag_symbol
from degrade.text.trees import packed
from degrade_metrics import entities, sentences, syntax

METRICS = {m.name: m for m in (*syntax.METRICS, *sentences.METRICS, *entities.METRICS)}
LAYERS = {kind: registry.layer(kind, folder()) for kind in PIPELINE_LAYERS}
REFERENCE, CANDIDATE = written(1), written(2)
PARSED = [
    m for m in METRICS.values() if {*PIPELINE_LAYERS} & {x for n in m.needs for x in n.layers}
]


@pytest.mark.parametrize("name", METRICS)
def test_metrics_of_syntax_keep_the_laws(name):
    much = name in ("template_rate", "cr_pos", "pos_shared_6")
    many = written(3, 170, 85) if much else written(3, 60, 60)
    check_metric(METRICS[name], LAYERS, many)


@pytest.mark.parametrize(
    "need",
    [
        syntax.SAMPLED,
        Need(Excerpts, layer="word", symbols=900),
        *METRICS["tree_height"].needs,
    ],
    ids=lambda need: need.key,
)
def test_what_they_need_keeps_the_laws(need):
    check_summary(need, LAYERS)


@pytest.fixture(scope="module")
def found():
    run = degrade.compare(
        REFERENCE, CANDIDATE, metrics=["syntax"], spacy=folder(), workers=1, self_check=0
    )
    assert run.record.settings["spacy"] == folder()
    return {finding.metric: finding for finding in run.findings}


def values(found, name):
    return found[name].reference.value, found[name].candidate.value


def words(document):
    return re.findall(r"\w+", document.text)


def test_named_things_are_counted_for_each_word(found):
    for value, corpus in zip(values(found, "entity_rate"), (REFERENCE, CANDIDATE), strict=True):
        every = [word for document in corpus for word in words(document)]
        assert value == pytest.approx(sum(word[0].isupper() for word in every) / len(every))


def test_heights_and_distances_are_those_of_the_trees(found):
    # Sentences are chains of ten words, the last one of a document of what is left.
    for name, numerator in (
        ("tree_height", lambda sentences: sum(n - 1 for n in sentences) / len(sentences)),
        ("dependency_distance", lambda _: 1.0),
    ):
        for value, corpus in zip(values(found, name), (REFERENCE, CANDIDATE), strict=True):
            lengths = [len(words(document)) for document in corpus]
            parts = [min(SENTENCE, n - i) for n in lengths for i in range(0, n, SENTENCE)]
            assert value == pytest.approx(numerator(parts))


def segments(*documents):
    """Return documents of sentences, each of (depths, distances, punctuation or not)."""
    bounds = np.cumsum([0, *(sum(len(s[0]) for s in d) for d in documents)])
    flat = [sentence for document in documents for sentence in document]
    begins = [i == 0 for sentence in flat for i in range(len(sentence[0]))]
    columns = (np.array([x for s in flat for x in s[k]], dtype=np.int64) for k in (0, 1))
    marks = np.array([x for s in flat for x in s[2]], dtype=bool)
    symbols = packed(*columns, np.array(begins, dtype=bool), marks)
    return Segments(symbols, bounds, bounds, bounds)


def test_mean_dependency_distance_of_the_sentence_of_liu():
    # Liu 2008, figure 1: "The student has a book." Heads: student, has, -, book, has: distances
    # 1, 1, -, 1, 2; (1 + 1 + 1 + 2) / (5 - 1) = 1.25.
    liu = ([2, 1, 0, 2, 1, 1], [1, 1, 0, 1, 2, 0], [0, 0, 0, 0, 0, 1])
    sums, arcs = sentences.dependency_distances(segments([liu], [], [liu, liu]), 0)
    assert sums.tolist() == [5, 0, 10]
    assert arcs.tolist() == [4, 0, 8]
    heights, trees = sentences.tree_heights(segments([liu], [], [liu, liu]), 0)
    assert (heights.tolist(), trees.tolist()) == ([2, 0, 4], [1, 0, 2])


def ngrams(tags):
    return [tuple(tags[i : i + syntax.ORDER]) for i in range(len(tags) - syntax.ORDER + 1)]


@given(st.integers(0, 2**32))
def test_the_template_rate_is_that_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.full(5, 0.4))
    documents = [rng.choice(5, rng.integers(6, 30), p=chances).astype(np.uint64) for _ in range(40)]
    held = [ngrams(document.tolist()) for document in documents]
    counts = Counter(gram for one in held for gram in one)
    # Ties at the hundredth place are broken by the bytes of the symbols, as numbers of one byte.
    ranked = sorted(counts, key=lambda gram: (-counts[gram], gram))
    templates = {*ranked[: syntax.TEMPLATES]}
    expected = np.mean([bool(templates & {*one}) for one in held])
    assert syntax.template_rate(documents) == pytest.approx(expected)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=400), st.integers(1, 60))
def test_the_largest_are_those_of_a_sort(frequencies, many):
    found = syntax.largest(np.array(frequencies), many)
    assert found.tolist() == sorted(frequencies)[-many:]


def test_templates_per_token_of_all_text_is_that_of_its_tags():
    profile = degrade.profile(REFERENCE, metrics=["syntax"], spacy=folder(), workers=1)
    metric = METRICS["templates_per_token"]
    found = metric.compute(side("reference", profile, match([profile])).view(metric.needs))
    every = Counter(g for d in REFERENCE for g in ngrams([tag(word) for word in words(d)]))
    top = sum(count for _, count in every.most_common(syntax.TEMPLATES))
    assert found == pytest.approx(top / every.total(), rel=1e-12)


PENN = (
    "TO NNP NNP PRP VBZ RB DT NN . PRP VBP RB VBN PRP VB PRP IN DT JJ NN . IN PRP$ NNS PRP VBZ CC "
    "VBZ DT NN IN PRP$ NN . PRP VBD RB IN PRP VBD DT NN JJ TO VB IN NNP NNP . "
)


def test_the_compression_ratio_is_that_of_the_diversity_package():
    # diversity 0.3.1, compression_ratio([" ".join(tags)], "gzip"): 4.116. It puts what gzip makes
    # through gzip once more, which adds some 30 bytes to 4,076.
    rng = random.Random(0)
    tags = [rng.choice(PENN.split()) for _ in range(5_000)]
    ratio = syntax.compression_ratio(np.array([tag_symbol(name) for name in tags], dtype=np.uint64))
    assert ratio == pytest.approx(4.116, rel=0.01)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    octets = " ".join(tags).encode()
    assert ratio == pytest.approx(len(octets) / len(packer.compress(octets) + packer.flush()))


def test_templates_are_found_where_they_were_planted():
    """Of the candidate's documents, every second one goes through twelve tags again and again."""
    rng = np.random.default_rng(5)
    by_tag = {}
    for k in range(2_000):
        by_tag.setdefault(tag(f"w{k}"), []).append(f"w{k}")
    pattern = [tag(word) for word in words(REFERENCE[0])[:12]]

    def templated():
        return " ".join(rng.choice(by_tag[pattern[i % 12]]) for i in range(90))

    planted = [
        degrade.Document(templated() if i % 2 else document.text, document.id)
        for i, document in enumerate(CANDIDATE)
    ]
    run = degrade.compare(
        REFERENCE, planted, metrics=["syntax"], spacy=folder(), workers=1, self_check=0
    )
    found = {finding.metric: finding for finding in run.findings}
    for name, worse in (
        ("templates_per_token", 1),
        ("template_rate", 1),
        ("cr_pos", 1),
        ("pos_shared_6", 1),
        ("pos_types_6", -1),
    ):
        none = 1.0 if found[name].change.scale == "ratio" else 0.0
        nearer = found[name].change.low if worse > 0 else found[name].change.high
        assert (nearer - none) * worse > 0, name


def test_all_without_a_pipeline_leaves_out_what_needs_one_and_says_so():
    run = degrade.compare(REFERENCE, CANDIDATE, metrics=["all"], workers=1, self_check=0)
    names = {finding.metric for finding in run.findings}
    assert "sentence_length" in names
    assert not names & {metric.name for metric in PARSED}
    (left,) = [warning for warning in run.warnings if warning.code == "metrics-left-out"]
    assert "--spacy" in left.message
    assert {*left.data["metrics"].split(", ")} == {metric.name for metric in PARSED}


def test_all_with_a_pipeline_that_gives_too_little_leaves_out_the_rest():
    tagging = saved("tag_only", name="tags")
    run = degrade.compare(
        REFERENCE, CANDIDATE, metrics=["all"], spacy=str(tagging), workers=1, self_check=0
    )
    names = {finding.metric for finding in run.findings}
    assert {"cr_pos", "pos_types_6"} <= names
    left = [warning for warning in run.warnings if warning.code == "metrics-left-out"]
    said = {name for warning in left for name in warning.data["metrics"].split(", ")}
    assert said == {m.name for m in PARSED} - names
    assert said == {"lemma_types", "tree_height", "dependency_distance", "entity_types",
                    "entity_rate"}  # fmt: skip
    assert any("en_tags gives no dependency trees" in warning.message for warning in left)
    with pytest.raises(LayerUnavailableError, match="en_tags gives no named entities"):
        degrade.compare(REFERENCE, CANDIDATE, metrics=["entity_rate"], spacy=str(tagging))


@pytest.mark.parametrize("asked", ["cr_pos", "syntax", "all,cr_pos"])
def test_asked_for_by_name_they_fail_with_what_to_do(asked):
    with pytest.raises(LayerUnavailableError, match="--spacy en_core_web_sm"):
        degrade.compare(REFERENCE, CANDIDATE, metrics=asked, workers=1)


def test_default_asks_for_no_pipeline():
    assert not any(metric.default for metric in PARSED)
    assert all("--spacy" in metric.requires for metric in PARSED)


def test_saved_profiles_meet_without_their_pipeline_and_new_corpora_with_it(tmp_path):
    asked = {"metrics": ["pos_types_6"], "workers": 1}
    paths = []
    for name, corpus in (("a", REFERENCE), ("b", CANDIDATE)):
        degrade.profile(corpus, spacy=folder(), **asked).save(tmp_path / f"{name}.profile")
        paths.append(tmp_path / f"{name}.profile")
    saved = degrade.compare(*paths, **asked, self_check=0).findings[0]
    live = degrade.compare(paths[0], CANDIDATE, spacy=folder(), **asked, self_check=0).findings[0]
    assert saved.change == live.change
    with pytest.raises(degrade.errors.UsageError, match="no pipeline 'en_look'"):
        degrade.compare(paths[0], CANDIDATE, **asked)


def test_too_few_documents_have_no_template_rate():
    found = degrade.compare(
        REFERENCE[:90], CANDIDATE, metrics=["template_rate"], spacy=folder(), workers=1,
    ).findings  # fmt: skip
    assert found[0].change is None
    assert "fewer than 100 of the documents" in found[0].note
