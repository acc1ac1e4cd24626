"""Syntax: lemmas and named entities, as a pipeline tells them."""

from __future__ import annotations

from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need

FAMILY = "syntax"
LEMMAS = Need(Census, layer="lemma", n=1)
ENTITIES = Need(Census, layer="entity", n=1)


def _lemma_types(view: View) -> float:
    return view[LEMMAS].expected_types(view.tokens)


def _entity_types(view: View) -> float:
    return view[ENTITIES].expected_types(view.tokens)


def _entity_rate(view: View) -> float:
    return view[ENTITIES].total("occurrences") / view.corpus_tokens


_INSTALL = "--spacy PIPELINE, and pip install 'degrade[spacy]'"
_NAMED = f"a spaCy pipeline with an entity recognizer: {_INSTALL}"
_LEMMATIZED = f"a spaCy pipeline with a lemmatizer: {_INSTALL}"

METRICS = (
    CorpusMetric(
        name="lemma_types",
        title="Lemmas",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(LEMMAS,),
        compute=_lemma_types,
        view="incidence",
        threshold_unit="relative",
        source="Colwell et al. 2012, eq. 17, on lemmas in groups of documents",
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], over lemmas t",
        description="Distinct lemmas expected at the matched size: as types_1, with the forms of a "
        "word counted as one.",
        undefined="no words",
        pitfalls="What a lemmatizer does not know stays as it is, and counts as a lemma.",
        requires=_LEMMATIZED,
        default=False,
    ),
    CorpusMetric(
        name="entity_types",
        title="Different named entities",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(ENTITIES,),
        compute=_entity_types,
        view="incidence",
        threshold_unit="relative",
        source="Colwell et al. 2012, eq. 17, on named entities in groups of documents",
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], over entities t",
        description="Distinct named entities expected at the matched size. It falls when fewer "
        "are named, and when they are always the same: entity_rate tells which.",
        undefined="no named entities",
        pitfalls="An entity is its string: Paris is one whichever Paris is meant, and two "
        "spellings are two. Recognizers make mistakes.",
        requires=_NAMED,
        default=False,
    ),
    CorpusMetric(
        name="entity_rate",
        title="Named entities in text",
        family=FAMILY,
        unit="entities per word",
        scale="log",
        worse="lower",
        needs=(ENTITIES,),
        compute=_entity_rate,
        view="incidence",
        threshold_unit="relative",
        source="relative frequency of named entities",
        formula="named entities / words",
        description="Named entities for each word of text.",
        undefined="no named entities",
        pitfalls="Genres differ more than models do. Recognizers make mistakes.",
        requires=_NAMED,
        default=False,
    ),
)
