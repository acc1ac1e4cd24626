"""Layers read off spaCy pipelines: built, trained and saved here."""

from __future__ import annotations

import pickle
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata, util
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from annotated import SENTENCE, folder, saved, spacy, tag, written
from hypothesis import given, settings
from hypothesis import strategies as st

import degrade
from degrade import registry
from degrade.errors import LayerUnavailableError, MissingExtraError, UsageError
from degrade.text import parsing, pipelines, tokenizers
from degrade.text.document import Batch, Document
from degrade.text.layers import hash_text
from degrade.text.tags import tag_octets, tag_symbol
from degrade.text.trees import depths_of, unpacked


def segmented(layer, *texts):
    """Return symbols, and the text under each, of each of ``texts``."""
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    found = batch.segments(layer)
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    words = [batch.data[a:b].tobytes().decode("utf-8") for a, b in spans]
    cut = list(pairwise(found.bounds.tolist()))
    return [(found.symbols[a:b].tolist(), words[a:b]) for a, b in cut]


def layer(kind):
    return registry.layer(f"{kind}:{folder()}")


TEXT = "Über  cats, the\n\ncats é end."


def test_tags_are_those_of_the_pipeline_and_white_space_has_none():
    (symbols, words), empty, (again, _) = segmented(layer("pos"), TEXT, "", TEXT)
    assert words == ["Über", "cats", ",", "the", "cats", "é", "end", "."]
    assert [tag_octets(s).decode() for s in symbols] == [tag(word) for word in words]
    assert empty == ([], [])
    assert again == symbols


def test_lemmas_that_are_words_have_the_symbols_of_words():
    ((symbols, words),) = segmented(layer("lemma"), TEXT)
    assert words == ["Über", "cats", "the", "cats", "é", "end"]
    assert symbols == [hash_text(w) for w in ("über", "cat", "the", "cat", "é", "end")]


def test_entities_stand_where_they_are_in_the_text():
    ((symbols, words),) = segmented(layer("entity"), "the É Paul, paul")
    assert words == ["É", "Paul"]
    assert symbols == [hash_text("é"), hash_text("paul")]


def test_trees_hold_depth_and_distance_and_where_sentences_begin():
    words = [f"a{i}" for i in range(SENTENCE + 3)]
    words[4] = ","
    ((symbols, _),) = segmented(layer("tree"), " ".join(words))
    depths, distances, begins, marks = unpacked(np.array(symbols, dtype=np.uint64))
    assert depths.tolist() == [*range(SENTENCE), 0, 1, 2]
    # From the word after the comma to the comma is one word, the comma counting for none.
    assert distances.tolist() == [0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1]
    assert np.flatnonzero(begins).tolist() == [0, SENTENCE]
    assert np.flatnonzero(marks).tolist() == [4]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_depths_are_the_arcs_to_the_root(drawn):
    heads = np.array([min(head, i) for i, head in enumerate(drawn)])
    for i, depth in enumerate(depths_of(heads)):
        arcs, at = 0, i
        while heads[at] != at:
            arcs, at = arcs + 1, heads[at]
        assert depth == arcs


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9))
def test_tags_of_eight_bytes_can_be_read_back(name):
    octets = name.encode("utf-8")
    if len(octets) <= 8:
        assert tag_octets(tag_symbol(name)) == octets
    assert 0 <= tag_symbol(name) < 2**64


@settings(deadline=None, max_examples=25)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6))
def test_a_document_is_parsed_alike_whatever_stands_beside_it(texts):
    for kind in pipelines.PIPELINE_LAYERS:
        alone = [segmented(layer(kind), text)[0] for text in texts]
        assert segmented(layer(kind), *texts) == alone


def test_a_long_document_is_parsed_in_pieces_and_holds_all_its_tokens(monkeypatch):
    monkeypatch.setattr(parsing, "LONGEST", 40)
    text = "  ".join(f"é{i}" for i in range(60)) + " " + "x" * 90
    ((symbols, words),) = segmented(layer("pos"), text)
    assert words[:60] == [f"é{i}" for i in range(60)]
    assert "".join(words[60:]) == "x" * 90
    assert [tag_octets(s).decode() for s in symbols[:60]] == [tag(f"é{i}") for i in range(60)]


def test_layers_and_ladder_share_one_parse(monkeypatch):
    parse = parsing._parse
    seen = []
    monkeypatch.setattr(parsing, "_parse", lambda p, text: seen.append(text) or parse(p, text))
    documents = written(1, 40)
    batch = Batch(documents)
    for kind in pipelines.PIPELINE_LAYERS:
        for k in (0, 1, 2):
            batch.level(k).segments(layer(kind))
    assert sorted(seen) == sorted(d.text.encode() for d in documents)


def test_threads_do_not_get_into_one_anothers_way():
    batches = [Batch(written(seed, 12)) for seed in range(6)]
    for made in (layer("lemma"), tokenizers.spacy("en")):
        alone = [made.segment(b.data, b.bounds).symbols.tolist() for b in batches]
        with ThreadPoolExecutor(4) as pool:
            for _ in range(3):
                found = pool.map(lambda b, of=made: of.segment(b.data, b.bounds).symbols, batches)
                assert [symbols.tolist() for symbols in found] == alone


def test_a_layer_says_which_pipeline_it_is_wherever_that_lies(tmp_path):
    made = layer("pos")
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301
    assert made.name == "pos:en_look"
    assert metadata.version("spacy") in made.version
    assert "en_look 1.2.3" in made.version
    shutil.copytree(folder(), tmp_path / "copy")
    moved = registry.layer(f"pos:{tmp_path / 'copy'}")
    assert (moved.name, moved.version) == (made.name, made.version)
    (tmp_path / "copy" / "more").write_text("another")
    parsing.open_pipeline.cache_clear()
    assert registry.layer(f"pos:{tmp_path / 'copy'}").version != made.version


def test_the_tokenizer_of_a_pipeline_is_a_tokenizer_too():
    nlp = spacy.blank("en", meta={"name": "slashes", "version": "2.0.0"})
    nlp.tokenizer.infix_finditer = re.compile("/").finditer
    path = Path(mkdtemp(prefix="degrade-test-")) / "pipeline"
    nlp.to_disk(path)
    made = registry.layer(f"spacy:{path}")
    assert made.name == "spacy:en_slashes"
    assert "en_slashes 2.0.0" in made.version
    ((symbols, words),) = segmented(made, "Either/or, and-so")
    assert words == ["Either", "or", "and-so"]
    assert symbols == [hash_text(word) for word in words]
    reference, candidate = written(7, 100), written(8, 100)
    saved_profile = degrade.profile(reference, layer=f"spacy:{path}", metrics=["types_1"])
    asked = {"metrics": ["types_1"], "self_check": 0, "workers": 1}
    with pytest.raises(UsageError, match="no language 'en_slashes'"):
        degrade.compare(saved_profile, candidate, **asked)
    run = degrade.compare(saved_profile, candidate, layer=f"spacy:{path}", **asked)
    assert run.record.settings["tokenizer"].startswith("spacy:en_slashes 1 (en_slashes 2.0.0")


def test_a_layer_without_a_pipeline_says_how_to_name_one():
    with pytest.raises(LayerUnavailableError, match=r"pos, .* take a spaCy pipeline.*--spacy en_c"):
        registry.layer("pos")


def test_an_unknown_pipeline_is_not_looked_for_anywhere_else():
    with pytest.raises(UsageError, match=r"no pipeline 'en_nowhere'.*spacy download en_nowhere"):
        registry.layer("tree:en_nowhere")


def test_a_pipeline_that_gives_too_little_is_told_what_it_lacks():
    blank = saved("sentencizer", language="de")
    wanted = {"pos": "parts of speech", "lemma": "lemmas", "tree": "trees", "entity": "entities"}
    for kind, what in wanted.items():
        with pytest.raises(LayerUnavailableError, match=rf"de_look gives no .*{what}.*sentencizer"):
            registry.layer(f"{kind}:{blank}")


def test_without_spacy_it_is_told_how_to_install_it(monkeypatch):
    found = util.find_spec
    monkeypatch.setattr(pipelines, "find_spec", lambda n: None if n == "spacy" else found(n))
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[spacy\]'"):
        registry.layer("pos:en_core_web_sm")


def test_a_trained_pipeline_serves_as_it_is(tmp_path):
    """Learn two sentences by heart, and find their tags, trees and names again."""
    from spacy.training import Example

    nlp = spacy.blank("en", meta={"name": "tiny"})
    said = [
        ("Paul sees the dog", ["NNP", "VBZ", "DT", "NN"], [1, 1, 3, 1], (0, 4)),
        ("the cat likes Anna", ["DT", "NN", "VBZ", "NNP"], [1, 2, 2, 2], (14, 18)),
    ]
    nlp.add_pipe("tagger")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    nlp.add_pipe("ner")
    examples = [
        Example.from_dict(
            nlp.make_doc(text),
            {
                "tags": tags,
                "heads": heads,
                "deps": ["ROOT" if h == i else "dep" for i, h in enumerate(heads)],
                "entities": [(*name, "PERSON")],
            },
        )
        for text, tags, heads, name in said
    ]
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(25):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(tmp_path / "tiny")
    texts = [text for text, *_ in said]
    of = {k: registry.layer(f"{k}:{tmp_path / 'tiny'}") for k in ("pos", "tree", "entity")}
    tags = segmented(of["pos"], *texts)
    assert [[tag_octets(s).decode() for s in symbols] for symbols, _ in tags] == [
        tags for _, tags, _, _ in said
    ]
    assert [words for _, words in segmented(of["entity"], *texts)] == [["Paul"], ["Anna"]]
    for (symbols, _), (_, _, heads, _) in zip(segmented(of["tree"], *texts), said, strict=True):
        depths, *_ = unpacked(np.array(symbols, dtype=np.uint64))
        assert depths.tolist() == depths_of(np.array(heads)).tolist()
    with pytest.raises(LayerUnavailableError, match="en_tiny gives no lemmas"):
        registry.layer(f"lemma:{tmp_path / 'tiny'}")
